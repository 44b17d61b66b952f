"""A mail client for a terminal and for Markdown: its words, and what they really do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from advisor.cli._markdown import escaped
from advisor.cli._output import Paint
from advisor.cli._wrap import wrapped
from advisor.knowledge.common_words import CommonWords
from advisor.knowledge.versions import shown
from advisor.model.client import Client, Label, Limit, SignIn
from advisor.model.text import printable

# Columns: what is sent to somebody else is often read in a window of this width.
_WIDTH = 80
# More characters than any field of a client can have.
_LONGEST = 5000

_DOES = {
    "implicit": "TLS from the first byte",
    "starttls": "STARTTLS, required",
    "opportunistic": "STARTTLS if offered, else clear text",
    "none": "no encryption",
    "auto": "decides by itself",
}
_SIGNS_IN = {
    "password": "the password as it is",
    "challenge": "a challenge such as CRAM-MD5",
    "scram": "SCRAM",
    "ntlm": "NTLM",
    "gssapi": "Kerberos",
    "oauth2": "OAuth2",
    "external": "a client certificate",
    "none": "no sign-in",
    "auto": "decides by itself",
}
_FOLLOWS = {
    "always": "a new choice writes its port",
    "unless-typed": "a new choice writes its port, unless you typed one",
    "incoming-only": "a new choice writes its port for incoming mail only",
    "never": "a new choice leaves the port as it is",
}
_READS = {
    "autoconfig": "the provider’s autoconfig file",
    "ispdb": "Mozilla’s database, ispdb",
    "autodiscover": "Microsoft’s autodiscover",
    "srv": "srv records in the DNS",
    "mobileconfig": "Apple’s profiles, mobileconfig",
    "pacc": "the provider’s pacc document",
    "jmap": "the provider’s jmap session",
    "guess": "a guess at names and ports",
}
_CONFIDENCE = {
    "measured": "seen in the running program",
    "source": "read in the program itself or its manual",
    "vendor": "its maker says so",
    "guide": "a guide quotes it",
    "unverified": "nobody verified it",
}
_PLACES = {"incoming": "Incoming", "outgoing": "Outgoing", "add": "New account"}
_FIELDS = {
    "security": "security",
    "host": "server",
    "port": "port",
    "username": "user name",
    "sign_in": "sign-in",
}

Choice = Label | SignIn


def text(client: Client, ranges: Sequence[str], paint: Paint, *, sources: bool) -> str:
    """The whole page; *ranges* are those of all its versions, *sources* says where from."""
    title = f"{client.shown} ({client.id}, {shown(client.range)})"
    lines = [paint.bold(line) for line in _wrapped(title)]
    lines += _wrapped(_about(client, ranges))
    for heading, body in _parts(client, sources):
        lines += ["", paint.bold(heading), *body]
    return "\n".join(lines)


def _parts(client: Client, sources: bool) -> Iterator[tuple[str, list[str]]]:
    """Heading and lines of each part that has something to tell."""
    yield "Security", [line for one in client.labels for line in _choice(one, sources)]
    if client.sign_in:
        yield "Sign-in", [line for one in client.sign_in for line in _choice(one, sources)]
    fields = ", ".join(f"{_FIELDS[key]} “{said}”" for key, said in client.fields.items())
    if fields:
        yield "Its names for the fields", _wrapped(fields, "  ")
    if client.ports:
        yield "Ports", _wrapped(f"{_fills_in(client)}.", "  ")
    if client.paths:
        yield (
            "Where to find them",
            [
                line
                for place, path in client.paths.items()
                for line in _wrapped(f"{_PLACES[place]}: {path}", "  ", "      ")
            ],
        )
    yield "Set-up by itself", _wrapped(f"{_reads(client)}.", "  ")
    if client.limits:
        yield "Limits", [line for one in client.limits for line in _limit(one, sources)]
    if client.notes:
        yield "Notes", [line for note in client.notes for line in _wrapped(note, "  - ", "    ")]


def _about(client: Client, ranges: Sequence[str]) -> str:
    said = [f"{client.kind}, {', '.join(client.protocols)}"]
    if client.max_tls:
        said.append(f"TLS {client.max_tls} at most")
    others = [shown(span).rpartition(" ")[2] for span in ranges if span != client.range]
    if others:
        said.append(f"other versions: {', '.join(others)}")
    said.append(f"checked {client.verified}")
    return "; ".join(said)


def _choice(one: Choice, sources: bool) -> list[str]:
    what = f"“{one.label}” for {', '.join(one.protocols)}{_on(one)}: {_does(one)}"
    lines = _wrapped(what + _doubt(one.confidence), "  ", "      ")
    lines += _wrapped(one.note, "      ") if one.note else []
    return lines + (_source(one) if sources else [])


def _does(one: Choice) -> str:
    return _DOES[one.does] if isinstance(one, Label) else _SIGNS_IN[one.does]


def _on(one: Choice) -> str:
    if isinstance(one, SignIn):
        return ""
    if one.ports:
        return f" on {_listed(one.ports)}"
    return f" on all ports but {_listed(one.except_ports)}" if one.except_ports else ""


def _listed(words: Iterable[object], last: str = "and") -> str:
    *front, end = map(str, words)
    return f"{', '.join(front)} {last} {end}" if front else end


def _doubt(confidence: str) -> str:
    return " (may read differently in your version)" if confidence == "unverified" else ""


def _source(one: Choice | Limit) -> list[str]:
    return _wrapped(f"[{_CONFIDENCE[one.confidence]}: {one.source}]", "      ", "       ")


def _fills_in(client: Client) -> str:
    ports = ", ".join(f"{key.replace(':', ' ')} {port}" for key, port in client.ports.items())
    return f"{ports}; {_FOLLOWS[client.ports_follow or 'never']}"


def _reads(client: Client) -> str:
    if client.reads is None:
        return "Nobody has said what it can read"
    if not client.reads:
        return "It reads nothing that a provider publishes: enter the settings by hand"
    return f"It takes settings from {_listed(_READS[one] for one in client.reads)}"


def _limit(one: Limit, sources: bool) -> list[str]:
    about = f" ({', '.join(one.protocols)} only)" if one.protocols else ""
    doubt = " (not verified)" if one.confidence == "unverified" else ""
    lines = _wrapped(f"{one.says}{about}{doubt}", "  - ", "    ")
    return lines + (_source(one) if sources else [])


def _wrapped(said: str, indent: str = "", hang: str | None = None) -> list[str]:
    return wrapped(printable(said, _LONGEST), indent, hang, _WIDTH)


def markdown(client: Client, ranges: Sequence[str]) -> str:
    """The same for a ticket, with the source of each line."""
    lines = [f"## {escaped(client.shown)}", "", escaped(f"{_about(client, ranges)}."), ""]
    lines += _table("label", client.labels)
    if client.sign_in:
        lines += ["", *_table("sign-in", client.sign_in)]
    told = [f"{_FIELDS[key].capitalize()}: “{said}”" for key, said in client.fields.items()]
    told += [f"{_PLACES[place]}: {path}" for place, path in client.paths.items()]
    told += [f"Ports: {_fills_in(client)}."] if client.ports else []
    told += [f"{_reads(client)}."]
    for one in client.limits:
        told.append(f"{one.says} ({_CONFIDENCE[one.confidence]}: {one.source})")
    return "\n".join([*lines, "", *(f"- {escaped(one)}" for one in (*told, *client.notes))])


def _table(heading: str, choices: Iterable[Choice]) -> list[str]:
    rows = [f"| {heading} | protocols | does | note | source |", "|---|---|---|---|---|"]
    for one in choices:
        source = f"{_CONFIDENCE[one.confidence]}: {one.source}"
        cells = (
            one.label, ", ".join(one.protocols), f"{_does(one)}{_on(one)}", one.note or "",
            f"{source}{_doubt(one.confidence)}",
        )  # fmt: skip
        rows.append(f"| {' | '.join(map(escaped, cells))} |")
    return rows


def common_text(words: CommonWords, paint: Paint) -> str:
    """What the three standard choices are called on most screens, and what they do."""
    lines = [paint.bold("On most screens the three standard choices are"), ""]
    for said in _common(words):
        lines += _wrapped(said, "  ", "      ")
    return "\n".join([*lines, "", *_wrapped(_careful(words))])


def common_markdown(words: CommonWords) -> str:
    """The same as a list."""
    listed = [f"- {escaped(said)}" for said in _common(words)]
    return "\n".join(["## The words of most mail clients", "", *listed, "", _careful(words)])


def _common(words: CommonWords) -> Iterator[str]:
    for one in words.choices:
        ports = ", ".join(f"{port} for {protocol}" for protocol, port in one.ports.items())
        called = _listed((f"“{name}”" for name in one.called), "or")
        yield f"{called}: {_DOES[one.does]}; {ports or 'never choose it'}"


def _careful(words: CommonWords) -> str:
    unclear = [f"“{name}” alone" for name in words.unclear]
    said = f"{_listed(unclear)} can be either of the first two: " if unclear else ""
    advice = "the port decides which is right, and a choice with “if available” is none of them."
    return said + advice if said else advice.capitalize()
