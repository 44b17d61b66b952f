"""What does a word mean? Terms, labels on screens, ports, rules and findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from advisor.engine.rulebook import references
from advisor.knowledge.clients import Clients, covers, numbers
from advisor.knowledge.library import Library
from advisor.model.answers import Meaning, Term
from advisor.model.client import Client

_PROTOCOLS = ("imap", "pop3", "smtp")


def explain(word: str, library: Library, client: str | None = None) -> Term:
    """What *word* means: a term, a label on a screen, a port, a rule's id or a finding's code.

    With *client* (``thunderbird@2``) only what it means there, where that is known.

    Raises:
        InputError: *client* is not written as name or name@version.
    """
    wanted = _folded(word)
    terms = library.entries("terms")
    found = [
        meaning
        for key, entry in sorted(terms.items())
        if wanted in {_folded(entry["term"]), _folded(key), *map(_folded, entry["also"])}
        for meaning in entry["meanings"]
    ]
    meanings = [
        Meaning(m["means"], m["where"], m["because"], references(m["references"])) for m in found
    ]
    meanings += _other_meanings(word, library)
    if client is None:
        meanings += _on_screens(wanted, Clients(library.entries("clients")).every())
    else:
        meanings = _for_client(wanted, meanings, library.client(client))
    return Term(word, tuple(dict.fromkeys(meanings)))


def _for_client(wanted: str, meanings: list[Meaning], client: Client) -> list[Meaning]:
    """What its own screen says first; else what the terms say of it; else what all mean."""
    there = _on_screens(wanted, [client])
    told = [m for m in meanings if m.where and applies(m.where, client.id, client.version)]
    return there + told or [m for m in meanings if m.where is None]


_DOES = {
    "implicit": "TLS from the first byte (implicit TLS)",
    "starttls": "STARTTLS, required: no connection where it is not offered",
    "opportunistic": "STARTTLS if it is offered, otherwise clear text without a word",
    "none": "no encryption",
    "auto": "the program decides by itself, and does not show what it decided",
}
_SIGN_IN = {
    "password": "the password itself is sent, which is right inside TLS and nowhere else",
    "challenge": "a challenge such as CRAM-MD5; it has nothing to do with TLS, and few servers can",
    "ntlm": "NTLM, for Windows servers only; it does not mean a password inside TLS",
    "scram": "SCRAM, a challenge that does not reveal the password",
    "gssapi": "a Kerberos ticket instead of a password",
    "oauth2": "signing in through the provider's own page, with a token instead of a password",
    "external": "a client certificate",
    "none": "no sign-in",
    "auto": "the program decides by itself",
}


def _on_screens(wanted: str, clients: Iterable[Client]) -> list[Meaning]:
    """What the word does where it stands as a label, gathered by meaning."""
    told: dict[tuple[str, str], list[str]] = {}
    for client in clients:
        for one in client.labels:
            if _folded(one.label) == wanted:
                says = _label_says(one.protocols, _DOES[one.does], one.ports, one.except_ports)
                told.setdefault((says, _because(one.note, one.confidence, one.source)), []).append(
                    f"{client.id}@{client.range}"
                )
        for way in client.sign_in:
            if _folded(way.label) == wanted:
                says = _label_says(way.protocols, _SIGN_IN[way.does])
                told.setdefault((says, _because(way.note, way.confidence, way.source)), []).append(
                    f"{client.id}@{client.range}"
                )
    return [
        Meaning(says, ", ".join(dict.fromkeys(where)), because, ())
        for (says, because), where in told.items()
    ]


def _label_says(
    protocols: Sequence[str],
    does: str,
    ports: Sequence[int] = (),
    except_ports: Sequence[int] = (),
) -> str:
    where = "" if len(protocols) == len(_PROTOCOLS) else f"for {' and '.join(protocols)}: "
    if ports:
        where = f"{where}on port {', '.join(map(str, ports))}: "
    if except_ports:
        where = f"{where}on other ports than {', '.join(map(str, except_ports))}: "
    return f"{where}{does}"


def _because(note: str | None, confidence: str, source: str) -> str:
    doubt = "It may read differently in your version. " if confidence == "unverified" else ""
    return f"{note + ' ' if note else ''}{doubt}Source: {source}."


def _other_meanings(word: str, library: Library) -> list[Meaning]:
    key = word.strip().lower()
    meanings = []
    if key in library.entries("ports"):
        port = library.entries("ports")[key]
        meanings.append(
            Meaning(port["answer"], None, port["because"], references(port["references"]))
        )
    if key in library.entries("rules"):
        rule = library.entries("rules")[key]
        meanings.append(
            Meaning(rule["title"], None, rule["because"], references(rule["references"]))
        )
    return meanings


def _folded(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.strip().strip("\"'“”").lower())


def near(word: str, library: Library) -> list[str]:
    """Up to three known words near *word*."""
    from difflib import get_close_matches

    terms = library.entries("terms")
    known = {_folded(entry["term"]): entry["term"] for entry in terms.values()}
    known |= {key: key for key in (*library.entries("rules"), *library.entries("ports"))}
    return [known[key] for key in get_close_matches(_folded(word), known, n=3, cutoff=0.55)]


def applies(where: str, client: str, version: str | None) -> bool:
    """Does *where* (``thunderbird@<3, seamonkey``) cover *client* in *version*?"""
    for part in where.lower().split(","):
        name, _, span = part.strip().partition("@")
        if name == client and (not span or version is None or covers(span, numbers(version))):
            return True
    return False
