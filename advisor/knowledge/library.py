"""Loads ``rules/``: the bundled files, and the operator's laid over them.

Nothing here imports YAML unless the cache misses, so that a quick answer stays quick.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor._version import __version__
from advisor.errors import InputError, RuleError
from advisor.knowledge import cache
from advisor.knowledge.cache import fingerprint
from advisor.knowledge.files import KINDS, RETIRED, Root, bundled, is_folder, read_contents
from advisor.model.text import printable

if TYPE_CHECKING:
    from advisor.engine.rulebook import Rulebook
    from advisor.model.client import Client

# Raised whenever a shape changes what it lets through or hands on.
_FORMAT = b"5"

Entry = dict[str, Any]


class Library:
    """All knowledge, bundled and overlaid; later *overlays* win.

    Raises:
        InputError: an overlay folder is none, or cannot be read.
    """

    def __init__(self, overlays: Sequence[Path] = ()) -> None:
        for path in overlays:
            if not is_folder(path):
                shown = printable(str(path), 80)
                raise InputError(f"{shown} is not a folder of rules: --rules takes a folder")
        self.roots = (
            Root(bundled(), "bundled"),
            *(Root(path, "overlay") for path in overlays),
        )
        self._loaded: dict[str, dict[str, Entry]] = {}
        self._read: dict[tuple[Root, str], list[tuple[Path, bytes]]] = {}

    def entries(self, kind: str) -> dict[str, Entry]:
        """The entries of *kind* by id; each also holds its ``id``, ``file`` and ``origin``.

        Raises:
            RuleError: files of this kind are wrong; all their mistakes at once.
        """
        if kind not in self._loaded:
            merged: dict[str, Entry] = {}
            for root in self.roots:
                merged |= _load(root, kind, self._contents(root, kind))
            self._loaded[kind] = {
                key: entry for key, entry in merged.items() if not RETIRED.items() <= entry.items()
            }
        return self._loaded[kind]

    def single(self, kind: str) -> Entry:
        """The entry of a kind that is one file."""
        return self.entries(kind)[kind]

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules, ready to be applied."""
        from advisor.engine.rulebook import rulebook

        return rulebook(self.entries("rules"), self.single("order"))

    def client(self, text: str) -> Client:
        """The mail client that *text* means.

        Raises:
            InputError: none does; the message names the nearest.
        """
        from advisor.knowledge.clients import Clients, Unknown
        from advisor.model.text import printable

        found = Clients(self.entries("clients")).find(text)
        if isinstance(found, Unknown):
            near = f": did you mean {', '.join(found.near)}?" if found.near else "."
            raise InputError(
                f"no client called “{printable(text, 60)}” is known{near} See advisor clients list"
            )
        return found

    @cached_property
    def version(self) -> str:
        """Twelve hex digits over the content of everything that can change an answer."""
        return self._state(KINDS)[:12]

    def remember(self, question: str, kinds: Sequence[str], make: Callable[[], Any]) -> Any:
        """The plain data that *make* gives for *question*, kept while no file of *kinds* changes.

        For answers that depend on nothing but the question and the knowledge.
        """
        name = f"answer-{fingerprint(question.encode()).hexdigest()[:8]}"
        digest = fingerprint(__version__.encode() + _FORMAT)
        for root in self.roots:
            for kind in kinds:
                digest.update(f"{root.origin} {root.stamp(kind)}\n".encode())
        key = str(digest.hexdigest())
        found = cache.load(name, key)
        if found is None:
            found = make()
            cache.store(name, key, found)
        return found

    def _state(self, kinds: Sequence[str]) -> str:
        digest = fingerprint(__version__.encode())
        for root in self.roots:
            for kind in kinds:
                digest.update(_digest(self._contents(root, kind)).encode())
        return str(digest.hexdigest())

    def _contents(self, root: Root, kind: str) -> list[tuple[Path, bytes]]:
        """The files of *kind*, read once."""
        if (root, kind) not in self._read:
            self._read[root, kind] = read_contents(root, kind)
        return self._read[root, kind]


def _digest(contents: list[tuple[Path, bytes]]) -> str:
    digest = fingerprint(_FORMAT)
    for path, content in contents:
        digest.update(f"{path.parent.name}/{path.name} {len(content)}\n".encode())
        digest.update(content)
    return str(digest.hexdigest())


def _load(root: Root, kind: str, contents: list[tuple[Path, bytes]]) -> dict[str, Entry]:
    if not contents:
        return {}
    place = fingerprint(str(root.path.absolute()).encode()).hexdigest()[:8]
    name, key = f"{kind}-{place}", _digest(contents)
    found = cache.load(name, key)
    if not isinstance(found, dict):
        found = _parse(contents, kind, root)
        cache.store(name, key, found)
    return {
        entry_id: {**entry, "id": entry_id, "origin": root.origin}
        for entry_id, entry in found.items()
    }


def _parse(contents: list[tuple[Path, bytes]], kind: str, root: Root) -> dict[str, Entry]:
    from advisor.knowledge.checks import check

    found, mistakes = check(contents, kind, root.path, overlay=root.origin == "overlay")
    if mistakes:
        raise RuleError(mistakes)
    return found
