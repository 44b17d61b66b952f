"""clientConfig XML for ``https://autoconfig.DOMAIN/mail/config-v1.1.xml``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from advisor.errors import ExportError
from advisor.exporters._account import template, username
from advisor.exporters._advisable import advisable, leads_home
from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.formats.autoconfig import ClientConfig, render
from advisor.model.auth import AuthMethod, Username
from advisor.model.evidence import Candidate
from advisor.model.report import Report, Setting, Verdict
from advisor.model.text import printable


def export(report: Report, wish: Wish) -> Export:
    """The settings of *report* that can be advised, best first; valid for the whole domain.

    For one person, the user names are that person's. Forbidden settings are written on request
    only, after a comment that says so.

    Raises:
        ExportError: nothing usable to receive or nothing usable to send, or only a program on
            the user's own computer for one of them.

    See: draft-ietf-mailmaint-autoconfig-06 §3.
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
            f"no safe {missing} server is known for {report.domain}, and an autoconfig file needs "
            "one: advisor recommend says why (--even-if-unsafe writes forbidden ones too)"
        )
    services = advisable(report.services, wish.even_if_unsafe)
    settings = [one for one in (*incoming, *outgoing, *services) if not leads_home(one)]
    provider = report.provider
    document = render(
        ClientConfig(
            id=report.domain,
            domains=(report.domain,),
            name=provider.name if provider else report.domain_unicode,
            documentation=(
                (provider.documentation,) if provider and provider.documentation else ()
            ),
            candidates=tuple(_candidate(one, wish) for one in settings),
            oauth2=next((one.oauth2 for one in settings if one.oauth2), None),
        )
    )
    return Export(_with_warning(document, settings))


def _candidate(one: Setting, wish: Wish) -> Candidate:
    auth = tuple(method for method in one.auth if method is not AuthMethod.CHALLENGE) or one.auth
    return Candidate(
        one.endpoint,
        Username(username(one, wish.person) if wish.person else template(one)),
        auth or (AuthMethod.PASSWORD,),
        one.mechanisms,
        one.oauth2,
        one.url,
    )


def _with_warning(document: bytes, settings: Iterable[Setting]) -> bytes:
    unsafe = [str(one.endpoint) for one in settings if one.verdict is Verdict.FORBIDDEN]
    if not unsafe:
        return document
    names = re.sub("-(?=-)", "- ", printable(", ".join(unsafe)))
    declaration, _, rest = document.partition(b"\n")
    comment = f"<!-- UNSAFE, exported on request, do not publish: {names} -->"
    return declaration + b"\n" + comment.encode() + b"\n" + rest


EXPORTER = Exporter(
    "autoconfig",
    "autoconfig XML (clientConfig)",
    "text/xml",
    "config-v1.1.xml",
    export,
    has_placeholders=True,
    places=(
        "https://autoconfig.{domain}/mail/config-v1.1.xml",
        "https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    ),
)
