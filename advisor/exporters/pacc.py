"""PACC JSON, and the record in DNS with its digest.

See: draft-ietf-mailmaint-pacc-02.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from advisor.errors import ExportError
from advisor.exporters import _text as text
from advisor.exporters._domain import candidate, servers
from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.formats import pacc
from advisor.formats._web_address import web_address
from advisor.formats.srv import zone_line
from advisor.model.auth import ADDRESS, AuthMethod, UsernameForm
from advisor.model.endpoint import CONVENTIONAL, INCOMING, OUTGOING, Protocol, Security
from advisor.model.evidence import Candidate
from advisor.model.report import Report, Setting, Verdict
from advisor.model.text import printable

_SAID = (AuthMethod.PASSWORD, AuthMethod.OAUTH2)
_BY_URL = (Protocol.JMAP, Protocol.CALDAV, Protocol.CARDDAV)
_TTL = 3600


def export(report: Report, wish: Wish) -> Export:
    """The document, one server for each protocol, and its digest as a zone line.

    Raises:
        ExportError: what is recommended needs something that the format cannot say, such as
            STARTTLS, another port, or a user name that is not the address.
    """
    named = servers(report, wish, "a PACC document")
    best: dict[Protocol, Setting] = {}
    for one in named:
        if _can_be_said(one):
            best.setdefault(one.protocol, one)
    for way, direction in ((INCOMING, "receiving"), (OUTGOING, "sending")):
        if best.keys().isdisjoint(way):
            raise ExportError(
                f"PACC cannot say how mail of {report.domain} is set up for {direction}: it knows "
                "TLS from the first byte on the standard ports only, the address as user name, "
                "and a password or OAuth2 to sign in"
            )
    methods = _shared(best.values())
    provider = report.provider
    found = web_address(provider.documentation) if provider and provider.documentation else None
    document = pacc.render(
        pacc.Configuration(
            name=printable(provider.name if provider else report.domain_unicode, pacc.MAX_NAME),
            documentation=found.url if found else None,
            candidates=tuple(_written(one, methods, wish) for one in best.values()),
        )
    )
    digest = f'"{pacc.record(document)}"'
    record = zone_line(pacc.owner(report.domain), "TXT", digest, ttl=_TTL)
    return Export(document, tuple(_lost(named, best, methods, wish)), (record,))


def _can_be_said(one: Setting) -> bool:
    if one.protocol in _BY_URL:
        return one.url is not None and one.url.startswith("https://")
    usual = CONVENTIONAL.get((one.protocol, one.port)) is Security.TLS
    by_address = one.username_form in (UsernameForm.ADDRESS, UsernameForm.UNKNOWN)
    ways = set(one.auth or (AuthMethod.PASSWORD,))
    is_safe = one.verdict is not Verdict.FORBIDDEN
    return (
        is_safe
        and usual
        and one.security is Security.TLS
        and by_address
        and not ways.isdisjoint(_SAID)
    )


def _shared(settings: Iterable[Setting]) -> tuple[AuthMethod, ...]:
    """The ways to sign in that all servers for mail have: the format has one list for all.

    Raises:
        ExportError: they have none in common.
    """
    mail = [one for one in settings if one.protocol not in _BY_URL]
    every = [set(one.auth or (AuthMethod.PASSWORD,)) for one in mail]
    issuers = {one.oauth2.issuer for one in mail if one.oauth2}
    found = [method for method in _SAID if all(method in ways for ways in every)]
    if AuthMethod.OAUTH2 in found and len(issuers) != 1:
        found.remove(AuthMethod.OAUTH2)
    if not found:
        raise ExportError("PACC has one way to sign in for all servers, and theirs differ")
    return tuple(found)


def _written(one: Setting, methods: tuple[AuthMethod, ...], wish: Wish) -> Candidate:
    oauth2 = one.oauth2 if AuthMethod.OAUTH2 in methods else None
    plain = replace(candidate(one, wish), auth=methods, oauth2=oauth2, username=ADDRESS)
    return plain if one.protocol in _BY_URL else replace(plain, url=None)


def _lost(
    named: Iterable[Setting],
    best: dict[Protocol, Setting],
    methods: tuple[AuthMethod, ...],
    wish: Wish,
) -> Iterator[str]:
    kept = {one.endpoint for one in best.values()}
    for one in named:
        if one.endpoint not in kept:
            yield f"{one.endpoint} (one server of each kind, TLS from the first byte only)"
    ways = {method for one in best.values() for method in one.auth} - set(methods)
    if ways:
        yield f"other ways to sign in: {', '.join(sorted(ways))}"
    yield from text.unnamed(wish)


EXPORTER = Exporter(
    "pacc",
    "PACC JSON",
    "application/json",
    "user-agent-configuration.json",
    export,
    places=("https://ua-auto-config.{domain}/.well-known/user-agent-configuration.json",),
)
