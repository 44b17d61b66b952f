"""Plays a look at a web service against replies that are there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from advisor.dialogues._base import Seen, Send
from advisor.errors import ProbeFailed
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.probing.prober import services
from advisor.services._base import Place, Read, Visit
from advisor.services._look import inspect
from tests.fakes.webserver import page

HOST = "dav.example.org"
SESSION = b'{"capabilities": {"urn:ietf:params:jmap:core": {}, "urn:ietf:params:jmap:mail": {}}}'
BASIC = 'Basic realm="calendars", charset="UTF-8"'
LOGIN = page(b"", "401 Unauthorized", WWW_Authenticate=BASIC)
CLASSES = page(b"", "200 OK", DAV="1, 3, calendar-access, addressbook")
HOME = page(b"<!doctype html><html>Welcome</html>", Content_Type="text/html")


@dataclass
class Played:
    """What was learned, how it ended, the requests that went out, and the places visited."""

    seen: Seen = field(default_factory=Seen)
    failure: ProbeFailed | None = None
    sent: list[bytes] = field(default_factory=list)
    visited: list[Place] = field(default_factory=list)


def at(protocol: Protocol, host: str = HOST, path: str = "") -> Endpoint:
    """Where a service is looked for."""
    return Endpoint(protocol, host, 443, Security.TLS, path)


def played(
    protocol: Protocol, *replies: bytes | ProbeFailed, path: str = "", piece: int = 0
) -> Played:
    """A look at a server that answers each request with the next of *replies*, and then hangs up.

    Each comes in pieces of *piece* bytes (0: whole); an error is the wire's.
    """
    service = services()[protocol]
    told, coming = Played(), list(replies)
    rest: list[bytes | ProbeFailed] = []
    talk = inspect(service, told.seen, service.place(at(protocol, path=path)))
    got: bytes | ProbeFailed | None = None
    try:
        while True:
            step = talk.throw(got) if isinstance(got, ProbeFailed) else talk.send(got)
            got = None
            match step:
                case Send(data):
                    told.sent.append(data)
                    rest = list(_pieces(coming.pop(0), piece)) if coming else []
                case Read():
                    got = rest.pop(0) if rest else b""
                case Visit(place):
                    told.visited.append(place)
                    rest = []
    except StopIteration:
        return told
    except ProbeFailed as error:
        told.failure = error
        return told


def _pieces(reply: bytes | ProbeFailed, size: int) -> Sequence[bytes | ProbeFailed]:
    if isinstance(reply, ProbeFailed) or not size:
        return [reply]
    return [reply[n : n + size] for n in range(0, len(reply), size)]
