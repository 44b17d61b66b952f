"""The provider catalogue: who runs the mail of a domain, by its name or by its servers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from advisor.model import auth
from advisor.model.address import is_within
from advisor.model.auth import AuthMethod, OAuth2, Username
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Candidate, Provider

_USERNAMES = {"address": auth.ADDRESS, "localpart": auth.LOCALPART, "unknown": Username()}


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One provider with the settings it gives to mail clients, in its order of preference."""

    provider: Provider
    candidates: tuple[Candidate, ...]


class Catalogue:
    """The providers by domain, MX host and name server; *entries* are checked knowledge."""

    def __init__(self, entries: Mapping[str, Mapping[str, Any]]) -> None:
        self._entries = entries
        own = sorted(entries, key=lambda key: entries[key]["origin"] == "overlay")
        self._domains = {name: key for key in own for name in entries[key]["domains"]}

    def entry_of(self, domain: str) -> Mapping[str, Any] | None:
        """The entry as it stands in the file; the operator's own claim outdoes ours."""
        key = self._domains.get(domain)
        return None if key is None else self._entries[key]

    def by_domain(self, domain: str) -> CatalogueEntry | None:
        """The provider that gives out addresses in *domain*."""
        key = self._domains.get(domain)
        return None if key is None else entry(self._entries[key])

    def by_mx(self, host: str) -> CatalogueEntry | None:
        """The provider that the MX host *host* belongs to; the longest suffix wins."""
        return self._by_host(host, "mx")

    def by_ns(self, host: str) -> CatalogueEntry | None:
        """The provider whose mail comes with the name server *host*; the longest suffix wins."""
        return self._by_host(host, "ns")

    @property
    def knows_name_servers(self) -> bool:
        """Does any entry tell name servers?"""
        return any(one.get("ns") for one in self._entries.values())

    def _by_host(self, host: str, field: str) -> CatalogueEntry | None:
        matches = [
            (len(suffix), one["origin"] == "overlay", key)
            for key, one in self._entries.items()
            for suffix in one.get(field, ())
            if is_within(host, suffix)
        ]
        return entry(self._entries[max(matches)[-1]]) if matches else None


def entry(data: Mapping[str, Any]) -> CatalogueEntry:
    """The typed form of one checked entry."""
    sign_in = data["sign_in"]
    provider = Provider(
        id=data["id"],
        name=data["name"],
        documentation=data["documentation"],
        account_password=sign_in["account_password"],
        app_password=sign_in["app_password"],
        oauth2=sign_in["oauth2"],
        access=data["access"],
        max_tls=data["max_tls"],
        notes=tuple(data["notes"]),
        verified=data["verified"],
    )
    return CatalogueEntry(provider, tuple(_candidate(one, data) for one in data["servers"]))


def _candidate(server: Mapping[str, Any], data: Mapping[str, Any]) -> Candidate:
    endpoint = Endpoint(
        Protocol(server["protocol"]), server["host"], server["port"], Security(server["security"])
    )
    methods = tuple(AuthMethod(name) for name in server.get("auth") or ()) or _methods(data)
    oauth2 = data["oauth2"] if AuthMethod.OAUTH2 in methods else None
    return Candidate(
        endpoint,
        _USERNAMES[server["username"]],
        methods,
        oauth2=oauth2 and OAuth2(**{**oauth2, "scopes": tuple(oauth2["scopes"])}),
    )


def _methods(data: Mapping[str, Any]) -> tuple[AuthMethod, ...]:
    sign_in = data["sign_in"]
    if sign_in["oauth2"] == "required":
        return (AuthMethod.OAUTH2,)
    if sign_in["oauth2"] == "offered":
        return (AuthMethod.OAUTH2, AuthMethod.PASSWORD)
    return (AuthMethod.PASSWORD,)
