"""Which settings of a report may stand in a document that others will follow."""

from __future__ import annotations

import re
from collections.abc import Iterable

from advisor.model.report import Setting, Verdict


def is_home(host: str) -> bool:
    """Is *host* the user's own computer?"""
    return re.fullmatch(r"localhost|::1|127(\.\d+){3}", host) is not None


def leads_home(one: Setting) -> bool:
    """Is the server a program on the user's own computer?"""
    return is_home(one.host)


def advisable(settings: Iterable[Setting], even_if_unsafe: bool) -> list[Setting]:
    """The good settings, or the usable ones where none is good, best first.

    Forbidden ones follow with *even_if_unsafe* only.
    """
    settings = list(settings)
    safe = [one for one in settings if one.is_usable]
    good = [one for one in safe if one.verdict.rank <= Verdict.ACCEPTABLE.rank] or safe
    forbidden = [one for one in settings if one.verdict is Verdict.FORBIDDEN]
    return good + forbidden if even_if_unsafe else good
