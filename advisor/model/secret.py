"""A password or token: held in one place, never shown, and taken out of what strangers say."""

from __future__ import annotations

from binascii import b2a_base64
from typing import NoReturn, Self

_HIDDEN = "•••"
_CUT = "…"


class Secret:
    """*octets* that no repr, text or pickle shows; ``wipe`` overwrites them.

    Python copies what is encoded and sent, and those copies cannot be wiped; keep the time between
    making and wiping one short.
    """

    __slots__ = ("_octets",)

    def __init__(self, octets: bytes | bytearray) -> None:
        self._octets = bytearray(octets)

    @property
    def octets(self) -> bytearray:
        """The secret itself; empty once it is wiped."""
        return self._octets

    def wipe(self) -> None:
        """Overwrite it, and forget its length."""
        self._octets[:] = bytes(len(self._octets))
        self._octets.clear()

    def __enter__(self) -> Self:
        """Hold it for a while."""
        return self

    def __exit__(self, *_: object) -> None:
        """Wipe it."""
        self.wipe()

    def __repr__(self) -> str:
        return f"Secret({_CUT})"

    __str__ = __repr__

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError("a secret is not to be copied or stored")

    def masked(self, text: str) -> str:
        """*text* with dots where it holds the secret or its base64, in whatever case.

        Where *text* was cut, so is what the cut left of the secret. No regular expression is made
        of it, for their cache would keep it.
        """
        for form in self._forms():
            text = _without(text, form)
        return text

    def _forms(self) -> list[str]:
        """How it can stand in a text: as it is, quoted, and in base64 behind anything else."""
        plain = self._octets.decode("utf-8", "backslashreplace")
        quoted = plain.replace("\\", "\\\\").replace('"', '\\"')
        forms = [quoted, plain]
        size = len(self._octets)
        for before in range(3):
            # The sextets that hold bits of the secret alone.
            first, last = -(-before * 8 // 6), (before + size) * 8 // 6
            encoded = b2a_base64(bytes(before) + self._octets, newline=False).decode().rstrip("=")
            forms.append(encoded[first:last])
        return [form for form in dict.fromkeys(forms) if form]


def _without(text: str, form: str) -> str:
    folded, wanted = _folded(text), _folded(form)
    at = folded.find(wanted)
    while at >= 0:
        text = text[:at] + _HIDDEN + text[at + len(form) :]
        folded = _folded(text)
        at = folded.find(wanted, at + len(_HIDDEN))
    head, cut, tail = text.rpartition(_CUT)
    if cut:
        left = _folded(head)
        sizes = range(min(len(form), len(left)), 2, -1)
        held = next((size for size in sizes if left.endswith(wanted[:size])), 0)
        head = head[: len(head) - held] if held else head
    return head + cut + tail


def _folded(text: str) -> str:
    """*text* of the same length in lower case."""
    return "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)
