"""Signing in where somebody asked for it, once a server, and what the answers mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from advisor.diagnosing import diagnose
from advisor.dialogues._sasl import LOGIN_COMMAND, MECHANISMS, TOKENS, USER_COMMAND
from advisor.errors import InputError
from advisor.knowledge.library import Library
from advisor.model.address import Subject
from advisor.model.auth import UsernameForm
from advisor.model.endpoint import Protocol
from advisor.model.login import Credentials, Login, LoginResult, Name, Obstacle, names
from advisor.model.observation import Live, ProbeResult, Reached
from advisor.model.text import printable
from advisor.net._seams import Net
from advisor.probing import login
from advisor.probing.driver import Trace
from advisor.probing.prober import dialogues

# What the causes of rules/causes.yaml make of a try; the first one that stands here counts.
_RESULTS = {
    "wrong_password": LoginResult.WRONG_PASSWORD,
    "username_form": LoginResult.WRONG_USERNAME_FORM,
    "app_password": LoginResult.NEEDS_APP_PASSWORD,
    "oauth_required": LoginResult.NEEDS_OAUTH2,
    "protocol_disabled": LoginResult.PROTOCOL_DISABLED,
    "temp_fail": LoginResult.TRY_LATER,
    "rate_limit": LoginResult.TRY_LATER,
    "too_many_conn": LoginResult.TRY_LATER,
}
# What the other form of the user name can mend.
_ABOUT_NAMES = (LoginResult.WRONG_PASSWORD, LoginResult.WRONG_USERNAME_FORM, LoginResult.REFUSED)


def check_credentials(given: Credentials) -> Credentials:
    """*given*, if it can be sent at all, with its mechanism in the spelling of the rules.

    Raises:
        InputError: what is wrong with it; the message holds nothing of the secret.
    """
    octets, what = given.secret.octets, "token" if given.is_token else "password"
    if not octets:
        raise InputError(f"the {what} is empty")
    if any(sign in octets for sign in b"\0\r\n") or len(octets) > 8192:
        raise InputError(f"the {what} cannot be one: it holds a line end or NUL, or is too long")
    shown = printable(given.username, 80)
    if shown != given.username[:80] or len(given.username) > 255:
        raise InputError(f"{shown} cannot be a user name")
    if given.mechanism is None:
        return given
    known = {name.upper(): name for name in sorted(_known(given))}
    if given.mechanism.upper() not in known:
        raise InputError(
            f"{printable(given.mechanism, 40)} is none of the mechanisms for a {what}: "
            + ", ".join(known.values())
        )
    return replace(given, mechanism=known[given.mechanism.upper()])


def _known(given: Credentials) -> frozenset[str]:
    commands = {USER_COMMAND, LOGIN_COMMAND}
    return TOKENS if given.is_token else frozenset({*MECHANISMS, *commands}) - TOKENS


async def sign_in(
    wanted: Sequence[tuple[ProbeResult, str]],
    given: Credentials,
    net: Net,
    library: Library,
    *,
    who: Subject | None = None,
    trace: Trace | None = None,
) -> list[ProbeResult]:
    """*wanted*, results of the prober with a user name for each, and with what signing in came to.

    One after the other, so that a refusal counts: a protocol of a host is tried at one of its
    ports only, the first in *wanted* that was verified, and a host that refused the secret is not
    tried again by the same mechanism. Nothing of the secret is left in what servers said.
    """
    run = _Run(given, net, library, trace)
    verified = {(one.protocol, one.host) for one, _ in wanted if _is_verified(one)}
    done: set[tuple[Protocol, str]] = set()
    told = []
    for one, username in wanted:
        server, found = (one.protocol, one.host), None
        if _is_verified(one):
            if server not in done:
                done.add(server)
                found = await run.tried(one, names(username, both=given.both_usernames, who=who))
        elif server not in verified and one.observation.reached is not Reached.NOTHING:
            form = names(username, both=False)[0].form
            found = _untried(Obstacle.UNVERIFIED, _why_not(one), form)
        safe = hidden(one, given)
        told.append(replace(safe, observation=replace(safe.observation, login=found)))
    return told


def _is_verified(one: ProbeResult) -> bool:
    """Did the look make TLS with a good certificate for the host?"""
    tls = one.observation.tls
    return one.live is Live.CONFIRMED and tls is not None and tls.chain_ok and tls.name_ok


class _Run:
    """The tries of one run; *_refused* are hosts with the mechanism that came to nothing there."""

    def __init__(self, given: Credentials, net: Net, library: Library, trace: Trace | None) -> None:
        self._given, self._net, self._library, self._trace = given, net, library, trace
        self._refused: set[tuple[str, str]] = set()

    async def tried(self, one: ProbeResult, forms: Sequence[Name]) -> Login:
        """What came of signing in at *one* by the first of *forms* that works, or by the last."""
        given, first = self._given, forms[0].form
        mechanism = chosen(one, given, self._library)
        if mechanism is None:
            return _untried(Obstacle.NO_MECHANISM, _nothing_fits(one, given), first)
        server = (one.host, mechanism)
        if server in self._refused:
            why = (
                f"{one.host} was tried once and refused; one more wrong try could lock the account"
            )
            return _untried(Obstacle.LOCKOUT, why, first, mechanism)
        found = await self._once(one, mechanism, forms[0])
        for name in forms[1:]:
            if found.result in _ABOUT_NAMES:
                other = await self._once(one, mechanism, name)
                found = _better(found, other)
        if found.result not in (LoginResult.WORKS, LoginResult.PROTOCOL_DISABLED):
            self._refused.add(server)
        return found

    async def _once(self, one: ProbeResult, mechanism: str, name: Name) -> Login:
        dialogue = dialogues()[one.protocol]
        got = await login.sign_in(
            one.endpoint, dialogue, self._net.streams, mechanism, name.text, self._given.secret,
            trace=self._trace,
        )  # fmt: skip
        return Login(mechanism, name.form, _result(got, self._library), got.says)


def _untried(
    obstacle: Obstacle, why: str, form: UsernameForm, mechanism: str | None = None
) -> Login:
    return Login(mechanism, form, LoginResult.NOT_TRIED, why, obstacle=obstacle)


def _better(first: Login, second: Login) -> Login:
    """The second try where it worked; the first one's words otherwise."""
    if second.result is LoginResult.WORKS:
        return replace(second, refused_form=first.username_form)
    return first


