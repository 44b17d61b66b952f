"""clientConfig XML for ``https://autoconfig.DOMAIN/mail/config-v1.1.xml``."""

from __future__ import annotations

from advisor.exporters import _text as text
from advisor.exporters._domain import candidate, first_of_each, servers, with_warning
from advisor.exporters._exporter import Export, Exporter, Wish
from advisor.formats.autoconfig import ClientConfig, render
from advisor.model.report import Report


def export(report: Report, wish: Wish) -> Export:
    """The best setting of each protocol that can be advised; valid for the whole domain.

    For one person, the user names are that person's. A forbidden setting is written on request
    only, after a comment that says so.

    Raises:
        ExportError: nothing usable to receive or nothing usable to send, or only a program on
            the user's own computer for one of them.

    See: draft-ietf-mailmaint-autoconfig-06 §3.
    """
    settings, lost = first_of_each(servers(report, wish, "an autoconfig file"))
    provider = report.provider
    document = render(
        ClientConfig(
            id=report.domain,
            domains=(report.domain,),
            name=provider.name if provider else report.domain_unicode,
            documentation=(
                (provider.documentation,) if provider and provider.documentation else ()
            ),
            candidates=tuple(candidate(one, wish) for one in settings),
            oauth2=next((one.oauth2 for one in settings if one.oauth2), None),
        )
    )
    return Export(with_warning(document, settings), (*lost, *text.unnamed(wish)))


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
