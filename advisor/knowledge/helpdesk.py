"""What a helpdesk laid beside its rules: its name and logo, its notes and its templates."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.errors import InputError
from advisor.knowledge.files import PICTURES, TEMPLATES
from advisor.model.instructions import Helpdesk
from advisor.model.text import printable

if TYPE_CHECKING:
    from advisor.knowledge.library import Library

# Bytes.
MAX_LOGO = 256 * 1024
MAX_TEMPLATE = 64 * 1024

# How a file of each type begins; a drawing is text.
_BEGINNINGS = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
    "image/svg+xml": (b"<",),
}


def helpdesk(library: Library) -> Helpdesk | None:
    """The helpdesk of the overlays, or None.

    Raises:
        InputError: its logo cannot be used.
    """
    entry = library.entries("helpdesk").get("helpdesk")
    if entry is None:
        return None
    logo = entry.get("logo")
    return Helpdesk(
        entry["name"],
        entry.get("contact"),
        _logo(library, logo) if logo else None,
        entry.get("language"),
    )


def notes(library: Library, client: str) -> tuple[str, ...]:
    """What the helpdesk adds for every client, and for *client*."""
    entry = library.entries("helpdesk").get("helpdesk") or {}
    said = entry.get("notes") or {}
    return (*said.get("any", ()), *said.get(client, ()))


def link(library: Library, client: str, domain: str) -> str | None:
    """Where the helpdesk publishes what sets *client* up for *domain*."""
    entry = library.entries("helpdesk").get("helpdesk") or {}
    found = (entry.get("links") or {}).get(client)
    return str(found).replace("{domain}", domain) if found else None


def template(library: Library, name: str) -> str | None:
    """The text of ``templates/NAME`` in the last overlay that has it, or None.

    Raises:
        InputError: it cannot be read, or is too large.
    """
    path = _last(library, f"{TEMPLATES}/{name}")
    if path is None:
        return None
    try:
        return _content(path, MAX_TEMPLATE).decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{printable(str(path), 80)} is not UTF-8 text") from None


def _logo(library: Library, name: str) -> str:
    base = _last(library, "helpdesk.yaml")
    path = (base or Path()).parent / name
    content = _content(path, MAX_LOGO)
    kind = PICTURES[path.suffix.lower()]
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_BEGINNINGS[kind]):
        raise InputError(f"{printable(str(path), 80)} is not what its name says: no {kind}")
    return f"data:{kind};base64,{b64encode(content).decode('ascii')}"


def _last(library: Library, name: str) -> Path | None:
    """The file *name* of the last overlay that has it."""
    paths = (root.path / name for root in reversed(library.roots) if root.origin == "overlay")
    return next((path for path in paths if path.is_file()), None)


def _content(path: Path, limit: int) -> bytes:
    shown = printable(str(path), 80)
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise InputError(f"{shown} cannot be read: {error.strerror}") from None
    if len(content) > limit:
        raise InputError(f"{shown} is too large: at most {limit // 1024} KiB")
    return content
