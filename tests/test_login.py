"""Signing in on request: what is sent to whom, what is made of the answer, and what is shown."""

from __future__ import annotations

import ssl
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.dialogues import imap, managesieve, pop3, smtp
from advisor.errors import InputError, RemoteProtocolError
from advisor.inspect import probe
from advisor.knowledge.library import Library
from advisor.login import check_credentials, sign_in
from advisor.model.auth import UsernameForm
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Problem
from advisor.model.login import Credentials, Login, LoginResult, Obstacle
from advisor.model.observation import TlsObservation
from advisor.model.report import ProbeReport
from advisor.model.secret import Secret
from advisor.net._seams import Net
from advisor.net.stream import TcpConnector
from advisor.options import Options
from advisor.probing import login as probing
from tests.fakes import loopback
from tests.fakes.loopback import listening, server_context
from tests.fakes.mailbox import PASSWORD, USER, Mailbox
from tests.fakes.stream import FixedAddresses, tls
from tests.make import result

HOST = "mail.example.org"
LIBRARY = Library()


def credentials(username: str = USER, password: str = PASSWORD, **more: Any) -> Credentials:
    return Credentials(username, Secret(password.encode()), **more)


def traces_of(secret: bytes) -> list[bytes]:
    """The ways in which *secret* may stand in bytes, as far as they can be looked for."""
    shifted = (b64encode(bytes(n) + secret).rstrip(b"=")[-(-n * 8 // 6) :][: len(secret)]
               for n in range(3))  # fmt: skip
    return [secret, *shifted]


async def asked(
    mailbox: Mailbox,
    folder: Path,
    who: Credentials | None,
    security: Security = Security.TLS,
    context: ssl.SSLContext | None = None,
    trace: Callable[[str], None] | None = None,
) -> ProbeReport:
    """What ``probe`` says of *mailbox*; *context* is its TLS from the first byte."""
    async with listening(mailbox, context) as port:
        connector = TcpConnector(FixedAddresses(), ca_file=loopback.authority_file(folder))
        net = Net(FixedAddresses(), cast(Any, None), connector)
        end = Endpoint(Protocol.IMAP, HOST, port, security)
        return await probe([end], Options(), library=LIBRARY, net=net, login=who, trace=trace)


def told(report: ProbeReport) -> Login:
    (one,) = report.endpoints
    assert one.observation.login is not None
    return one.observation.login


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
async def test_the_right_password_works(tmp_path: Path, security: Security) -> None:
    """One try, by the best mechanism that is offered."""
    inside = server_context(HOST)
    implicit = security is Security.TLS
    mailbox = Mailbox(None if implicit else inside)
    report = await asked(mailbox, tmp_path, credentials(), security, inside if implicit else None)
    found = told(report)
    assert (found.mechanism, found.username_form, found.result, found.refused_form) == (
        *("PLAIN", UsernameForm.ADDRESS, LoginResult.WORKS, None),
    )
    assert (mailbox.tries, [f.code for f in report.findings if "login-" in f.code]) == (1, [])


async def test_without_being_asked_nothing_is_signed_in_to(tmp_path: Path) -> None:
    """A plain probe has no way to."""
    mailbox = Mailbox()
    report = await asked(mailbox, tmp_path, None, context=server_context(HOST))
    assert (mailbox.tries, report.endpoints[0].observation.login) == (0, None)
    assert b"AUTHENTICATE" not in mailbox.sent


@pytest.mark.parametrize(
    ("says", "outcome", "code"),
    [
        (
            "NO [AUTHENTICATIONFAILED] Authentication failed.",
            LoginResult.WRONG_PASSWORD,
            "login-wrong-password",
        ),
        (
            "NO [ALERT] Application-specific password required: https://example.org/ (Failure)",
            LoginResult.NEEDS_APP_PASSWORD,
            "login-needs-app-password",
        ),
        (
            "NO [ALERT] Your account is not enabled for IMAP use. Please visit your settings",
            LoginResult.PROTOCOL_DISABLED,
            "login-protocol-disabled",
        ),
        ("NO AUTHENTICATE failed.", LoginResult.NEEDS_OAUTH2, "login-needs-oauth2"),
        (
            "NO [UNAVAILABLE] Temporary authentication failure.",
            LoginResult.TRY_LATER,
            "login-refused",
        ),
        ("NO because of the weather", LoginResult.REFUSED, "login-refused"),
    ],
)
async def test_a_refusal_is_told_by_the_servers_words(
    tmp_path: Path, says: str, outcome: LoginResult, code: str
) -> None:
    """By the catalogue of errors, with a finding of its own."""
    mailbox = Mailbox(refusal=says)
    wrong = credentials(password="another one")
    report = await asked(mailbox, tmp_path, wrong, context=server_context(HOST))
    assert (told(report).result, mailbox.tries) == (outcome, 1)
    assert says in told(report).says
    assert code in [finding.code for finding in report.findings]


async def test_both_forms_of_the_name_only_where_they_are_asked_for(tmp_path: Path) -> None:
    """The second one after a refusal; it is told which form works."""
    for both, outcome, tries in (
        (False, LoginResult.WRONG_PASSWORD, 1),
        (True, LoginResult.WORKS, 2),
    ):
        mailbox = Mailbox(users=("jane",))
        who = credentials(both_usernames=both)
        report = await asked(mailbox, tmp_path, who, context=server_context(HOST))
        assert (told(report).result, mailbox.tries) == (outcome, tries)
    assert told(report).username_form is UsernameForm.LOCALPART
    assert told(report).refused_form is UsernameForm.ADDRESS
    assert "login-username-form" in [finding.code for finding in report.findings]


def bad_servers(folder: Path) -> dict[str, ssl.SSLContext]:
    """Servers with which no password may be shared."""
    return {
        "expired": loopback.expired(HOST),
        "not yet valid": loopback.not_yet_valid(HOST),
        "wrong name": server_context("other.example"),
        "untrusted": loopback.untrusted(HOST),
        "self-signed": loopback.self_signed(folder, HOST),
    }


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
@pytest.mark.parametrize(
    "bad", ["expired", "not yet valid", "wrong name", "untrusted", "self-signed"]
)
async def test_nothing_is_sent_without_a_good_certificate(
    tmp_path: Path, security: Security, bad: str
) -> None:
    """Neither through the whole way nor by the driver alone; one line says why."""
    context = bad_servers(tmp_path)[bad]
    implicit = context if security is Security.TLS else None
    mailbox = Mailbox(None if implicit else context)
    report = await asked(mailbox, tmp_path, credentials(), security, implicit)
    assert told(report).result is LoginResult.NOT_TRIED
    assert told(report).says.startswith("no password is sent without")
    assert told(report).obstacle is Obstacle.UNVERIFIED
    assert "login-not-encrypted" in [finding.code for finding in report.findings]
    async with listening(mailbox, implicit) as port:
        tried = await probing.sign_in(
            Endpoint(Protocol.IMAP, HOST, port, security),
            imap.DIALOGUE,
            TcpConnector(FixedAddresses(), ca_file=loopback.authority_file(tmp_path)),
            "PLAIN",
            USER,
            Secret(PASSWORD.encode()),
        )
    assert tried.accepted is None
    assert mailbox.tries == 0
    assert not [one for one in traces_of(PASSWORD.encode()) if one in mailbox.sent]


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.NONE])
async def test_nothing_is_sent_in_clear_text(tmp_path: Path, security: Security) -> None:
    """STARTTLS stripped on the way, or no encryption asked for."""
    mailbox = Mailbox()
    report = await asked(mailbox, tmp_path, credentials(), security)
    assert (told(report).result, mailbox.tries) == (LoginResult.NOT_TRIED, 0)
    async with listening(mailbox) as port:
        tried = await probing.sign_in(
            Endpoint(Protocol.IMAP, HOST, port, security), imap.DIALOGUE,
            TcpConnector(FixedAddresses()), "PLAIN", USER, Secret(PASSWORD.encode()),
        )  # fmt: skip
    assert tried.accepted is None
    assert b"jane" not in mailbox.sent
    assert not [one for one in traces_of(PASSWORD.encode()) if one in mailbox.sent]


