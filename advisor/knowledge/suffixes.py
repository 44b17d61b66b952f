"""Which part of a host name somebody registered, by the Public Suffix List.

The list is bundled with ``publicsuffixlist`` and read when it is first needed. Its private part
counts too: whoever holds ``alice.github.io`` is not the one who holds ``bob.github.io``.
"""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def _suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


@cache
def registrable(host: str) -> str:
    """The registrable domain that *host* (A-labels) lies in, or *host* itself if in none."""
    found = _suffixes().privatesuffix(host)
    return host if found is None else str(found)


def is_public_suffix(label: str) -> bool:
    """Is *label* a top-level domain that the list knows?"""
    return _suffixes().publicsuffix(label, accept_unknown=False) is not None


def same_organisation(a: str, b: str) -> bool:
    """Do both hosts lie in the same registrable domain?"""
    return registrable(a) == registrable(b)
