"""The words of an answer key that are no author's: headings, names of conventions, words inside of formulas."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CONVENTIONS", "FORMULA_WORDS", "LABELS"]

LABELS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "font": "STIX Two Text", "comma": ", ", "key": "Answer key", "sheet": "Question sheet", "answer": "Answer", "steps": "Worked steps",
        "mistakes": "Common mistakes", "formula": "Leads to", "told": "The mistake, and what students read of it",
        "conventions": "Also accepted", "convention": "Convention", "credit": "Credit",
        "rubric": "Rubric", "share": "Share", "model": "Model answer", "source": "Source", "given": "Given",
        "digest": "Key", "engine": "Engine", "points": "{points} points", "point": "1 point", "contents": "Contents",
        "derivation": "The steps asked for", "percent": "That is {percent}.",
        "full": "all", "name": "Name", "student": "Student number", "total": "Questions: {items} · Answers: {answers} · Points: {points}", "proved": "Every formula and every step of this key was proved when it was made: references "
        "against experiments, each line against the one before.", "code": "A solution",
    },
    "fa": {
        "font": "Vazirmatn", "comma": "، ", "key": "پاسخ‌نامه", "sheet": "برگهٔ پرسش‌ها", "answer": "پاسخ", "steps": "گام‌ها",
        "mistakes": "اشتباه‌های رایج", "formula": "نتیجهٔ نادرست", "told": "نام اشتباه، و آنچه دانشجو دربارهٔ آن می‌خواند",
        "conventions": "با قراردادی دیگر هم پذیرفته است", "convention": "قرارداد", "credit": "نمره",
        "rubric": "بارم", "share": "سهم", "model": "پاسخ نمونه", "source": "منبع",
        "given": "داده‌ها", "digest": "نسخهٔ پاسخ‌نامه", "engine": "نسخهٔ نرم‌افزار", "points": "{points} نمره",
        "point": "۱ نمره", "contents": "فهرست", "derivation": "گام‌های خواسته‌شده",
        "percent": "یعنی {percent}.", "full": "کامل", "name": "نام", "student": "شمارهٔ دانشجویی",
        "total": "{items} پرسش، {answers} پاسخ، {points} نمره",
        "proved": "همهٔ فرمول‌ها و گام‌های این پاسخ‌نامه هنگام ساختن اثبات شده‌اند: پاسخ‌ها با آزمایش، و هر سطر با سطر پیش از آن.",
        "code": "یک پیاده‌سازی",
    },
}  # fmt: skip

CONVENTIONS: Mapping[str, Mapping[str, str]] = {
    "bias-counted": {"en": "with bias", "fa": "با بایاس"},
    "bias-not-counted": {"en": "without bias", "fa": "بدون بایاس"},
    "bias-additions-counted": {"en": "with the additions of biases", "fa": "با جمع بایاس‌ها"},
    "two-operations-per-multiply-add": {
        "en": "two operations per multiply-add",
        "fa": "دو عملیات برای هر ضرب‌وجمع",
    },
    "one-operation-per-multiply-add": {
        "en": "one operation per multiply-add",
        "fa": "یک عملیات برای هر ضرب‌وجمع",
    },
    "pooling-counted": {"en": "with the work of pooling", "fa": "با محاسبات ادغام"},
    "holes-dilation": {"en": "dilation as the number of holes", "fa": "گسترش به معنای تعداد خانه‌های خالی"},
    "channels-first": {"en": "channels first", "fa": "کانال‌ها در آغاز"},
    "percent-without-sign": {"en": "in percent, without the sign", "fa": "به درصد، بدون علامت"},
}

FORMULA_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {},
    "fa": {"otherwise": "در غیر این صورت", "and": "و", "or": "یا", "not": "نقیض"},
}
