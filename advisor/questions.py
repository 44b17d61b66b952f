"""What is asked in a question about ports: protocols, ports, a way to begin TLS, a client."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.errors import InputError
from advisor.knowledge.clients import Clients
from advisor.knowledge.library import Library
from advisor.model.client import Client
from advisor.model.endpoint import Protocol, Security
from advisor.model.text import printable

_READING = (Protocol.IMAP, Protocol.POP3)

# Words people use for a protocol or a direction.
_PROTOCOLS: dict[str, tuple[Protocol, ...]] = {
    **dict.fromkeys(("imap", "imaps", "imap4"), (Protocol.IMAP,)),
    **dict.fromkeys(("pop", "pops", "pop3", "pop3s"), (Protocol.POP3,)),
    **dict.fromkeys(("smtp", "smtps", "submission", "submissions"), (Protocol.SMTP,)),
    **dict.fromkeys(("incoming", "inbound", "receive", "receiving"), _READING),
    **dict.fromkeys(("outgoing", "outbound", "send", "sending"), (Protocol.SMTP,)),
    **dict.fromkeys(("sieve", "managesieve"), (Protocol.MANAGESIEVE,)),
}
_STARTTLS = frozenset({"starttls", "stls"})
# Words about mail that name no protocol: all three are meant.
_MAIL = frozenset(
    {"mail", "email", "emails", "firewall", "ssl", "tls", "secure", "encrypted", "encryption"}
)
_PLAIN = re.compile(
    r"\b(unencrypted|plain ?text|clear ?text|insecure|non ?ssl"
    r"|(without|no) (ssl|tls|encryption))\b"
)
_WEB = frozenset(
    {"activesync", "caldav", "carddav", "eas", "ews", "exchange", "https", "jmap", "mapi", "owa"}
    | {"webmail"}
)


@dataclass(frozen=True, slots=True)
class PortQuestion:
    """What was asked; no *ports* and no *protocols* stand for all that a mail program needs.

    *security* is STARTTLS or NONE where the words ask for that.
    """

    ports: tuple[int, ...]
    protocols: tuple[Protocol, ...]
    security: Security | None
    client: Client | None


def read(question: Sequence[str], library: Library, client: Client | None = None) -> PortQuestion:
    """What the words of *question* ask; a client named in them counts where *client* is None.

    Raises:
        InputError: no protocol, no known port and no client in it.
    """
    text = " ".join(question)
    words = re.findall(r"[a-z0-9]+", text.lower())
    known = library.entries("ports")
    numbers = [word for word in dict.fromkeys(words) if word.isdigit()]
    ports = [word for word in numbers if word in known]
    protocols = list(dict.fromkeys(p for word in words for p in _PROTOCOLS.get(word, ())))
    if client is None and any(_is_new(word) for word in words):
        client, ports = _client(text, ports, protocols, library)
    if not ports and client is None and numbers:
        raise InputError(_no_port(numbers[0], known))
    if (
        words
        and client is None
        and not ports
        and not protocols
        and not (_MAIL | _STARTTLS).intersection(words)
    ):
        raise InputError(_no_question(words, text))
    return PortQuestion(tuple(map(int, ports)), tuple(protocols), _security(words, text), client)


def _is_new(word: str) -> bool:
    """Could the word belong to a client's name?"""
    return word not in _PROTOCOLS and word not in _STARTTLS and not word.isdigit()


def _client(
    text: str, ports: list[str], protocols: Sequence[Protocol], library: Library
) -> tuple[Client | None, list[str]]:
    """The client in *text*, and the ports without the one that is its version."""
    clients = Clients(library.entries("clients"))
    found = clients.within(text)
    if found is None or found.version not in ports:
        return found, ports
    owner = library.entries("ports")[found.version]["protocol"]
    others = [port for port in ports if port != found.version]
    if others or (protocols and owner not in protocols):
        return found, others
    return clients.within(re.sub(rf"\b{found.version}\b", " ", text)), ports


def _security(words: Sequence[str], text: str) -> Security | None:
    if _PLAIN.search(text.lower().replace("-", " ")):
        return Security.NONE
    return Security.STARTTLS if _STARTTLS.intersection(words) else None


def _no_port(word: str, known: Mapping[str, Any]) -> str:
    if len(word) > 5 or not 1 <= int(word) <= 65535:
        return f"{word[:20]} is no port: ports are 1 to 65535"
    listed = ", ".join(sorted(known, key=int))
    return (
        f"port {word} is no standard port of mail: those are {listed}; "
        f"advisor probe HOST:{word} tells what a server has there"
    )


def _no_question(words: Sequence[str], text: str) -> str:
    ask = "ask for imap, pop3, smtp, incoming, outgoing, or a port such as 587"
    web = next((word for word in words if word in _WEB), None)
    if web:
        return f"“{web}” goes over the web, HTTPS on port 443, not over a port of mail: {ask}"
    return f"no protocol or port in “{printable(text, 80)}”: {ask}"
