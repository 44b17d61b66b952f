"""A look at a web service: asked without a login, redirects followed, the answer judged."""

from __future__ import annotations

from advisor.dialogues._base import Seen
from advisor.errors import ProbeFailed, RemoteProtocolError
from advisor.model.evidence import Problem
from advisor.model.observation import Reached, Web
from advisor.services._base import Part, Place, Reply, Request, Service, Talk
from advisor.services._challenges import schemes
from advisor.services._http import Conversation
from advisor.services._software import software

MAX_REDIRECTS = 5
CAPABILITIES = 200

_GONE = (404, 410)
_REFUSES = (403, 429)
_PAGE = b"<"


def inspect(service: Service, seen: Seen, start: Place) -> Talk:
    """Look at *service*, beginning with *start*, to which the connection leads already."""
    web = Conversation(start)
    at, reply = yield from _followed(web, service.ask, start, seen)
    if service.at_root and reply.status in _GONE and at.path != "/":
        at, reply = yield from _followed(web, service.ask, Place(at.host, at.port, "/"), seen)
    trouble = _trouble(service, reply, at)
    if trouble is not None:
        raise trouble
    listed = service.capabilities(reply)
    seen.capabilities_after = listed[:CAPABILITIES]
    if service.also is not None and reply.cut is None:
        listed += yield from _more(web, service, at)
        seen.capabilities_after = tuple(dict.fromkeys(listed))[:CAPABILITIES]
    seen.reached = Reached.DONE


def _followed(
    web: Conversation, request: Request, at: Place, seen: Seen
) -> Part[tuple[Place, Reply]]:
    """The reply at the end of all redirects, and where that is."""
    visited = [at]
    while True:
        hops = seen.web.hops if seen.web else ()
        seen.web = Web(hops=(*hops, at.url))
        reply = yield from web.ask(request, at)
        _note(seen, reply)
        if reply.location is None:
            return at, reply
        at = at.moved(reply.location) if reply.location else _nowhere(reply)
        if at in visited or len(visited) > MAX_REDIRECTS:
            raise RemoteProtocolError(
                Problem.REDIRECT_LOOP, f"redirects in a circle, or more than {MAX_REDIRECTS} times"
            )
        visited.append(at)


def _note(seen: Seen, reply: Reply) -> None:
    seen.reached = Reached.GREETING
    seen.greeting = f"{reply.status} {reply.reason}".strip()
    seen.software = software(reply) or seen.software
    seen.mechanisms_after = schemes(reply)
    seen.web = Web(reply.status, seen.web.hops if seen.web else ())


def _more(web: Conversation, service: Service, at: Place) -> Part[tuple[str, ...]]:
    """What the service says of itself when asked for that; a refusal spoils nothing."""
    assert service.also is not None  # noqa: S101  as the caller looked
    try:
        reply = yield from web.ask(service.also, at)
    except ProbeFailed:
        return ()
    return service.capabilities(reply)


def _nowhere(reply: Reply) -> Place:
    raise RemoteProtocolError(
        Problem.HTTP_ERROR, f"answers {reply.status}, a redirect, without saying where to"
    )


def _trouble(service: Service, reply: Reply, at: Place) -> ProbeFailed | None:
    """Why what answers *at* some place is not the service; None where it is."""
    if service.is_there(reply):
        return None
    status, name = reply.status, service.name
    if status in _GONE:
        return RemoteProtocolError(Problem.NOT_FOUND, f"there is no {name} at {at.url} ({status})")
    if status in _REFUSES or status >= 500:
        return RemoteProtocolError(Problem.SERVER_REFUSES, f"answers {status} at {at.url}")
    if status == 200 and reply.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_PAGE):
        return RemoteProtocolError(
            Problem.WEB_PAGE,
            f"a web page comes at {at.url}, and no {name}: it has one for anything",
        )
    if status == 200 and reply.cut is not None:
        return reply.cut
    return RemoteProtocolError(
        Problem.NOT_THIS_PROTOCOL, f"what answers at {at.url} is no {name} (status {status})"
    )
