"""Q0: a choice.  The example, to be replaced: what dropout does when the network is used."""

from __future__ import annotations

from autograder.problem import Choice, Item, Mistake

ITEM = Item(
    id="Q0",  # the number on the sheet; several answers may share one item
    title={"en": "Dropout after training", "fa": "dropout پس از آموزش"},
    question={
        "en": "A network was trained with inverted dropout: kept activations are divided by the probability of "
        "keeping them. What happens to the activations when the trained network is used?",
        "fa": "شبکه‌ای با inverted dropout آموزش دیده است: فعال‌سازی‌های نگه‌داشته‌شده بر احتمال نگه‌داشتن تقسیم "
        "می‌شوند. هنگام استفاده از شبکهٔ آموزش‌دیده با فعال‌سازی‌ها چه می‌شود؟",
    },
    source="Srivastava et al. 2014, Dropout: a simple way to prevent neural networks from overfitting, section 10",
)

PROBLEMS = [
    Choice(
        name="ANSWER",  # the variable that students fill in: "a", or ("a", "c") where several are right
        item=ITEM,
        ask={"en": "Choose one.", "fa": "یکی را برگزینید."},
        options={
            "a": {"en": "They are dropped as in training.", "fa": "مانند آموزش حذف می‌شوند."},
            "b": {"en": "They stay as they are.", "fa": "همان‌طور که هستند می‌مانند."},
            "c": {
                "en": "They are multiplied by the probability of keeping them.",
                "fa": "در احتمال نگه‌داشتن ضرب می‌شوند.",
            },
        },
        correct=("b",),
        # A wrong choice may have its own hint.  It never says which option is right.
        mistakes=(
            Mistake(
                id="still-random",
                answer="a",
                hint={
                    "en": "Then one input would give another output each time.",
                    "fa": "آن‌گاه یک ورودی هر بار خروجی دیگری می‌داد.",
                },
            ),
            Mistake(
                id="scaled-twice",
                answer="c",
                hint={
                    "en": "When was the scale already made right?",
                    "fa": "مقیاس پیش‌تر، در چه مرحله‌ای درست شده است؟",
                },
            ),
        ),
    ),
]
