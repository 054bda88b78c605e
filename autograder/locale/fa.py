"""فارسی.  The keys are those of en.py; what is missing here is said in English."""

SENTENCES = {
    "status.correct": "درست است.",
    "status.partial": "بخشی از آن درست است.",
    "status.incorrect": "هنوز درست نیست.",
    "status.missing": "پاسخی نوشته نشده است.",
    "status.unreadable": "این پاسخ خوانده نشد.",
    "status.undecided": "نتوانستیم خودکار داوری کنیم. یک نفر آن را می‌بیند و امتیازی کم نمی‌شود.",
    "received": "دریافت شد.",
}
