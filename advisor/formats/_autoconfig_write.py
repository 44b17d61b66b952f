"""``ClientConfig`` → clientConfig XML that every known reader copes with, always the same bytes.

A mechanism is written as ``system="sasl"`` only where the generic words do not say as much, and
always before the generic word, which old readers take (§3.7.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from advisor.formats import _autoconfig_words as words
from advisor.formats._autoconfig_document import ClientConfig, Part
from advisor.formats._autoconfig_parts import written
from advisor.model.auth import AuthMethod, OAuth2, method_of
from advisor.model.evidence import Candidate
from advisor.model.text import printable

VERSION = "1.1"


def render(config: ClientConfig) -> bytes:
    """*config* as a document of version 1.1, which readers of 1.2 take as well; UTF-8, no BOM.

    IMAP stands before POP3; within a protocol the order is that of *config*. *remarks* are not
    written.
    """
    inside = [part for part in config.extras if part.name in words.PROVIDER_SECTIONS]
    outside = [part for part in config.extras if part.name not in words.PROVIDER_SECTIONS]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<clientConfig version="{VERSION}">',
        f"  <emailProvider id={quoteattr(printable(config.id))}>",
        *_provider(config),
        *_sections(config, in_provider=True),
        *written(inside, 4),
        "  </emailProvider>",
        *_sections(config, in_provider=False),
        *(_oauth2(config.oauth2) if config.oauth2 else ()),
        *written(outside, 2),
        "</clientConfig>",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _provider(config: ClientConfig) -> Iterator[str]:
    for domain in config.domains:
        purpose = ' purpose="mx"' if domain in config.mx_domains else ""
        yield _element(4, "domain", domain, purpose)
    if config.name:
        yield _element(4, "displayName", config.name)
    if config.short_name:
        yield _element(4, "displayShortName", config.short_name)
    for link in config.documentation:
        said = tuple(
            Part("descr", (("lang", language),) if language else (), text)
            for address, language, text in config.descriptions
            if address == link
        )
        yield from written([Part("documentation", (("url", printable(link, 2000)),), "", said)], 4)


def _sections(config: ClientConfig, *, in_provider: bool) -> Iterator[str]:
    indent = 4 if in_provider else 2
    for protocol, (section, kind) in words.SECTIONS.items():
        if (section in words.PROVIDER_SECTIONS) is not in_provider:
            continue
        for place, candidate in enumerate(config.candidates):
            if candidate.endpoint.protocol is protocol:
                yield f'{" " * indent}<{section} type="{kind}">'
                yield from _server(candidate, indent + 2)
                yield from written((part for at, part in config.details if at == place), indent + 2)
                yield f"{' ' * indent}</{section}>"


def _server(candidate: Candidate, indent: int) -> Iterator[str]:
    endpoint = candidate.endpoint
    if endpoint.protocol in words.BY_URL:
        yield _element(indent, "url", candidate.url or _url(candidate))
    else:
        yield _element(indent, "hostname", endpoint.host)
        yield _element(indent, "port", str(endpoint.port))
        yield _element(indent, "socketType", words.SOCKET_TYPE[endpoint.security])
    for method in candidate.auth:
        yield from _authentication(method, candidate, indent)
    if candidate.username.template:
        yield _element(indent, "username", candidate.username.template)


def _url(candidate: Candidate) -> str:
    return f"https://{candidate.endpoint.host}:{candidate.endpoint.port}/"


def _authentication(method: AuthMethod, candidate: Candidate, indent: int) -> Iterator[str]:
    if method in (AuthMethod.SCRAM, AuthMethod.CHALLENGE):
        for mechanism in candidate.mechanisms:
            if method_of(mechanism) is method:
                yield _element(indent, "authentication", mechanism, ' system="sasl"')
    over_http = candidate.endpoint.protocol in words.BY_URL
    if over_http and method in words.HTTP_METHOD:
        yield _element(indent, "authentication", words.HTTP_METHOD[method], ' system="http"')
    else:
        yield _element(indent, "authentication", words.METHOD[method])


def _oauth2(oauth2: OAuth2) -> Iterator[str]:
    yield "  <oAuth2>"
    parts = {
        "authURL": oauth2.auth_url,
        "tokenURL": oauth2.token_url,
        "issuer": oauth2.issuer,
        "scope": " ".join(oauth2.scopes),
        "clientID": oauth2.client_id,
    }
    for part, text in parts.items():
        if text:
            yield _element(4, part, text)
    yield "  </oAuth2>"


def _element(indent: int, name: str, text: str, attributes: str = "") -> str:
    return f"{' ' * indent}<{name}{attributes}>{escape(printable(text, 3000))}</{name}>"
