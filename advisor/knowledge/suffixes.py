"""Which part of a host name somebody registered, by the Public Suffix List.

The list is bundled with ``publicsuffixlist``. Its private part counts too: whoever holds
``alice.github.io`` is not the one who holds ``bob.github.io``. Of the whole list, only the rules
of the top-level domains asked for are parsed, which takes a sixth of the time.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any


@cache
def _lines() -> tuple[str, ...]:
    import publicsuffixlist

    path = Path(publicsuffixlist.__file__).with_name("public_suffix_list.dat")
    return tuple(path.read_text(encoding="utf-8").splitlines())


@cache
def _suffixes(top: str) -> Any:
    """The rules below one top-level domain; all of them for an internationalised one."""
    from publicsuffixlist import PublicSuffixList

    if not top.startswith("xn--"):
        ending = f".{top}"
        return PublicSuffixList([one for one in _lines() if one == top or one.endswith(ending)])
    return PublicSuffixList()


def _rules(host: str) -> Any:
    return _suffixes(host.rpartition(".")[2])


@cache
def registrable(host: str) -> str:
    """The registrable domain that *host* (A-labels) lies in, or *host* itself if in none."""
    found = _rules(host).privatesuffix(host)
    return host if found is None else str(found)


def is_public_suffix(label: str) -> bool:
    """Is *label* a top-level domain that the list knows?"""
    return _rules(label).publicsuffix(label, accept_unknown=False) is not None


def same_organisation(a: str, b: str) -> bool:
    """Do both hosts lie in the same registrable domain?"""
    return registrable(a) == registrable(b)
