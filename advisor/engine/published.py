"""A published document × rules → what to mend in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from advisor.engine.evaluate import fill
from advisor.engine.rulebook import Rule, Rulebook
from advisor.model.auth import AuthMethod, Username
from advisor.model.endpoint import CONVENTIONAL, INCOMING, OUTGOING, Endpoint, Protocol, Security
from advisor.model.published import Entry, LintFinding, Reading, Slip
from advisor.model.report import Reference, Severity

_PLACEHOLDER = re.compile(r"%[A-Z]+%")
_BRACES = re.compile(r"\{([a-z_]+)\}")

Sentences = Mapping[str, Mapping[str, str]]


def judge(
    reading: Reading, form: str, rulebook: Rulebook, sentences: Sentences
) -> tuple[LintFinding, ...]:
    """Everything to mend in a document of the format *form*, in the order of its lines.

    *sentences* are those of its slips by code, as ``rules/slips`` has them.
    """
    whole = document(reading, form)
    seen = zip(reading.entries, entries(reading, form), strict=True)
    found = [
        *(_slip(one, sentences[one.code]) for one in reading.slips),
        *(
            _finding(rule, whole, reading.line, reading.column)
            for rule in rulebook.rules["document"].speaking(whole)
        ),
        *(
            _finding(rule, facts, entry.line, entry.column)
            for entry, facts in seen
            for rule in rulebook.rules["published"].speaking(facts)
        ),
    ]
    return tuple(sorted(found, key=lambda one: (one.line, one.column, one.severity.rank, one.code)))


def _slip(one: Slip, says: Mapping[str, str]) -> LintFinding:
    facts = dict(one.facts)

    def filled(template: str) -> str:
        return _BRACES.sub(lambda found: facts.get(found[1], found[0]), template)

    reference = says.get("reference")
    return LintFinding(
        one.code,
        Severity(says["severity"]),
        one.line,
        one.column,
        filled(says["says"]),
        filled(says.get("instead") or ""),
        "",
        (Reference(reference, "", ""),) if reference else (),
    )


def _finding(rule: Rule, facts: dict[str, Any], line: int, column: int) -> LintFinding:
    return LintFinding(
        rule.id,
        rule.severity,
        line,
        column,
        fill(rule.then["finding"], facts),
        fill(rule.then.get("instead") or "", facts),
        rule.because,
        rule.references,
        rule.origin,
    )


def document(reading: Reading, form: str) -> dict[str, Any]:
    """The facts about the document as a whole."""
    offered = [entry for entry in reading.entries if not entry.denied]
    incoming = [entry for entry in offered if entry.protocol in INCOMING]
    outgoing = [entry for entry in offered if entry.protocol in OUTGOING]
    return {
        "document.format": form,
        "document.whole": reading.whole,
        "document.id": reading.id or None,
        "document.id_among_domains": reading.id.lower() in reading.domains,
        "document.domains": list(reading.domains),
        "document.bare_domains": list(reading.bare_domains),
        "document.protocols": [entry.protocol.value for entry in offered],
        "document.incoming": len(incoming),
        "document.outgoing": len(outgoing),
        "document.first_incoming": incoming[0].protocol.value if incoming else None,
        "document.first_outgoing": _security(outgoing[0]) if outgoing else None,
        "document.outgoing_security": _modes(outgoing),
        "document.incoming_security": _modes(incoming),
        "document.outgoing_ports": [entry.port for entry in outgoing if entry.port],
        "document.starttls_first": list(_starttls_first(offered)),
    }


def _security(entry: Entry) -> str | None:
    return entry.security.value if entry.security else None


def _modes(found: Iterable[Entry]) -> list[str]:
    return list(dict.fromkeys(entry.security.value for entry in found if entry.security))


def _starttls_first(offered: Sequence[Entry]) -> Iterator[str]:
    """The protocols of which a server with STARTTLS stands before one with implicit TLS."""
    for protocol in (*INCOMING, *OUTGOING):
        modes = [entry.security for entry in offered if entry.protocol is protocol]
        if Security.TLS in modes and Security.STARTTLS in modes[: modes.index(Security.TLS)]:
            yield protocol.value


def entries(reading: Reading, form: str) -> list[dict[str, Any]]:
    """The facts about each entry, in their order, with those about the document."""
    whole = document(reading, form)
    return [whole | _entry(entry, reading) for entry in reading.entries]


def _entry(entry: Entry, reading: Reading) -> dict[str, Any]:
    stands_for = _meanings(entry.port)
    own = {one.security for one in stands_for if one.protocol is entry.protocol}
    others = [one for one in stands_for if one.protocol is not entry.protocol]
    ports = {mode: port for (spoken, port), mode in CONVENTIONAL.items()
             if spoken is entry.protocol and port != 25}  # fmt: skip
    same = [
        one
        for one in reading.entries
        if one.protocol is entry.protocol and one is not entry and not one.denied
    ]
    return {
        "published.protocol": entry.protocol.value,
        "published.protocol_written": entry.protocol_written or None,
        "published.protocol_name": _NAMES.get(entry.protocol, entry.protocol.value),
        "published.role": _role(entry.protocol),
        "published.host": entry.host,
        "published.host_written": entry.host_written,
        "published.host_form": host_form(entry),
        "published.port": entry.port,
        "published.port_written": entry.port_written or None,
        "published.port_protocol": others[0].protocol.value if others and not own else None,
        "published.port_name": (
            _NAMES.get(others[0].protocol, others[0].protocol.value) if others and not own else None
        ),
        "published.port_security": next(iter(own)).value if own else None,
        "published.port_tls": ports.get(Security.TLS),
        "published.port_starttls": ports.get(Security.STARTTLS),
        "published.security": _security(entry),
        "published.security_written": entry.security_written,
        "published.ssl_written": entry.ssl_written or None,
        "published.write_tls": entry.write_tls,
        "published.write_starttls": entry.write_starttls,
        "published.auth": [method.value for method in entry.auth],
        "published.auth_written": list(entry.auth_written),
        "published.auth_bare": list(entry.auth_bare),
        "published.oauth_only": entry.auth == (AuthMethod.OAUTH2,),
        "published.username": entry.username or None,
        "published.username_form": Username(entry.username).form.value,
        "published.placeholders": _PLACEHOLDER.findall(entry.username),
        "published.alternatives": _modes(same),
        "published.denied": entry.denied,
    }


_NAMES = {
    Protocol.IMAP: "IMAP",
    Protocol.POP3: "POP3",
    Protocol.SMTP: "submission (SMTP)",
    Protocol.MANAGESIEVE: "ManageSieve",
}


def _meanings(port: int | None) -> list[Endpoint]:
    return [
        Endpoint(spoken, "", number, security)
        for (spoken, number), security in CONVENTIONAL.items()
        if number == port
    ]


def _role(protocol: Protocol) -> str:
    if protocol in INCOMING:
        return "incoming"
    return "outgoing" if protocol in OUTGOING else "service"


def host_form(entry: Entry) -> str:
    """What stands for the host: name, filled (it has a placeholder), unicode, bad or missing."""
    if not entry.host_written:
        return "missing"
    if _PLACEHOLDER.search(entry.host_written):
        return "filled"
    if entry.host is None:
        return "bad"
    return "name" if entry.host_written.isascii() else "unicode"
