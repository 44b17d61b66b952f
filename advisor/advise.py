"""The pipeline: an address in, a Report out. The rules judge what has come together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from advisor.discovery import ranking
from advisor.discovery._context import Context, Guesses
from advisor.discovery._planning import offline_answers, sources
from advisor.engine.case import Case
from advisor.engine.evaluate import judge
from advisor.engine.servers import servers
from advisor.heard import Heard, Watch
from advisor.knowledge.library import Library
from advisor.knowledge.providers import Catalogue
from advisor.knowledge.suffixes import registrable
from advisor.model.address import Subject, subject
from advisor.model.endpoint import conventional_ports
from advisor.model.evidence import Answer, Outcome, Provider, Question, Trust
from advisor.model.observation import Live
from advisor.model.report import Report
from advisor.options import Options
from advisor.probing.egress import egress
from advisor.reporting import rejudged, report

if TYPE_CHECKING:
    from advisor.model.client import Client
    from advisor.model.endpoint import Endpoint
    from advisor.model.login import Credentials
    from advisor.model.observation import ProbeResult
    from advisor.net._seams import Net
    from advisor.probing.driver import Trace

_SIBLINGS = Question(
    "siblings",
    "the servers themselves, on their other standard ports",
    "a look at the other standard ports of the servers that were named",
)
_CERTIFICATES = Question(
    "certificates",
    "the names in the servers’ certificates",
    "a look at the names that certificates have instead of those that were named",
)


async def recommend(
    address: str,
    options: Options | None = None,
    *,
    library: Library | None = None,
    net: Net | None = None,
    watch: Watch | None = None,
    login: Credentials | None = None,
    trace: Trace | None = None,
) -> Report:
    """The settings for *address* (or a bare domain), judged, with reasons and evidence.

    *watch* is told every question, answer and probe result as it comes. *net* replaces the real
    network. Nothing is signed in to without *login*; with it, once to the best server for each
    direction, and *trace* is told the conversation without its secrets.

    Raises:
        InputError: the address, an option, or what to sign in with cannot be used.
        RuleError: the rules are wrong.
    """
    _, found = await survey(
        address, options, library=library, net=net, watch=watch, login=login, trace=trace
    )
    return found


async def survey(
    address: str,
    options: Options | None = None,
    *,
    library: Library | None = None,
    net: Net | None = None,
    watch: Watch | None = None,
    patient: bool = False,
    login: Credentials | None = None,
    trace: Trace | None = None,
) -> tuple[Case, Report]:
    """The report of ``recommend``, with the case it rests on.

    One who is *patient* hears every source out, within the time limits.

    Raises:
        InputError, RuleError: as ``recommend``.
    """
    options = options or Options()
    run = _Run(address, options, library, watch)
    if login is not None:
        from advisor.login import check_credentials

        login = check_credentials(login)
    if options.offline:
        return run.judged(run.remembered())
    if net is None:
        from advisor.net.open import open_net

        net = open_net(options, warm_up=True)
    from advisor.asking import Asking

    context = run.context(net)
    asking = Asking(
        run.who, options, context, sources(), run.rules.source_rank, run.watch, patient=patient
    )
    heard = await asking.run()
    answers = list(heard.answers)
    case, found = run.judged(heard, net.dns.servers)
    if login is None:
        return case, found
    heard.answers, heard.probed = answers, await run.signed_in(heard, found, login, net, trace)
    return run.judged(heard, net.dns.servers)


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found out about an address: a *case*, and its *report* for no client."""

    case: Case
    report: Report
    library: Library

    def clients(self) -> list[Client]:
        """Every client of the catalogue in its newest version, by id."""
        from advisor.knowledge.clients import read

        return [
            read(key, entry, None) for key, entry in sorted(self.library.entries("clients").items())
        ]

    def report_for(self, client: Client) -> Report:
        """The report as it is for *client*; nothing is asked again."""
        case = replace(self.case, client=client)
        return rejudged(self.report, case, judge(case, self.library.rulebook))


async def surveyed(
    address: str,
    options: Options | None = None,
    *,
    library: Library | None = None,
    net: Net | None = None,
    watch: Watch | None = None,
) -> Survey:
    """What can be found out about *address*, to be judged for one client after the other.

    Raises:
        InputError, RuleError: as ``recommend``.
    """
    library = library or Library()
    case, found = await survey(address, options, library=library, net=net, watch=watch)
    return Survey(case, found, library)


