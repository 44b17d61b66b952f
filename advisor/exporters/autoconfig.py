"""clientConfig XML for ``https://autoconfig.DOMAIN/mail/config-v1.1.xml``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from advisor.errors import ExportError
from advisor.exporters._advisable import advisable, leads_home
from advisor.exporters._exporter import Exporter
from advisor.formats.autoconfig import ClientConfig, render
from advisor.model.auth import AuthMethod, Username, UsernameForm
from advisor.model.evidence import Candidate
from advisor.model.report import Report, Setting, Verdict
from advisor.model.text import printable

_TEMPLATES = {
    UsernameForm.ADDRESS: "%EMAILADDRESS%",
    UsernameForm.LOCALPART: "%EMAILLOCALPART%",
    UsernameForm.DOMAIN_LOCALPART: "%EMAILDOMAIN%\\%EMAILLOCALPART%",
    UsernameForm.UNKNOWN: "%EMAILADDRESS%",
}


def export(report: Report, even_if_unsafe: bool) -> bytes:
    """The settings of *report* that can be advised, best first; valid for the whole domain.

    Forbidden ones are written with *even_if_unsafe* only, after a comment that says so.

    Raises:
        ExportError: nothing usable to receive or nothing usable to send, or only a program on
            the user's own computer for one of them.

    See: draft-ietf-mailmaint-autoconfig-06 §3.
    """
    incoming = advisable(report.incoming, even_if_unsafe)
    outgoing = advisable(report.outgoing, even_if_unsafe)
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
    services = advisable(report.services, even_if_unsafe)
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
            candidates=tuple(_candidate(one) for one in settings),
            oauth2=next((one.oauth2 for one in settings if one.oauth2), None),
        )
    )
    return _with_warning(document, settings)


def _candidate(one: Setting) -> Candidate:
    auth = tuple(method for method in one.auth if method is not AuthMethod.CHALLENGE) or one.auth
    return Candidate(
        one.endpoint,
        Username(one.username_template or _TEMPLATES.get(one.username_form) or one.username),
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
    "autoconfig", "autoconfig XML (clientConfig)", "text/xml", "config-v1.1.xml", export
)
