"""A mail client as its user sees it: labels, and what they really do."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.model.endpoint import Protocol, Security

# What a label can do: Security's values under the names that clients' data use.
MODES = {Security.TLS: "implicit", Security.STARTTLS: "starttls", Security.NONE: "none"}


@dataclass(frozen=True, slots=True)
class Label:
    """One choice of a security field.

    *does* is implicit, starttls (required), opportunistic (falls back to clear text), none or
    auto. *ports* (or all but *except_ports*) are where it does so, empty for everywhere.
    *confidence* is measured, source, vendor, guide or unverified.
    """

    label: str
    protocols: tuple[str, ...]
    does: str
    confidence: str
    source: str
    note: str | None = None
    ports: tuple[int, ...] = ()
    except_ports: tuple[int, ...] = ()

    def does_on(self, port: int | None) -> bool:
        """Is this what the label does on *port*?"""
        if port is None:
            return not self.ports
        return port not in self.except_ports and (not self.ports or port in self.ports)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One choice of a sign-in field; *does* names a method of ``AuthMethod`` or auto."""

    label: str
    protocols: tuple[str, ...]
    does: str
    confidence: str
    source: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """Something this client cannot do, or does badly; *protocols* empty for all.

    *hosts* are those that it can do it for, with all names below them; empty where nobody said.
    """

    limit: str
    says: str
    confidence: str
    source: str
    protocols: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Client:
    """One client in one range of versions.

    *version* is what was asked for, *range* what the data speak of. *ports* maps
    ``protocol:mode`` to the port it fills in. *reads* is None where nobody said. *verified* is the
    day on which the data were last checked.
    """

    id: str
    name: str
    kind: str
    version: str | None
    range: str
    protocols: tuple[str, ...]
    labels: tuple[Label, ...]
    sign_in: tuple[SignIn, ...]
    reads: tuple[str, ...] | None
    fields: dict[str, str]
    paths: dict[str, str]
    ports: dict[str, int]
    ports_follow: str | None
    max_tls: str | None
    limits: tuple[Limit, ...]
    notes: tuple[str, ...]
    origin: str
    verified: str

    @property
    def shown(self) -> str:
        """Name and version, for people."""
        return f"{self.name} {self.version}" if self.version else self.name

    def choices(self, protocol: str) -> tuple[Label, ...]:
        """The labels of the security field for *protocol*."""
        return tuple(one for one in self.labels if protocol in one.protocols)

    def label_for(self, protocol: Protocol, security: Security, port: int) -> Label | None:
        """The label to choose for *security* on *port*, or None where there is none."""
        mode = MODES[security]
        fitting = (one for one in self.choices(protocol) if one.does == mode and one.does_on(port))
        return next(fitting, None)

    def limit(self, name: str, protocol: str) -> Limit | None:
        """The limit *name* as far as it concerns *protocol*."""
        return next(
            (
                one
                for one in self.limits
                if one.limit == name and (not one.protocols or protocol in one.protocols)
            ),
            None,
        )
