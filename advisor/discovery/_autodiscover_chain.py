"""Asking an Autodiscover server, and whoever it sends us to.

Everybody is asked for a stand-in address in the domain: the user's own is nobody's business as
long as nobody is asked to sign in, and servers repeat what they were asked for, so that it shows
which part of an address they want as user name.

See: [MS-OXDISCO] §3.1.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from advisor.discovery._answers import failed, nothing, published, weakest
from advisor.errors import FetchFailed, LookupFailed
from advisor.model.address import subject as read_subject
from advisor.model.evidence import Answer, Channel, Hop, Outcome, Problem, Question, Trust

if TYPE_CHECKING:
    from advisor.discovery._context import Context
    from advisor.formats.autodiscover import Refusal, Settings
    from advisor.net._seams import Fetched, Redirect

FILE = "autodiscover/autodiscover.xml"
STAND_IN = "mail-advisor"
_FIRST = (Problem.CROSS_DOMAIN, Problem.DOUBTFUL)


def places(domain: str) -> tuple[str, str]:
    """Where a domain's Autodiscover is looked for over HTTPS."""
    return f"https://autodiscover.{domain}/{FILE}", f"https://{domain}/{FILE}"


@dataclass(frozen=True, slots=True)
class Told:
    """The last answer of a chain, *document*; *hops* is every URL on the way there, in order."""

    settings: Settings
    hops: tuple[str, ...]
    document: bytes


async def follow(url: str, domain: str, context: Context, *, after: tuple[str, ...] = ()) -> Told:
    """What *url*, to which the hops *after* led, tells of *domain*.

    All redirects count together, of whatever kind: there may be ``MAX_REDIRECTS``.

    Raises:
        LookupFailed: no answer, no Autodiscover, or redirects without end.
    """
    from advisor.formats import autodiscover
    from advisor.net._seams import MAX_REDIRECTS, Redirect

    own = address = f"{STAND_IN}@{domain}"
    wanted: Sequence[str] = [url]
    hops, seen = list(after), {url, own}
    while True:
        place, reply = await _first(wanted, autodiscover.request(address), context)
        hops.append(place)
        if isinstance(reply, Redirect):
            step, wanted = reply.location, [reply.location]
        else:
            settings = autodiscover.parse(reply.body, address=own)
            if settings.redirect_url:
                step, wanted = settings.redirect_url, [settings.redirect_url]
            elif settings.redirect_address:
                step = address = settings.redirect_address
                wanted = places(read_subject(address).domain.ascii)
            else:
                return Told(settings, tuple(hops), reply.body)
        if step in seen or len(hops) > MAX_REDIRECTS:
            raise FetchFailed(
                Problem.REDIRECT_LOOP,
                f"Autodiscover redirects in a circle, or more than {MAX_REDIRECTS} times",
            )
        seen.add(step)


async def _first(
    wanted: Sequence[str], xml: bytes, context: Context
) -> tuple[str, Fetched | Redirect]:
    """The first of *wanted* that replies; else the failure that tells most."""
    failures: list[LookupFailed] = []
    for place in wanted:
        try:
            return place, await context.http.request(place, xml)
        except LookupFailed as error:
            failures.append(error)
    raise max(failures, key=lambda error: error.problem is Problem.LOGIN_WANTED)


def answer(question: Question, told: Told, domain: str, *, via: tuple[Hop, ...] = ()) -> Answer:
    """The answer for *domain* that *told* comes to; *via* are the steps before its first hop.

    A chain that leaves the domain of its first hop is trusted less, and the answer says so.
    """
    settings = told.settings
    hops = (*via, *(Hop(url, _channel(url)) for url in told.hops))
    trust = weakest(hops)
    if settings.error is not None:
        return _refused(question, settings.error)
    if not settings.candidates:
        reason = "it names no server that can be used"
        silent = failed(question, Problem.NOTHING_USABLE, reason)
        return replace(silent, remarks=settings.remarks, hops=hops)
    foreign = _foreign(told.hops, domain)
    left = f"the answer came from {foreign}, which is not {domain}" if foreign else ""
    remarks = sorted(settings.remarks, key=lambda remark: remark[0] not in _FIRST)
    if left and trust is Trust.AUTHENTICATED:
        remarks.insert(0, (Problem.CROSS_DOMAIN, left))
    secure = not told.hops[0].startswith("http://")
    reason = published(len(settings.candidates), told.hops, secure=secure)
    return Answer(
        question,
        Outcome.FOUND,
        question.asked,
        f"{reason}; {left}" if left else reason,
        trust=Trust.UNAUTHENTICATED if foreign else trust,
        candidates=settings.candidates,
        remarks=tuple(remarks),
        hops=hops,
        document=told.document,
    )


def _channel(url: str) -> Channel:
    return Channel.HTTPS if url.startswith("https:") else Channel.HTTP


def _refused(question: Question, error: Refusal) -> Answer:
    from advisor.formats.autodiscover import NO_SUCH_ADDRESS

    if error.code in NO_SUCH_ADDRESS:
        reason = "it answers only for addresses that it knows, and yours was not sent to it"
        return nothing(question, Problem.NOT_FOUND, reason)
    said = f"error {error.code}: {error.message}".removesuffix(": ")
    return failed(question, Problem.SERVER_REFUSES, f"it answers with {said}")


def _foreign(hops: Iterable[str], domain: str) -> str:
    """The registrable domain of the last hop, where that is neither the first one's nor ours."""
    from advisor.formats._web_address import web_address
    from advisor.knowledge.suffixes import registrable

    hosts = [found.host for url in hops if (found := web_address(url))]
    standing = [registrable(host) for host in hosts]
    home = {registrable(domain), *standing[:1]}
    return next((one for one in reversed(standing) if one not in home), "")
