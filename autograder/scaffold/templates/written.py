"""Q0: a written answer.  The example, to be replaced: why a training loss may be above the validation loss."""

from __future__ import annotations

from autograder.problem import Item, Written

ITEM = Item(
    id="Q0",  # the number on the sheet; several answers may share one item
    title={"en": "A validation loss below the training loss", "fa": "زیان اعتبارسنجی کمتر از زیان آموزش"},
    question={
        "en": "A network with dropout has a lower loss on its validation set than on its training set. Name two "
        "reasons that need no fault in the code.",
        "fa": "زیان شبکه‌ای با dropout روی دادهٔ اعتبارسنجی کمتر از دادهٔ آموزش است. دو دلیل نام ببرید که به اشکالی "
        "در کد نیاز ندارند.",
    },
    source="Goodfellow, Bengio and Courville 2016, Deep Learning, section 7.12",
)

PROBLEMS = [
    Written(
        name="ANSWER",  # the variable that students fill in with a text
        item=ITEM,
        ask={"en": "Two reasons in two or three sentences.", "fa": "دو دلیل در دو یا سه جمله."},
        # A person reads the text.  Each line of the rubric has a weight; points are shared by weight.
        rubric=(
            (
                1,
                {
                    "en": "dropout (or augmentation) makes the task harder in training only",
                    "fa": "dropout (یا داده‌افزایی) کار را تنها در آموزش سخت‌تر می‌کند",
                },
            ),
            (
                1,
                {
                    "en": "the training loss is averaged over an epoch, while weights still improve",
                    "fa": "زیان آموزش میانگین یک دورهٔ کامل است که در آن وزن‌ها هنوز بهتر می‌شوند",
                },
            ),
        ),
        # For the answer key, and for whoever reads the students' texts.
        model={
            "en": "Dropout removes units in training and none in validation, so the same weights do better there. "
            "The training loss is also an average over the epoch, while the validation loss is measured at its "
            "end, with better weights.",
            "fa": "‏dropout در آموزش واحدها را حذف می‌کند و در اعتبارسنجی نه، پس همان وزن‌ها آن‌جا بهتر کار می‌کنند. "
            "زیان آموزش نیز میانگین کل دوره است، اما زیان اعتبارسنجی در پایان آن، با وزن‌های بهتر، سنجیده می‌شود.",
        },
    ),
]
