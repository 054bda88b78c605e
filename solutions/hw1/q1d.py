"""Question 1 d: looking into a network."""

from __future__ import annotations

from _words import both

from autograder.problem import Item, Written

UP = Item(
    id="Q1d.1",
    title=both("Up-convolutional visualisation", "نمایش با شبکهٔ up-convolutional"),
    question=both(
        "Explain visualisation with an up-convolutional network: what does it show at shallow, middle and fully connected "
        "layers?",
        "نمایش با شبکهٔ up-convolutional را شرح دهید: در لایه‌های کم‌عمق، میانی و کاملا متصل چه نشان می‌دهد؟",
    ),
    source="Dosovitskiy and Brox 2016, Inverting visual representations with convolutional networks",
    sheet="Reconstructs an image from the extracted features; shows what information each layer keeps.",
)
DECONV = Item(
    id="Q1d.2",
    title=both("Deconvolutional network", "شبکهٔ deconvolutional"),
    question=both(
        "Explain the deconvnet visualisation and its steps.", "نمایش با deconvnet و گام‌های آن را شرح دهید."
    ),
    source="Zeiler and Fergus 2014, Visualizing and understanding convolutional networks",
    sheet="1 up-sampling, 2 deconvolution, 3 filtering",
)
BOTH = Item(
    id="Q1d.3",
    title=both("Comparison of the two", "مقایسهٔ این دو"),
    question=both("When is each useful?", "هر کدام چه زمانی سودمند است؟"),
    sheet="Up-conv: how much of the whole input the network keeps; deconv: interpret parts of neurons",
)

PROBLEMS = [
    Written(
        name="q1d1_text",
        item=UP,
        ask=both("A short explanation.", "توضیحی کوتاه."),
        rubric=(
            (
                1,
                both(
                    "a separate network is trained to reconstruct the image from the features",
                    "شبکهٔ جداگانه‌ای آموزش می‌بیند تا تصویر را از ویژگی‌ها بازسازی کند",
                ),
            ),
            (
                1,
                both(
                    "quality falls with depth; convolution layers keep location, dense ones lose it",
                    "کیفیت با عمق کم می‌شود؛ لایه‌های کانولوشن مکان را نگه می‌دارند و لایه‌های متراکم از دست می‌دهند",
                ),
            ),
            (
                1,
                both(
                    "it shows what the whole layer preserves, not one unit",
                    "نشان می‌دهد کل لایه چه را نگه می‌دارد، نه یک واحد",
                ),
            ),
        ),
        model=both(
            "A decoder is trained to predict the average image with a given feature vector. From early layers the image comes "
            "back almost exactly; higher layers lose position and texture, while colours and the rough layout survive even "
            "in FC8. So it shows what a whole layer preserves.",
            "رمزگشایی آموزش می‌بیند تا میانگین تصویرهایی با یک بردار ویژگی را پیش‌بینی کند. از لایه‌های آغازین تصویر تقریبا کامل "
            "برمی‌گردد؛ لایه‌های بالاتر مکان و بافت را از دست می‌دهند، اما رنگ و چیدمان کلی حتی در FC8 می‌ماند. پس نشان می‌دهد کل "
            "لایه چه را نگه می‌دارد.",
        ),
    ),
    Written(
        name="q1d2_text",
        item=DECONV,
        ask=both("The idea and the steps.", "ایده و گام‌ها."),
        rubric=(
            (1, both("un-pooling with the recorded switches", "un-pooling با سوییچ‌های ثبت‌شده")),
            (1, both("rectification (ReLU)", "یکسوسازی (ReLU)")),
            (1, both("filtering with the transposed kernels", "فیلتر کردن با کرنل‌های ترانهاده")),
            (1, both("all other activations are set to zero", "همهٔ فعال‌سازی‌های دیگر صفر می‌شوند")),
        ),
        model=both(
            "One activation is kept and all others are set to zero; then each layer is undone: un-pooling with the recorded "
            "positions of the maxima, ReLU, and filtering with the transposed kernels, down to the pixels.",
            "یک فعال‌سازی نگه داشته و بقیه صفر می‌شوند؛ سپس هر لایه وارونه می‌شود: un-pooling با جای بیشینه‌های ثبت‌شده، ReLU و "
            "فیلتر کردن با کرنل‌های ترانهاده، تا پیکسل‌ها.",
        ),
    ),
    Written(
        name="q1d3_text",
        item=BOTH,
        ask=both("A comparison in a few sentences.", "مقایسه در چند جمله."),
        rubric=(
            (
                1,
                both(
                    "up-convolution: the whole representation, needs training, an average image",
                    "up-convolution: کل بازنمایی، نیازمند آموزش، تصویر میانگین",
                ),
            ),
            (
                1,
                both(
                    "deconvnet: one unit, no training, depends on the image",
                    "deconvnet: یک واحد، بدون آموزش، وابسته به تصویر",
                ),
            ),
        ),
        model=both(
            "The up-convolutional network explains a whole representation, has to be trained and shows an average image. The "
            "deconvnet explains a single unit for one image and needs no training.",
            "شبکهٔ up-convolutional کل بازنمایی را توضیح می‌دهد، باید آموزش ببیند و تصویری میانگین نشان می‌دهد. deconvnet یک واحد را "
            "برای یک تصویر توضیح می‌دهد و آموزش نمی‌خواهد.",
        ),
    ),
]
