"""Autodiscover XML (POX), as Outlook and others ask for it.

See: [MS-OXDSCLI]; the mistakes of other publishers are in ``formats._autodiscover_words``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from advisor.errors import ExportError
from advisor.exporters import _text as text
from advisor.exporters._domain import candidate, first_of_each, servers, with_warning
from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.formats.autodiscover import Settings, render
from advisor.formats.srv import zone_line
from advisor.model.auth import AuthMethod, Username
from advisor.model.endpoint import INCOMING, OUTGOING
from advisor.model.report import Report, Setting

# What the format has words for: a password, and Windows' own way.
_SAID = frozenset({AuthMethod.PASSWORD, AuthMethod.NTLM, AuthMethod.NONE})
_TTL = 3600


def export(report: Report, wish: Wish) -> Export:
    """The answer for everybody in the domain, or for one person with that one's user names.

    Raises:
        ExportError: nothing usable to receive or to send, or nothing that the format can say.
    """
    named = servers(report, wish, "Autodiscover")
    mail = [one for one in named if one.protocol in (*INCOMING, *OUTGOING)]
    sayable = [one for one in mail if not one.auth or _SAID & set(one.auth)]
    can, more = first_of_each(sayable)
    if not all(any(one.protocol in way for one in can) for way in (INCOMING, OUTGOING)):
        raise ExportError(
            f"Autodiscover has no word for the ways to sign in at {report.domain}: "
            "it knows passwords and NTLM"
        )
    who = wish.person
    written = [candidate(one, wish) for one in can]
    if who is None:
        written = [replace(one, username=Username()) for one in written]
    address = (who and who.address) or f"user@{report.domain}"
    provider = report.provider
    settings = Settings(
        display_name=provider.name if provider else report.domain_unicode,
        candidates=tuple(written),
    )
    record = zone_line(
        f"_autodiscover._tcp.{report.domain}",
        "SRV",
        f"0 1 443 autodiscover.{report.domain}.",
        ttl=_TTL,
    )
    document = with_warning(render(settings, address=address), can)
    unsaid = [f"{one.endpoint} (it has no word for that)" for one in named if one not in sayable]
    return Export(document, (*more, *unsaid, *_lost(can, wish)), (record,))


def _lost(can: Iterable[Setting], wish: Wish) -> Iterator[str]:
    ways = {method for one in can for method in one.auth} - _SAID
    if ways:
        yield f"other ways to sign in: {', '.join(sorted(ways))}"
    if wish.person is None:
        yield "the user name, because a document for everybody can name nobody's"
    yield from text.unnamed(wish)


EXPORTER = Exporter(
    "autodiscover",
    "Autodiscover XML (POX)",
    "text/xml",
    "autodiscover.xml",
    export,
    is_posted=True,
    places=(
        "https://autodiscover.{domain}/autodiscover/autodiscover.xml",
        "https://autodiscover.{domain}/Autodiscover/Autodiscover.xml",
        "https://{domain}/autodiscover/autodiscover.xml",
    ),
)
