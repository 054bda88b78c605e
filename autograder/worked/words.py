"""The sentences of derived steps, in each language."""

from __future__ import annotations

from typing import Any

from autograder.expression import to_text
from autograder.problem.formula import as_node

__all__ = ["say"]

SENTENCES: dict[str, dict[str, str]] = {
    "definition": {"en": "The layer's definition:", "fa": "تعریف لایه:"},
    "chain-rule": {
        "en": "By the chain rule, every output contributes:",
        "fa": "بنا بر قاعدهٔ زنجیره‌ای هر خروجی سهمی دارد:",
    },
    "under-the-sum": {
        "en": "The derivative goes under the sum. It is 1 where the indices agree and 0 elsewhere, which δ writes:",
        "fa": "مشتق به درون جمع می‌رود. هر جا اندیس‌ها برابر باشند 1 و جاهای دیگر 0 است، که با δ می‌نویسیم:",
    },
    "field-rule": {
        "en": "An input cell sees itself alone. Each layer adds its gaps, one less than its taps, each as wide as its "
        "dilation and the strides before it.",
        "fa": "هر خانهٔ ورودی تنها خودش را می‌بیند. هر لایه فاصله‌های خود را می‌افزاید: یکی کمتر از تعداد خانه‌های هسته، "
        "هر کدام به اندازهٔ گسترش لایه و گام‌های پیش از آن.",
    },
    "field-layer": {
        "en": "Layer {number}, kernel {kernel}, dilation {dilation}:",
        "fa": "لایهٔ {number}، هستهٔ {kernel} و گسترش {dilation}:",
    },
    "conv": {
        "en": "Convolution {kernel}, {before} to {after} channels, output {sizes}:",
        "fa": "کانولوشن {kernel}، از {before} به {after} کانال، خروجی {sizes}:",
    },
    "conv-weights": {
        "en": "Convolution {kernel}, {before} to {after} channels:",
        "fa": "کانولوشن {kernel}، از {before} به {after} کانال:",
    },
    "branch": {"en": "Branch {number}.", "fa": "شاخهٔ {number}."},
    "dense": {
        "en": "Dense layer, {before} inputs and {after} neurons:",
        "fa": "لایهٔ متراکم با {before} ورودی و {after} نورون:",
    },
    "pool": {
        "en": "Pooling multiplies nothing and has no weights.",
        "fa": "ادغام هیچ ضربی ندارد و وزنی هم ندارد.",
    },
    "count.weights": {
        "en": "Weights: a window of the kernel over all input channels, for each output channel.",
        "fa": "وزن‌ها: پنجره‌ای به اندازهٔ هسته روی همهٔ کانال‌های ورودی، برای هر کانال خروجی.",
    },
    "count.connections": {
        "en": "Connections: every output value is linked to a window of all input channels.",
        "fa": "اتصال‌ها: هر مقدار خروجی به پنجره‌ای از همهٔ کانال‌های ورودی وصل است.",
    },
    "count.macs": {
        "en": "Multiply-adds: output values, times the products behind each of them.",
        "fa": "ضرب‌وجمع‌ها: تعداد مقدارهای خروجی ضربدر ضرب‌های پشت هر کدام.",
    },
    "count.dense": {
        "en": "Every neuron is linked to every input.",
        "fa": "هر نورون به همهٔ ورودی‌ها وصل است.",
    },
    "sum": {"en": "Together:", "fa": "روی هم:"},
    "joined": {
        "en": "The branches are joined along their channels:",
        "fa": "شاخه‌ها در امتداد کانال‌ها به هم الحاق می‌شوند:",
    },
    "keeps": {"en": "Convolution {kernel}: {sizes} and {after} channels.",
              "fa": "کانولوشن {kernel}: {sizes} و {after} کانال."},
    "pool-keeps": {"en": "Pooling {kernel}: {sizes} and {after} channels.",
                   "fa": "ادغام {kernel}: {sizes} و {after} کانال."},
    "shape": {"en": "As (height, width, channels):", "fa": "به صورت (ارتفاع، عرض، کانال):"},
    "decimal": {"en": "As a decimal:", "fa": "به صورت اعشاری:"},
    "arithmetic": {"en": "With the numbers put in:", "fa": "با جای‌گذاری عددها:"},
}  # fmt: skip


def say(key: str, **fields: Any) -> dict[str, str]:
    """A sentence in each language; sizes are written as formulas.

    >>> say("field-layer", number="1", kernel="w - 1", dilation=2)["en"]
    'Layer 1, kernel w - 1, dilation 2:'
    """
    shown = {name: value if isinstance(value, str) else to_text(as_node(value)) for name, value in fields.items()}
    return {language: text.format_map(shown) for language, text in SENTENCES[key].items()}
