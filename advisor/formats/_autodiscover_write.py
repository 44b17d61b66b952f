"""Requests of Autodiscover, and ``Settings`` → XML that every known reader copes with.

Always the same bytes for the same settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from advisor.formats import _autodiscover_words as words
from advisor.formats._autodiscover_document import Settings
from advisor.model.auth import AuthMethod
from advisor.model.evidence import Candidate
from advisor.model.text import printable

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def request(address: str) -> bytes:
    """The question for the settings of *address*."""
    lines = [
        _HEAD,
        f'<Autodiscover xmlns="{words.REQUEST}">',
        "  <Request>",
        _element(4, "EMailAddress", address),
        _element(4, "AcceptableResponseSchema", words.RESPONSE),
        "  </Request>",
        "</Autodiscover>",
    ]
    return _joined(lines)


def render(settings: Settings, *, address: str) -> bytes:
    """*settings* as the answer for *address*, whose parts fill the placeholders.

    IMAP stands before POP3 and SMTP; within a protocol the order is that of *settings*. What the
    format has no words for (OAuth2, Exchange, ActiveSync) and *remarks* are not written, and
    neither is an error.
    """
    lines = [
        _HEAD,
        f'<Autodiscover xmlns="{words.ROOT}">',
        f'  <Response xmlns="{words.RESPONSE}">',
        *_user(settings),
        "    <Account>",
        "      <AccountType>email</AccountType>",
        *_account(settings, address),
        "    </Account>",
        "  </Response>",
        "</Autodiscover>",
    ]
    return _joined(lines)


def _joined(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode("utf-8")


def _user(settings: Settings) -> Iterator[str]:
    if settings.display_name:
        yield "    <User>"
        yield _element(6, "DisplayName", settings.display_name)
        yield "    </User>"


def _account(settings: Settings, address: str) -> Iterator[str]:
    if settings.redirect_url:
        yield _element(6, "Action", "redirectUrl")
        yield _element(6, "RedirectUrl", settings.redirect_url)
        return
    if settings.redirect_address:
        yield _element(6, "Action", "redirectAddr")
        yield _element(6, "RedirectAddr", settings.redirect_address)
        return
    yield _element(6, "Action", "settings")
    for protocol, kind in words.TYPES.items():
        for candidate in settings.candidates:
            if candidate.endpoint.protocol is protocol:
                yield "      <Protocol>"
                yield _element(8, "Type", kind)
                yield from _server(candidate, address)
                yield "      </Protocol>"


def _server(candidate: Candidate, address: str) -> Iterator[str]:
    """In the order of the published schema; ``LoginName`` and ``Encryption`` are not in it."""
    at = candidate.endpoint
    local, _, domain = address.rpartition("@")
    login = candidate.username.fill(local, domain)
    if candidate.url:
        yield _element(8, "Server", candidate.url)
        if login:
            yield _element(8, "LoginName", login)
        return
    ssl, encryption = words.WRITTEN[at.security]
    yield _element(8, "Server", at.host)
    yield _element(8, "Port", str(at.port))
    if login:
        yield _element(8, "LoginName", login)
    yield _element(8, "DomainRequired", "off")
    yield _element(8, "SPA", "on" if candidate.auth[:1] == (AuthMethod.NTLM,) else "off")
    yield _element(8, "SSL", ssl)
    yield _element(8, "Encryption", encryption)
    yield _element(8, "AuthRequired", "off" if candidate.auth == (AuthMethod.NONE,) else "on")


def _element(indent: int, name: str, text: str) -> str:
    return f"{' ' * indent}<{name}>{escape(printable(text, 3000))}</{name}>"
