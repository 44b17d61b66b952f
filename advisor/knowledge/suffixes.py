"""Which part of a host name somebody registered, by the Public Suffix List.

The list is bundled with ``publicsuffixlist``; of its code nothing is loaded, which would take
longer than all the rest. Its private part counts too: whoever holds ``alice.github.io`` is not the
one who holds ``bob.github.io``.

See: https://github.com/publicsuffix/list/wiki/Format
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def _rules() -> frozenset[bytes]:
    """Every line of the list; those that are no rules can never be part of a name."""
    home = find_spec("publicsuffixlist")
    if home is None or home.origin is None:
        raise ImportError("publicsuffixlist, which holds the list of public suffixes, is missing")
    path = Path(home.origin).with_name("public_suffix_list.dat")
    return frozenset(path.read_bytes().splitlines())


def _is_rule(sign: str, labels: list[str]) -> bool:
    return f"{sign}{'.'.join(labels)}".encode() in _rules()


def _unicode(label: str) -> str:
    """*label* as the list writes it."""
    try:
        return label.encode().decode("idna") if label.startswith("xn--") else label
    except UnicodeError:
        return label


def _suffix(labels: list[str]) -> int:
    """How many of *labels* are the public suffix; one where no rule speaks."""
    written = [_unicode(label) for label in labels]
    for place in range(len(labels)):
        if _is_rule("!", written[place:]):
            return len(labels) - place - 1
        if _is_rule("", written[place:]) or _is_rule("*.", written[place + 1 :]):
            return len(labels) - place
    return 1


@cache
def registrable(host: str) -> str:
    """The registrable domain that *host* (A-labels) lies in, or *host* itself if in none."""
    labels = host.split(".")
    if not all(labels):
        return host
    suffix = _suffix(labels)
    return ".".join(labels[-suffix - 1 :]) if len(labels) > suffix else host


def is_public_suffix(label: str) -> bool:
    """Is *label* a top-level domain that the list knows?"""
    return _is_rule("", [_unicode(label)]) or _is_rule("*.", [_unicode(label)])


def same_organisation(a: str, b: str) -> bool:
    """Do both hosts lie in the same registrable domain?"""
    return registrable(a) == registrable(b)