def recommend_offline(
    address: str,
    options: Options | None = None,
    *,
    library: Library | None = None,
    watch: Watch | None = None,
) -> Report:
    """The same from what came with advisor, without a network or an event loop.

    Raises:
        InputError: the address or an option cannot be used.
        RuleError: the rules are wrong.
    """
    run = _Run(address, options or Options(offline=True), library, watch)
    _, found = run.judged(run.remembered())
    return found


class _Run:
    """One question, and what its report needs besides what was heard."""

    def __init__(
        self, address: str, options: Options, library: Library | None, watch: Watch | None
    ) -> None:
        self.who: Subject = subject(address)
        self.watch: Watch = watch or (lambda _: None)
        self._options = options
        self._library = library or Library()
        self.rules = self._library.rulebook
        self._catalogue = Catalogue(self._library.entries("providers"))
        self._client = _client(options.client, self._library)
        self._asked_at = datetime.now(UTC)

    def context(self, net: Net | None) -> Context:
        """What the sources may use."""
        return Context(
            net=net,
            catalogue=self._catalogue,
            ispdb=self._options.ispdb,
            local=self._options.local,
            guesses=Guesses.of(self._library.single("guesses")),
        )

    def remembered(self) -> Heard:
        """What the sources know that need no network."""
        answers = offline_answers(sources(), self.who, self.context(None))
        for answer in answers:
            self.watch(answer)
        return Heard(list(answers), offline=True)

    def judged(self, heard: Heard, name_servers: tuple[str, ...] = ()) -> tuple[Case, Report]:
        """The case that *heard* makes, and what the rules make of it."""
        if self._options.probe and not heard.offline:
            heard.answers += _looked_for(heard, self._ordered(heard))
        case = self._case(heard)
        return case, report(
            case,
            judge(case, self.rules),
            probed=heard.probed,
            rank=self.rules.source_rank,
            servers=name_servers,
            rules_version=self._library.version,
            asked_at=self._asked_at,
        )

    async def signed_in(
        self, heard: Heard, found: Report, given: Credentials, net: Net, trace: Trace | None
    ) -> dict[Endpoint, ProbeResult]:
        """What was probed, with what came of signing in to the best server for each direction."""
        from advisor.login import hidden, sign_in

        best = [next((one for one in some if one.is_usable), None)
                for some in (found.incoming, found.outgoing)]  # fmt: skip
        wanted = [
            (heard.probed[one.endpoint], given.username or one.username or found.address or "")
            for one in best
            if one is not None and one.endpoint in heard.probed
        ]
        signed = await sign_in(wanted, given, net, self._library, who=self.who, trace=trace)
        told = {one.endpoint: one for one in signed}
        return {end: told.get(end) or hidden(one, given) for end, one in heard.probed.items()}

    def _case(self, heard: Heard) -> Case:
        ordered = self._ordered(heard)
        return Case(
            subject=self.who,
            settings=ranking.merge(self.who, ordered, heard.probed, self.rules.source_rank),
            answers=tuple(ordered),
            now=self._asked_at,
            registrable=registrable,
            domain=heard.domain,
            provider=_provider(ordered),
            offline=heard.offline,
            probing=self._options.probe,
            egress=egress(heard.probed.values()),
            client=self._client,
            servers=servers(heard.probed.values(), heard.aliases),
        )

    def _ordered(self, heard: Heard) -> list[Answer]:
        return sorted(heard.answers, key=lambda one: self.rules.source_rank(one.question.id))


def _looked_for(heard: Heard, ordered: list[Answer]) -> list[Answer]:
    """What the looks at the servers themselves found, as answers of their own."""
    looked = (
        (
            _SIBLINGS,
            ranking.siblings(ordered, conventional_ports),
            "no other standard port of these servers can be used",
        ),
        (
            _CERTIFICATES,
            ranking.certified(ordered, heard.probed),
            "no certificate proves another name that could be used",
        ),
    )
    answers = []
    for question, candidates, otherwise in looked:
        found = any(
            (seen := heard.probed.get(one.endpoint)) and seen.live is not Live.FAILED
            for one in candidates
        )
        answers.append(
            Answer(
                question,
                Outcome.FOUND if found else Outcome.NOTHING,
                question.asked,
                "" if found else otherwise,
                trust=Trust.GUESSED if found else None,
                candidates=candidates,
            )
        )
    return answers


def _provider(ordered: list[Answer]) -> Provider | None:
    """The best source's provider; the catalogue's, which knows most, where it has one."""
    named = [answer.provider for answer in ordered if answer.provider]
    return next((one for one in named if one.id), None) or next(iter(named), None)


def _client(name: str | None, library: Library) -> Client | None:
    return None if name is None else library.client(name)
