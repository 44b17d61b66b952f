"""From causes of an error to what a mail client's form has to show; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from advisor.model.client import Client
from advisor.model.diagnosis import Choice
from advisor.model.endpoint import Protocol, Security, conventional_ports

_PORT = r"(?:\bport|:)\W{0,3}"
_NAMED = {
    protocol: re.compile(pattern, re.IGNORECASE)
    for protocol, pattern in {
        Protocol.IMAP: rf"\bimap(?:4|s)?\b|{_PORT}(?:993|143)\b|\bNO \[[a-z]|\* BYE ",
        Protocol.POP3: rf"\bpop(?:3|3s)?\b|{_PORT}(?:995|110)\b|-ERR ",
        Protocol.SMTP: rf"\be?smtps?\b|\bsubmission\b|{_PORT}(?:465|587|25)\b"
        r"|\b[45][0-9][0-9][ -][45]\.[0-9]\.[0-9]{1,3}\b",
    }.items()
}


def spoken_in(text: str) -> tuple[Protocol, ...]:
    """The protocols that *text* speaks of, by name or by port; all three where it names none."""
    found = tuple(protocol for protocol, named in _NAMED.items() if named.search(text))
    return found or tuple(_NAMED)


def choices(
    client: Client,
    classes: Mapping[str, Mapping[str, Any]],
    causes: Iterable[str],
    protocols: Iterable[Protocol],
) -> tuple[Choice, ...]:
    """What to choose in *client* against *causes*, in the order of the classes' ``enter``."""
    wanted = [classes[cause].get("enter") or {} for cause in causes]
    spoken = [protocol for protocol in protocols if protocol.value in client.protocols]
    securities = dict.fromkeys(Security(one) for each in wanted for one in each.get("security", ()))
    sign_ins = dict.fromkeys(one for each in wanted for one in each.get("sign_in", ()))
    return (*_securities(client, spoken, securities), *_sign_ins(client, spoken, sign_ins))


def _securities(
    client: Client, protocols: Iterable[Protocol], wanted: Iterable[Security]
) -> Iterator[Choice]:
    for protocol in protocols:
        ports = {security: port for port, security in reversed(conventional_ports(protocol))}
        for security in wanted:
            label = client.label_for(protocol, security, ports[security])
            if label is not None:
                yield Choice(protocol, ports[security], "security", label.label, label.confidence)


def _sign_ins(
    client: Client, protocols: Iterable[Protocol], wanted: Iterable[str]
) -> Iterator[Choice]:
    for protocol in protocols:
        for method in wanted:
            fitting = (
                one
                for one in client.sign_in
                if one.does == method and protocol.value in one.protocols
            )
            if (found := next(fitting, None)) is not None:
                yield Choice(protocol, None, "sign_in", found.label, found.confidence)