class Talker:
    """A connector and stream in one: a server that says *lines* whenever it is listened to."""

    address = local_address = "192.0.2.1"

    def __init__(self, lines: list[bytes], made: TlsObservation | None = None) -> None:
        self.lines, self.made = list(lines), made or tls(HOST)
        self.sent: list[bytes] = []
        self.secured = False

    async def connect(self, _host: str, _port: int) -> Talker:
        return self

    async def read_line(self, _limit: int) -> bytes:
        if not self.lines:
            raise RemoteProtocolError(Problem.CLOSED, "closed the connection")
        return self.lines.pop(0)

    async def read_bytes(self) -> bytes:
        return b""

    async def write(self, data: bytes) -> None:
        self.sent.append(data)

    def sent_chain(self) -> tuple[bytes, ...]:
        """Nothing that could be looked at."""
        return ()

    async def start_tls(self, *, verify: bool, name: str | None = None) -> TlsObservation:
        assert (verify, name) == (True, None)
        self.secured = True
        return self.made

    async def close(self) -> None:
        pass


WORD = b"hunter2-\xc3\xa9"
SHOWN = "hunter2-é"
ECHOES = [
    *(WORD, WORD.upper(), b64encode(WORD), b64encode(b"\0jane\0" + WORD), b64encode(b"x" + WORD)),
    *(b"x" * 195 + WORD, b"x" * 990 + WORD, b'"' + WORD + b'"'),
]
FRAMES = [
    *(b"* OK %b", b"a4 NO %b", b"a4 OK %b", b"+ %b", b"* BYE %b", b"* CAPABILITY %b", b"%b"),
    *(b"+OK %b", b"-ERR %b", b"535 %b", b"334 %b", b"235 %b", b"220 %b", b"250 %b", b'NO "%b"'),
    *(b'"%b"', b"OK", b'"SIEVE" "%b"', b"."),
]
frame = st.sampled_from(FRAMES)
echo = st.sampled_from(ECHOES)
line = st.builds(lambda f, e: f % e if b"%b" in f else f, frame, echo)
OPENINGS = {
    "imap": [b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi"],
    "pop3": [b"+OK hi", b"+OK", b"USER", b"SASL PLAIN", b"."],
    "smtp": [b"220 hi", b"250 AUTH PLAIN"],
    "managesieve": [b'"SASL" "PLAIN"', b"OK"],
}


@pytest.mark.parametrize("dialogue", [imap.DIALOGUE, managesieve.DIALOGUE, pop3.DIALOGUE,
                                      smtp.DIALOGUE], ids=lambda d: d.protocol.value)  # fmt: skip
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    lines=st.lists(line, max_size=8),
    opened=st.booleans(),
    mechanism=st.sampled_from(["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2"]),
)
async def test_a_server_cannot_make_us_show_the_secret(
    dialogue: Any, lines: list[bytes], opened: bool, mechanism: str
) -> None:
    """Whatever it answers: not in a trace, not in a result, not in a repr, not in JSON."""
    talker = Talker([*(OPENINGS[dialogue.protocol] if opened else []), *lines])
    end = Endpoint(dialogue.protocol, HOST, 993, Security.TLS)
    seen: list[str] = []
    secret = Secret(WORD)
    tried = await probing.sign_in(
        end, dialogue, talker, mechanism, "jane", secret, trace=seen.append
    )
    found = Login(mechanism, UsernameForm.ADDRESS, LoginResult.REFUSED, tried.says)
    shown = "\n".join([*seen, repr(tried), repr(found), repr(Credentials("jane", secret))])
    shown += msgspec.json.encode(found).decode()
    assert SHOWN.lower() not in shown.lower()
    assert "hunter" not in shown.lower()
    for form in traces_of(WORD)[1:]:
        assert form.decode().lower() not in shown.lower()


