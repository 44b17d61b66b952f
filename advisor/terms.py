"""What does a word mean? Terms, labels on screens, ports, rules and findings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

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
        every = Clients(library.entries("clients")).every()
        meanings += [*_by_meaning(wanted, every), *_boxes(wanted, every)]
    else:
        meanings = _for_client(wanted, meanings, library.client(client))
    return Term(word, tuple(dict.fromkeys(meanings)))


def _for_client(wanted: str, meanings: list[Meaning], client: Client) -> list[Meaning]:
    """What its own screen says first; else what the terms say of it; else what all mean."""
    there = [
        Meaning(says, f"{client.id}@{client.range}", because, ())
        for says, because in _on_screen(wanted, client)
    ]
    told = [m for m in meanings if m.where and applies(m.where, client.id, client.version)]
    there += [] if there or told else _boxes(wanted, [client])
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


_BOXES = {
    "host": "the box for the name of the server",
    "port": "the box for the port",
    "security": "the box that says how encryption begins",
    "sign_in": "the box that says how to sign in",
    "username": "the box for the user name",
}


def _by_meaning(wanted: str, clients: Sequence[Client]) -> list[Meaning]:
    """What the word does where it stands as a label, each with the clients that mean it so."""
    told: dict[str, list[Client]] = {}
    for client in clients:
        for says, _ in _on_screen(wanted, client):
            told.setdefault(says, []).append(client)
    return [Meaning(says, _where(who, clients), _MORE, ()) for says, who in told.items()]


_MORE = "With --client and one of these names you are told more, and where it is known from."


def _where(those: Sequence[Client], clients: Sequence[Client]) -> str:
    """*those* as ``id``, or ``id@range`` where other versions mean something else."""
    ranges: dict[str, list[str]] = {}
    for one in those:
        ranges.setdefault(one.id, []).append(one.range)
    versions = Counter(one.id for one in clients)
    named = [
        [client] if len(set(spans)) == versions[client] else [f"{client}@{span}" for span in spans]
        for client, spans in ranges.items()
    ]
    return ", ".join(dict.fromkeys(name for group in named for name in group))


def _on_screen(wanted: str, client: Client) -> Iterator[tuple[str, str]]:
    """What the word does in *client*, and why that is believed; by each label that it means."""
    for one in client.labels:
        if (named := _named(wanted, one.label)) is not None:
            says = _label_says(one.protocols, _DOES[one.does], one.ports, one.except_ports)
            yield f"{named}{says}", _because(one.note, one.confidence, one.source)
    for way in client.sign_in:
        named = _named(wanted, way.label)
        if named is None and _is_part(wanted, _folded(way.label)):
            named = f"“{way.label}”: "
        if named is not None:
            says = _label_says(way.protocols, _SIGN_IN[way.does])
            yield f"{named}{says}", _because(way.note, way.confidence, way.source)


def _named(wanted: str, label: str) -> str | None:
    """ "" where *label* is the word, the label itself where it is one of its switch; else None."""
    if _squeezed(label) == _squeezed(wanted):
        return f"“{label}”: " if label.startswith("-") else ""
    switch = _SWITCH.match(label)
    return f"“{label}”: " if switch and _folded(switch.group(1)) == wanted else None


def _is_part(wanted: str, label: str) -> bool:
    """Is it the short form in brackets, or a phrase of some length, that a long label has?"""
    return f"({wanted})" in label or (wanted.count(" ") > 1 and wanted in label)


_SWITCH = re.compile(r"(?:set )?([\w.-]+)\s*[=:]\s*(?!//)\S")


def _boxes(wanted: str, clients: Sequence[Client]) -> list[Meaning]:
    """The boxes on screens that the word names."""
    told: dict[str, list[Client]] = {}
    for client in clients:
        for field, name in client.fields.items():
            if field in _BOXES and wanted in {_folded(part) for part in (name, *name.split(","))}:
                told.setdefault(field, []).append(client)
    return [
        Meaning(_BOXES[field], _where(who, clients), _MORE if len(who) > 1 else _choices(who), ())
        for field, who in told.items()
    ]


def _choices(who: Sequence[Client]) -> str:
    names = dict.fromkeys(f"“{one.label}”" for client in who for one in client.labels)
    return f"Its choices for encryption: {', '.join(names)}."


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


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.strip().strip("\"'“”").rstrip(":").lower()).strip()


@lru_cache(maxsize=8192)
def _squeezed(text: str) -> str:
    """The text without the blanks that people leave out: ``EMAIL_USE_TLS=True``."""
    return re.sub(r"\s*([=:])\s*", r"\1", _folded(text))


def near(word: str, library: Library) -> list[str]:
    """Up to three known words near *word*."""
    from difflib import get_close_matches

    terms = library.entries("terms")
    known = {_folded(entry["term"]): entry["term"] for entry in terms.values()}
    known |= {_folded(spelt): spelt for entry in terms.values() for spelt in entry["also"]}
    known |= {key: key for key in (*library.entries("rules"), *library.entries("ports"))}
    for client in Clients(library.entries("clients")).every():
        known |= {_folded(one.label): one.label for one in client.labels}
        known |= {_folded(way.label): way.label for way in client.sign_in}
    return [known[key] for key in get_close_matches(_folded(word), known, n=3, cutoff=0.55)]


def applies(where: str, client: str, version: str | None) -> bool:
    """Does *where* (``thunderbird@<3, seamonkey``) cover *client* in *version*?"""
    for part in where.lower().split(","):
        name, _, span = part.strip().partition("@")
        if name == client and (not span or version is None or covers(span, numbers(version))):
            return True
    return False