def _why_not(one: ProbeResult) -> str:
    why = one.observation.error or "nothing there is encrypted"
    return f"no password is sent without encryption and a good certificate: {why}"


def _nothing_fits(one: ProbeResult, given: Credentials) -> str:
    offered = ", ".join(one.observation.mechanisms) or "nothing"
    if given.mechanism is not None:
        return f"the server does not offer {given.mechanism}; it offers {offered}"
    return f"the server offers no way to sign in with this that advisor has; it offers {offered}"


def chosen(one: ProbeResult, given: Credentials, library: Library) -> str | None:
    """The mechanism to use at *one*: the one asked for, or the first of the rules, if offered."""
    offered = set(one.observation.mechanisms)
    if one.protocol is Protocol.IMAP:
        if "LOGINDISABLED" not in one.observation.capabilities_after:
            offered.add(LOGIN_COMMAND)
    elif one.protocol is not Protocol.POP3:
        offered.discard(USER_COMMAND)
    usable = offered & _known(given)
    order: Iterable[str] = library.single("order")["mechanisms"]
    wanted = order if given.mechanism is None else (given.mechanism,)
    return next((name for name in wanted if name in usable), None)


def _result(got: login.Tried, library: Library) -> LoginResult:
    if got.accepted is None:
        return LoginResult.FAILED
    if got.accepted:
        return LoginResult.WORKS
    causes = diagnose(got.says, library).causes
    return next((_RESULTS[cause] for cause in causes if cause in _RESULTS), LoginResult.REFUSED)


def hidden(one: ProbeResult, given: Credentials) -> ProbeResult:
    """*one* without the secret, whatever a server may have said of it."""
    seen = one.observation

    def masked(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(given.secret.masked, texts))

    def masked_one(text: str | None) -> str | None:
        return None if text is None else given.secret.masked(text)

    safe = replace(
        seen,
        error=masked_one(seen.error),
        greeting=masked_one(seen.greeting),
        capabilities_before=masked(seen.capabilities_before),
        capabilities_after=masked(seen.capabilities_after),
        mechanisms_before=masked(seen.mechanisms_before),
        mechanisms_after=masked(seen.mechanisms_after),
    )
    return replace(one, observation=safe)
