"""Providers: servers, user names and sign-in, with sources and a date."""

from __future__ import annotations

from typing import Any

from advisor.knowledge.kinds._fields import AUTH, PORT, PROTOCOL, SECURITY, host, web_address
from advisor.knowledge.kinds._kind import Kind
from advisor.knowledge.shapes import Mistake, choice, date, listing, nullable, record, text

_SERVER = record(
    {"protocol": PROTOCOL, "host": host, "port": PORT, "security": SECURITY,
     "username": choice("address", "localpart", "unknown")},
    optional={"auth": AUTH},
)  # fmt: skip

PROVIDER = record(
    {
        "name": text(60),
        "documentation": nullable(web_address),
        "domains": listing(host),
        "mx": listing(host),
        "servers": listing(_SERVER),
        "sign_in": record(
            {
                "account_password": choice("accepted", "refused", "unknown"),
                "app_password": choice("required", "offered", "no", "unknown"),
                "oauth2": choice("required", "offered", "no", "unknown"),
            }
        ),
        "access": choice("open", "switch-on-first", "local-bridge", "none"),
        "max_tls": nullable(choice("1.0", "1.1", "1.2", "1.3")),
        "oauth2": nullable(
            record({"issuer": text(), "auth_url": web_address, "token_url": web_address,
                    "scopes": listing(text())})
        ),
        "notes": listing(text()),
        "sources": listing(record({"name": text()}, optional={"url": web_address}), at_least=1),
        "verified": date(),
    },
    optional={"ns": listing(host)},
)  # fmt: skip


def one_owner(found: dict[str, Any]) -> list[Mistake]:
    """A domain belongs to one provider."""
    owners: dict[str, str] = {}
    mistakes = []
    for entry in found.values():
        for mail_domain in entry["domains"]:
            if mail_domain in owners:
                message = f"the domain {mail_domain} stands in {owners[mail_domain]} too"
                mistakes.append(Mistake(entry["file"], 0, 0, message))
            owners[mail_domain] = entry["file"]
    return mistakes


KIND = Kind(PROVIDER, one_owner)
