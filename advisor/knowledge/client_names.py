"""What people write when they mean a mail client, and which version of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher

# A version among words: 2.0.0.24, v115, 128.0esr, 3.x.
_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(?:\.?[a-z]+\d*)?")
# Longer than any name, so not worth a search.
_LONGEST = 120
# The most words that a name and its version have.
_WINDOW = 6
# Numbers that stand for a port in a sentence about mail, not for a version.
_PORTS = {"25", "110", "143", "465", "587", "993", "995", "2525", "4190"}

# Less alike than this, and nobody would have meant it; a name that stands there whole is this much.
_ALIKE, _WHOLE = 0.35, 0.95

# Words that can be left out, one group after the other.
_SPARE = tuple(
    frozenset(group.split())
    for group in (
        """my the your our a an on for in of and at with using under bit x64 x86
        app apps application client program software plugin addon
        version ver edition release build latest newest current new""",
        "microsoft ms mozilla google gnome kde apple",
        "mail email e mailer mails emails",
        """windows win linux mac macos osx os ubuntu debian fedora android ios iphone ipad
        phone mobile tablet pc laptop desktop computer notebook""",
        "printer scanner copier device machine multifunction mfp",
    )
)

# A client's id, and the version that was written, if any.
Meant = tuple[str, str | None]
Words = tuple[str, ...]


def folded(text: str) -> str:
    """*text* as names are compared: without regard to case, blanks, hyphens and punctuation."""
    return " ".join(_words(text))


def _words(text: str) -> Words:
    plain = re.sub(r"[^\w.+#/]|_|(?<!\w)[+/]|\.(?!\w)", " ", text.casefold())
    return tuple(plain.split())


class Names:
    """The names of all clients; *names* are ids by name, *knows* is: has that id that version?"""

    def __init__(self, names: Iterable[tuple[str, str]], knows: Callable[[str, str], bool]) -> None:
        self._knows = knows
        self._ids: dict[str, str] = {}
        shorter: dict[str, str] = {}
        for name, key in names:
            words = _words(name)
            self._ids[" ".join(words)] = key
            left = _without(words, _SPARE[0])
            if len(left) > 1:
                shorter.setdefault(" ".join(left), key)
        self._ids = shorter | self._ids
        self._ids.pop("", None)

    def meant(self, text: str) -> Meant | None:
        """The client that *text* is about, read as strictly as gives one."""
        if len(text) > _LONGEST:
            return None
        named, at, behind = text.partition("@")
        key, version = self._ids.get(folded(named)), _VERSION.fullmatch(folded(behind))
        if key and version and self._knows(key, version.group(1)):
            return key, version.group(1)
        readings = list(dict.fromkeys(_readings(_words(text))))
        for read in (self._exact, self._begun, self._of_no_range, self._of_a_model):
            for words in readings:
                found = read(words)
                if found:
                    return found
        return self.meant(named) if at else None

    def within(self, sentence: str) -> Meant | None:
        """The client that *sentence* names: of several, the one with the most words."""
        words = _words(sentence[:2000])
        for size in range(_WINDOW, 0, -1):
            for at in range(len(words) - size + 1):
                window = words[at : at + size]
                if _VERSION.fullmatch(window[0]) and window[0] not in self._ids:
                    continue
                found = self._exact(window)
                if found and found[1] not in _PORTS:
                    return found
        return None

    def nearest(self, text: str) -> tuple[str, ...]:
        """Up to three ids of clients whose names look most like *text*, the likeliest first."""
        wanted = _words(text[:_LONGEST])
        name = " ".join(word for word in wanted if not _VERSION.fullmatch(word))
        compared = SequenceMatcher(b=name)
        likeness: dict[str, float] = {}
        for known, key in self._ids.items():
            compared.set_seq1(known)
            if f" {known} " in f" {name} ":
                likeness[key] = max(likeness.get(key, _ALIKE), _WHOLE)
            elif compared.real_quick_ratio() > _ALIKE and compared.quick_ratio() > _ALIKE:
                likeness[key] = max(likeness.get(key, _ALIKE), compared.ratio())
        alike = [key for key, ratio in likeness.items() if ratio > _ALIKE]
        return tuple(sorted(alike, key=lambda key: (-likeness[key], key))[:3])

    def _exact(self, words: Words) -> Meant | None:
        """All words are a name, or a name and a version of one of its ranges."""
        whole = self._ids.get(" ".join(words))
        if whole:
            return whole, None
        for name, version in _split(words):
            key = self._ids.get(name)
            if key and self._knows(key, version):
                return key, version
        return None

    def _begun(self, words: Words) -> Meant | None:
        """The first words are that, with a number among them; nobody knows the rest."""
        for end in range(len(words) - 1, 1, -1):
            if any(_VERSION.fullmatch(word) for word in words[:end]):
                found = self._exact(words[:end])
                if found:
                    return found
        return None

    def _of_no_range(self, words: Words) -> Meant | None:
        """The words begin with a name and a version that is in no range."""
        for end in range(len(words), 1, -1):
            for name, version in _split(words[:end]):
                if name in self._ids:
                    return self._ids[name], version
        return None

    def _of_a_model(self, words: Words) -> Meant | None:
        """The words begin with a name, and what follows is one model of many: epson wf-3720."""
        for end in range(len(words) - 1, 0, -1):
            key = self._ids.get(" ".join(words[:end]))
            if key and any(map(str.isdigit, "".join(words[end:]))):
                return key, None
        return None


def _split(words: Words) -> Iterator[tuple[str, str]]:
    """A name and a version, in each way that *words* allow."""
    for at, word in enumerate(words):
        version = _VERSION.fullmatch(word)
        if version and len(words) > 1:
            yield " ".join((*words[:at], *words[at + 1 :])), version.group(1)


def _without(words: Words, spare: frozenset[str]) -> Words:
    return tuple(word for word in words if word not in spare)


def _readings(words: Words) -> Iterator[Words]:
    """*words* as they stand, with fewer and fewer of the spare ones, and with tb2 read as tb 2."""
    apart = _words(re.sub(r"([a-z])(?=\d)", r"\1 ", " ".join(words)))
    for reading in (words, apart):
        yield reading
        for group in _SPARE:
            reading = _without(reading, group)
            yield reading
