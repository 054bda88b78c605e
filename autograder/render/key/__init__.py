"""The answer key and the question sheet: one document as Markdown, HTML, Typst for PDF, and a notebook."""

from __future__ import annotations

from autograder.render.key.content import Key, document
from autograder.render.key.html import FONTS, html_page
from autograder.render.key.markdown import markdown
from autograder.render.key.notebook import notebook
from autograder.render.key.typst import typst_source

__all__ = ["FONTS", "Key", "document", "html_page", "markdown", "notebook", "typst_source"]
