"""What a document that a domain publishes can name: its servers, best first."""

from __future__ import annotations

import re
from collections.abc import Iterable

from advisor.errors import ExportError
from advisor.exporters._account import template, username
from advisor.exporters._advisable import advisable, leads_home
from advisor.exporters._exporter import Wish
from advisor.model.auth import AuthMethod, Username
from advisor.model.endpoint import Protocol
from advisor.model.evidence import Candidate
from advisor.model.report import Report, Setting, Verdict
from advisor.model.text import printable


def servers(report: Report, wish: Wish, document: str) -> list[Setting]:
    """The settings that can be advised, incoming before outgoing, then services.

    *document* is what they are wanted for, such as "an autoconfig file".

    Raises:
        ExportError: nothing usable to receive or nothing usable to send, or only a program on
            the user's own computer for one of them.
    """
    incoming = advisable(report.incoming, wish.even_if_unsafe)
    outgoing = advisable(report.outgoing, wish.even_if_unsafe)
    if any(found and all(map(leads_home, found)) for found in (incoming, outgoing)):
        raise ExportError(
            f"mail of {report.domain} goes through a program on the user's own computer, "
            "so there is no server to publish for the domain: advisor recommend says more"
        )
    if not incoming or not outgoing:
        missing = "incoming" if not incoming else "outgoing"
        raise ExportError(
            f"no safe {missing} server is known for {report.domain}, and {document} needs "
            "one: advisor recommend says why (--even-if-unsafe writes forbidden ones too)"
        )
    services = advisable(report.services, wish.even_if_unsafe)
    return [one for one in (*incoming, *outgoing, *services) if not leads_home(one)]


def first_of_each(settings: Iterable[Setting]) -> tuple[list[Setting], tuple[str, ...]]:
    """The best setting of each protocol, and a phrase for those that are left out.

    With one server of a kind every program lands on it: of several, some take the first, some the
    last, and some the one with STARTTLS.
    """
    settings = list(settings)
    best: dict[Protocol, Setting] = {}
    for one in settings:
        best.setdefault(one.protocol, one)
    rest = ", ".join(str(one.endpoint) for one in settings if best[one.protocol] is not one)
    why = "a second server of one kind, for some programs take the last that they read"
    return list(best.values()), (f"{why}: {rest}",) if rest else ()


def candidate(one: Setting, wish: Wish) -> Candidate:
    """*one* for everybody in the domain, or for the person that is wished for.

    A challenge is left out where there is another way: many servers announce one that fails.
    """
    auth = tuple(method for method in one.auth if method is not AuthMethod.CHALLENGE) or one.auth
    return Candidate(
        one.endpoint,
        Username(username(one, wish.person) if wish.person else template(one)),
        auth or (AuthMethod.PASSWORD,),
        one.mechanisms,
        one.oauth2,
        one.url,
    )


def with_warning(document: bytes, settings: Iterable[Setting]) -> bytes:
    """The XML *document*, with a comment on top where one of *settings* is forbidden."""
    unsafe = [str(one.endpoint) for one in settings if one.verdict is Verdict.FORBIDDEN]
    if not unsafe:
        return document
    names = re.sub("-(?=-)", "- ", printable(", ".join(unsafe)))
    declaration, _, rest = document.partition(b"\n")
    comment = f"<!-- UNSAFE, exported on request, do not publish: {names} -->"
    return declaration + b"\n" + comment.encode() + b"\n" + rest
