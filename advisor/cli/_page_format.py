"""The formats of instructions, one page or a folder of them."""

from __future__ import annotations

from enum import StrEnum


class PageFormat(StrEnum):
    """How instructions are written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    YAML = "yaml"
