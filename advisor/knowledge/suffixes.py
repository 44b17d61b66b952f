"""Which part of a host name somebody registered, by the Public Suffix List.

The list is bundled with ``publicsuffixlist``; of its code nothing is loaded, which would take
longer than all the rest. Its private part counts too: whoever holds ``alice.github.io`` is not the
one who holds ``bob.github.io``. Only the rules of the top-level domains asked for are read.

See: https://github.com/publicsuffix/list/wiki/Format
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def _lines() -> tuple[str, ...]:
    home = find_spec("publicsuffixlist")
    if home is None or home.origin is None:
        raise ImportError("publicsuffixlist, which holds the list of public suffixes, is missing")
    path = Path(home.origin).with_name("public_suffix_list.dat")
    return tuple(path.read_text(encoding="utf-8").splitlines())


@cache
def _rules(top: str) -> frozenset[str]:
    """The rules of one top-level domain, in A-labels."""
    written = top.encode().decode("idna") if top.startswith("xn--") else top
    ending = f".{written}"
    found = (one for one in _lines() if one.endswith(ending) or one == written)
    return frozenset(_ascii(one) for one in found if not one.startswith("//"))


def _ascii(rule: str) -> str:
    return rule if rule.isascii() else rule.encode("idna").decode()


def _suffix(labels: list[str]) -> int:
    """How many of *labels* are the public suffix; one where no rule speaks."""
    rules = _rules(labels[-1])
    for place in range(len(labels)):
        rest = ".".join(labels[place + 1 :])
        whole = f"{labels[place]}.{rest}" if rest else labels[place]
        if f"!{whole}" in rules:
            return len(labels) - place - 1
        if whole in rules or (rest and f"*.{rest}" in rules):
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
    return not {label, f"*.{label}"}.isdisjoint(_rules(label))


def same_organisation(a: str, b: str) -> bool:
    """Do both hosts lie in the same registrable domain?"""
    return registrable(a) == registrable(b)
