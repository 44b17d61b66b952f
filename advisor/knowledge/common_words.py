"""What the standard choices are called on most screens, read off the catalogue of clients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from advisor.model.client import MODES, Client
from advisor.model.endpoint import Protocol, Security, conventional_ports

# The kinds that have screens; others have keywords of their own.
_SCREENS = ("desktop", "mobile", "webmail")
# Names that at least so many clients use.
_MANY = 3
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """A standard choice: what it *does*, its likeliest names, and the *ports* by protocol."""

    does: str
    called: tuple[str, ...]
    ports: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CommonWords:
    """The three standard choices, and the names that say one thing here and another there."""

    choices: tuple[Choice, ...]
    unclear: tuple[str, ...]


def common_words(every: Iterable[Client]) -> CommonWords:
    """The words of most clients; of *every* client the newest version counts, the first one."""
    newest = [next(versions) for _, versions in groupby(every, key=lambda client: client.id)]
    screens = [client for client in newest if client.kind in _SCREENS]
    return CommonWords(
        tuple(
            Choice(does, _called(does, screens), _ports(security))
            for security, does in MODES.items()
        ),
        _unclear(screens),
    )


def _called(does: str, clients: Iterable[Client]) -> tuple[str, ...]:
    names = Counter(
        name for client in clients for name in {a.label for a in client.labels if a.does == does}
    )
    likely = sorted(names.items(), key=lambda one: (-one[1], one[0]))
    return tuple(name for name, count in likely if count >= _MANY)[:_SHOWN]


def _unclear(clients: Iterable[Client]) -> tuple[str, ...]:
    """Names that are TLS from the first byte to one client and STARTTLS to another."""
    meant: dict[str, set[str]] = {}
    for client in clients:
        for one in client.labels:
            if not one.ports and not one.except_ports:
                meant.setdefault(one.label, set()).add(one.does)
    return tuple(sorted(name for name, does in meant.items() if {"implicit", "starttls"} <= does))


def _ports(security: Security) -> dict[str, int]:
    """The port for each protocol; none where nothing is encrypted."""
    return {
        protocol.value: port
        for protocol in (Protocol.IMAP, Protocol.POP3, Protocol.SMTP)
        for port, mode in conventional_ports(protocol)
        if mode is security
    }