async def test_the_greeting_of_a_server_that_knows_the_secret_is_masked(tmp_path: Path) -> None:
    """Not even what was said before the sign-in shows it, nor the trace of it."""
    mailbox = Mailbox(greeting=f"* OK hello {PASSWORD}", mechanisms=f"AUTH=PLAIN X={PASSWORD}")
    lines: list[str] = []
    context = server_context(HOST)
    report = await asked(mailbox, tmp_path, credentials(), context=context, trace=lines.append)
    assert told(report).result is LoginResult.WORKS
    shown = "\n".join(lines) + msgspec.json.encode(report).decode() + repr(report)
    assert PASSWORD.lower() not in shown.lower()
    assert any("AUTHENTICATE PLAIN •••" in one for one in lines)


class Doors:
    """A connector to nowhere that counts who knocks."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    async def connect(self, host: str, port: int) -> Talker:
        self.asked.append((host, port))
        refusal = b"a4 NO [AUTHENTICATIONFAILED] Authentication failed."
        opening = b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi"
        return Talker([opening, refusal] if port in (993, 143)
                      else [b"220 hi", b"250 AUTH PLAIN", b"535 5.7.8 no"])  # fmt: skip


async def test_a_server_that_refused_is_not_asked_again() -> None:
    """One port for each protocol, and no other protocol of that host by the same mechanism."""
    doors = Doors()
    ends = [
        Endpoint(Protocol.IMAP, HOST, 993, Security.TLS),
        Endpoint(Protocol.IMAP, HOST, 143, Security.TLS),
        Endpoint(Protocol.SMTP, HOST, 465, Security.TLS),
        Endpoint(Protocol.SMTP, "smtp.example.org", 465, Security.TLS),
    ]
    net = Net(FixedAddresses(), cast(Any, None), cast(Any, doors))
    wanted = [(result(end), USER) for end in ends]
    found = [one.observation.login for one in await sign_in(wanted, credentials(), net, LIBRARY)]
    assert doors.asked == [(HOST, 993), ("smtp.example.org", 465)]
    assert [one and one.result for one in found] == [
        *(LoginResult.WRONG_PASSWORD, None, LoginResult.NOT_TRIED, LoginResult.WRONG_PASSWORD),
    ]
    assert [one and one.obstacle for one in found] == [None, None, Obstacle.LOCKOUT, None]


async def test_a_server_without_a_fitting_mechanism_is_told(tmp_path: Path) -> None:
    """A token where only passwords are taken: nothing is sent, and what is offered is said."""
    mailbox = Mailbox()
    report = await asked(
        mailbox, tmp_path, credentials(is_token=True), context=server_context(HOST)
    )
    assert (told(report).obstacle, mailbox.tries) == (Obstacle.NO_MECHANISM, 0)
    assert "it offers PLAIN" in told(report).says
    (finding,) = (one for one in report.findings if one.code == "login-no-mechanism")
    assert "a password in place of a token" in finding.message


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (credentials(password=""), "is empty"),
        (credentials(password="two\r\nlines"), "cannot be one"),
        (credentials(password="x" * 9000), "cannot be one"),
        (credentials(username="jane\r\nA1 NOOP"), "cannot be a user name"),
        (credentials(mechanism="NTLM"), "none of the mechanisms"),
        (credentials(is_token=True, mechanism="PLAIN"), "none of the mechanisms for a token"),
    ],
)
def test_what_cannot_be_sent_is_refused(bad: Credentials, says: str) -> None:
    """Before anybody is asked, and without a word of the secret."""
    with pytest.raises(InputError, match=says) as caught:
        check_credentials(bad)
    assert "two" not in str(caught.value)
