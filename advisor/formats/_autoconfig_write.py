"""``ClientConfig`` → clientConfig XML that every known reader copes with, always the same bytes.

A mechanism is written as ``system="sasl"`` only where the generic words do not say as much, and
always before the generic word, which old readers take (§3.7.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from advisor.formats import _autoconfig_words as words
from advisor.formats._autoconfig_document import ClientConfig
from advisor.model.auth import AuthMethod, OAuth2, method_of
from advisor.model.evidence import Candidate
from advisor.model.text import printable

VERSION = "1.1"


def render(config: ClientConfig) -> bytes:
    """*config* as a document of version 1.1, which readers of 1.2 take as well; UTF-8, no BOM.

    IMAP stands before POP3; within a protocol the order is that of *config*. *remarks* are not
    written.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<clientConfig version="{VERSION}">',
        f"  <emailProvider id={quoteattr(printable(config.id))}>",
        *_provider(config),
        *_sections(config.candidates, in_provider=True),
        "  </emailProvider>",
        *_sections(config.candidates, in_provider=False),
        *(_oauth2(config.oauth2) if config.oauth2 else ()),
        "</clientConfig>",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _provider(config: ClientConfig) -> Iterator[str]:
    for domain in config.domains:
        yield _element(4, "domain", domain)
    if config.name:
        yield _element(4, "displayName", config.name)
    if config.short_name:
        yield _element(4, "displayShortName", config.short_name)
    for link in config.documentation:
        yield f"    <documentation url={quoteattr(printable(link, 2000))}/>"


def _sections(candidates: tuple[Candidate, ...], *, in_provider: bool) -> Iterator[str]:
    indent = 4 if in_provider else 2
    for protocol, (section, kind) in words.SECTIONS.items():
        if (section in words.PROVIDER_SECTIONS) is not in_provider:
            continue
        for candidate in candidates:
            if candidate.endpoint.protocol is protocol:
                yield f'{" " * indent}<{section} type="{kind}">'
                yield from _server(candidate, indent + 2)
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
        yield from _authentication(method, candidate.mechanisms, indent)
    if candidate.username.template:
        yield _element(indent, "username", candidate.username.template)


def _url(candidate: Candidate) -> str:
    return f"https://{candidate.endpoint.host}:{candidate.endpoint.port}/"


def _authentication(method: AuthMethod, mechanisms: tuple[str, ...], indent: int) -> Iterator[str]:
    if method in (AuthMethod.SCRAM, AuthMethod.CHALLENGE):
        for mechanism in mechanisms:
            if method_of(mechanism) is method:
                yield _element(indent, "authentication", mechanism, ' system="sasl"')
    yield _element(indent, "authentication", words.METHOD[method])


def _oauth2(oauth2: OAuth2) -> Iterator[str]:
    yield "  <oAuth2>"
    parts = {
        "authURL": oauth2.auth_url,
        "tokenURL": oauth2.token_url,
        "issuer": oauth2.issuer,
        "scope": " ".join(oauth2.scopes),
    }
    for part, text in parts.items():
        if text:
            yield _element(4, part, text)
    yield "  </oAuth2>"


def _element(indent: int, name: str, text: str, attributes: str = "") -> str:
    return f"{' ' * indent}<{name}{attributes}>{escape(printable(text, 3000))}</{name}>"
