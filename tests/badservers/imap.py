"""Bad IMAP servers."""

from __future__ import annotations

from advisor.model.endpoint import Protocol, Security
from advisor.model.evidence import Problem
from tests.badservers.script import Case, Close, Drip, Flood, Server, Silence, Tls, case

GOOD = Server(
    Protocol.IMAP,
    Security.STARTTLS,
    {
        "greeting": b"* OK hi\r\n",
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n%b OK\r\n",
        "tls CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n%b OK\r\n",
        "STARTTLS": (b"%b OK\r\n", Tls()),
        "NOOP": b"%b OK\r\n",
        "LOGOUT": (b"* BYE\r\n%b OK\r\n", Close()),
    },
)
IMPLICIT = Server(Protocol.IMAP, Security.TLS, {**GOOD.answers, "connect": Tls()})

_STRANGE, _REFUSES = Problem.NOT_THIS_PROTOCOL, Problem.SERVER_REFUSES
_LIMIT, _CLOSED, _TIMEOUT = Problem.LIMIT, Problem.CLOSED, Problem.TIMEOUT
_NONE, _DENIED = Problem.NO_STARTTLS, Problem.STARTTLS_REFUSED
# What belongs into an account and nowhere else.
_MAILBOX = {
    "list": b"* LIST (\\HasNoChildren) / trap",
    "lsub": b"* LSUB () / trap",
    "status": b"* STATUS INBOX (MESSAGES 231)",
    "search": b"* SEARCH 2 3 84",
    "flags": b"* FLAGS (\\Answered \\Seen)",
    "exists": b"* 9 EXISTS",
    "recent": b"* 9 RECENT",
    "expunge": b"* 4 EXPUNGE",
    "fetch": b"* 12 FETCH (UID 7 FLAGS ())",
}
_LIST = b"* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED"

_GREETINGS: dict[bytes, Problem | None] = {
    b"* OK": None,
    b"* ok lower": None,
    b"* PREAUTH signed in": Problem.PREAUTH,
    b"* BYE": _REFUSES,
    b"* BYE [UNAVAILABLE] later": _REFUSES,
    b"* NO": _STRANGE,
    b"* BAD": _STRANGE,
    b"a0 OK": _STRANGE,
    b"+ go": _STRANGE,
    b"*OK": _STRANGE,
    b"* CAPABILITY IMAP4rev1": _STRANGE,
    b"": _STRANGE,
    b"\0\0": _STRANGE,
    b"* OK \0\xff\xfe\xc3\xa9": None,
    b"* OK \x1b]0;owned\x07": None,
    b"220 hi": _STRANGE,
    b"+OK hi": _STRANGE,
    b"SSH-2.0-x": _STRANGE,
    b"HTTP/1.1 400 no": _STRANGE,
    b"\x16\x03\x01\x00\x02\x02\x28": _STRANGE,
}
_ANSWERS: dict[bytes, tuple[Problem | None, Problem | None]] = {
    # to CAPABILITY, and to STARTTLS
    b"%b NO": (_REFUSES, _DENIED),
    b"%b BAD what?": (_STRANGE, _DENIED),
    b"%b BYE": (_STRANGE, _DENIED),
    b"%b": (_STRANGE, _DENIED),
    b"%b \xff\0": (_STRANGE, _DENIED),
    b"* BYE too many\r\n%b OK": (_REFUSES, _REFUSES),
    b"* PREAUTH now": (_STRANGE, _DENIED),
    b"+ more": (_STRANGE, _DENIED),
    b"zz OK": (_STRANGE, _STRANGE),
    b"OK": (_STRANGE, _STRANGE),
    b"": (_STRANGE, _STRANGE),
    b"* X {99999}\r\n%b OK": (_LIMIT, _LIMIT),
}


def _answered(number: int, line: bytes) -> list[Case]:
    asked, upgraded = _ANSWERS[line]
    said = line + b"\r\n"
    return [
        case(f"capability {number}", GOOD.but({"CAPABILITY": said}), asked),
        case(f"starttls {number}", GOOD.but({"STARTTLS": said}), upgraded),
        case(f"capability inside {number}", GOOD.but({"tls CAPABILITY": said}), asked),
        *(
            [case(f"logout {number}", GOOD.but({"LOGOUT": (said, Close())}))]
            if number % 3 == 0
            else []
        ),
    ]


CASES = [
    case("good", GOOD),
    case("good", IMPLICIT),
    *(
        case(f"greeting {number}", GOOD.but({"greeting": line + b"\r\n"}), problem)
        for number, (line, problem) in enumerate(_GREETINGS.items())
    ),
    *(made for number, line in enumerate(_ANSWERS) for made in _answered(number, line)),
    case("preauth", IMPLICIT.but({"greeting": b"* PREAUTH hi\r\n"})),
    case("greeting endless line", GOOD.but({"greeting": Flood(b"* OK ")}), _LIMIT),
    case("endless untagged", GOOD.but({"CAPABILITY": Flood(b"* ENABLED\r\n")}), _LIMIT),
    case(
        "endless mailbox",
        GOOD.but({"CAPABILITY": Flood(b"* 1 EXISTS\r\n")}),
        _LIMIT,
        also=("mailbox-in-the-clear",),
    ),
    case("endless line", GOOD.but({"CAPABILITY": (b"* ", Flood(b"X" * 999))}), _LIMIT),
    case("endless literals", GOOD.but({"CAPABILITY": Flood(b"* X {3}\r\nabc {1}\r\n")}), _LIMIT),
    case("endless inside", GOOD.but({"tls CAPABILITY": Flood(b"* 1 EXISTS\r\n")}), _LIMIT),
    case("endless line inside", GOOD.but({"tls CAPABILITY": Flood(b"* 1 ")}), _LIMIT),
    case("endless", IMPLICIT.but({"greeting": Flood(b"x" * 999)}), _LIMIT),
    case("endless goodbye", GOOD.but({"LOGOUT": Flood(b"* BYE\r\n")})),
    case("bare lf", GOOD.but({"CAPABILITY": _LIST + b"\n%b OK\n"})),
    case("bare cr", GOOD.but({"CAPABILITY": _LIST + b"\r%b OK\r\n"}), _TIMEOUT),
    case(
        "nul in keyword",
        GOOD.but({"CAPABILITY": b"* CAPABILITY START\0TLS LOGINDISABLED\r\n%b OK\r\n"}),
        _NONE,
    ),
    case("lower case", GOOD.but({"CAPABILITY": _LIST.lower() + b"\r\n%b ok\r\n"})),
    case(
        "other things between",
        GOOD.but({"CAPABILITY": b"* ENABLED\r\n" + _LIST + b"\r\n%b OK\r\n"}),
    ),
    *(
        case(
            f"{name} before tls",
            GOOD.but({"CAPABILITY": line + b"\r\n" + _LIST + b"\r\n%b OK\r\n"}),
            also=("mailbox-in-the-clear",),
        )
        for name, line in _MAILBOX.items()
    ),
    case(
        "alert for a greeting",
        GOOD.but({"greeting": b"* OK [ALERT] call this number\r\n"}),
        also=("alert-in-the-clear",),
    ),
    case(
        "alert with the go-ahead",
        GOOD.but({"STARTTLS": (b"%b OK [ALERT] call this number\r\n", Tls())}),
        also=("alert-in-the-clear",),
    ),
    case(
        "alert where it belongs",
        GOOD.but({"tls CAPABILITY": b"* OK [ALERT] x\r\n* CAPABILITY AUTH=PLAIN\r\n%b OK\r\n"}),
    ),
    case(
        "referral for a greeting",
        GOOD.but({"greeting": b"* BYE [REFERRAL IMAP://a@elsewhere.example/] go there\r\n"}),
        _REFUSES,
        also=("referral-in-the-clear",),
    ),
    case(
        "preauth and a referral",
        GOOD.but({"greeting": b"* PREAUTH [REFERRAL IMAP://elsewhere.example/] hi\r\n"}),
        Problem.PREAUTH,
        also=("referral-in-the-clear",),
    ),
    case("nothing listed", GOOD.but({"CAPABILITY": b"%b OK\r\n"}), _NONE),
    case(
        "900 capabilities",
        GOOD.but(
            {
                "CAPABILITY": b"* CAPABILITY STARTTLS LOGINDISABLED "
                + b" ".join(b"X%d" % n for n in range(900))
                + b"\r\n%b OK\r\n"
            }
        ),
    ),
    case("drip greeting", GOOD.but({"greeting": Drip(b"* OK ")}), _TIMEOUT),
    case("drip list", GOOD.but({"CAPABILITY": Drip(b"* OK ")}), _TIMEOUT),
    case("drip inside", GOOD.but({"tls CAPABILITY": Drip(b"* OK ")}), _TIMEOUT),
    case("silent", IMPLICIT.but({"greeting": Silence()}), _TIMEOUT),
    case("silent inside", GOOD.but({"tls CAPABILITY": Silence()}), _TIMEOUT),
    case("starttls ignored", GOOD.but({"STARTTLS": ()}), _TIMEOUT, also=("starttls-broken",)),
    case("close for a greeting", GOOD.but({"greeting": Close()}), _CLOSED),
    case("reset for a greeting", GOOD.but({"greeting": Close(reset=True)}), _CLOSED),
    case("close at capability", GOOD.but({"CAPABILITY": Close()}), _CLOSED),
    case("close in the list", GOOD.but({"CAPABILITY": (b"* CAPA", Close())}), _CLOSED),
    case(
        "reset at starttls",
        GOOD.but({"STARTTLS": Close(reset=True)}),
        _CLOSED,
        also=("starttls-broken",),
    ),
    case("close at starttls", GOOD.but({"STARTTLS": Close()}), _CLOSED, also=("starttls-broken",)),
    case("close inside", GOOD.but({"tls CAPABILITY": Close()}), _CLOSED),
    case("closure alert inside", GOOD.but({"tls CAPABILITY": Close(notify=True)}), _CLOSED),
    case("reset inside", GOOD.but({"tls CAPABILITY": Close(reset=True)}), _CLOSED),
    case("reset at logout", GOOD.but({"LOGOUT": Close(reset=True)})),
    case(
        "starttls not offered",
        GOOD.but({"CAPABILITY": b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n%b OK\r\n"}),
        _NONE,
    ),
    case(
        "keyword blanked",
        GOOD.but({"CAPABILITY": b"* CAPABILITY IMAP4rev1 XXXXXXXA LOGINDISABLED\r\n%b OK\r\n"}),
        _NONE,
        also=("answers-blanked",),
    ),
    case(
        "answered twice", GOOD.but({"STARTTLS": (b"%b OK\r\n%b OK\r\n", Tls())}), Problem.INJECTION
    ),
    case(
        "list slipped in",
        GOOD.but({"STARTTLS": (b"%b OK\r\n* CAPABILITY AUTH=PLAIN\r\n", Tls())}),
        Problem.INJECTION,
    ),
    case(
        "preauth slipped in",
        GOOD.but({"STARTTLS": (b"%b OK\r\n* PREAUTH\r\n", Tls())}),
        Problem.INJECTION,
    ),
    case("second answer inside", GOOD.but({"secured": b"a2 OK again\r\n"}), Problem.OUT_OF_STEP),
    case("greets again inside", GOOD.but({"secured": b"* OK hi again\r\n"})),
    case("preauth inside", GOOD.but({"secured": b"* PREAUTH hi\r\n"}), _STRANGE),
    case(
        "injection obeyed",
        GOOD.but({"STARTTLS": (b"%b OK\r\n", Tls(keeps=True))}),
        also=("starttls-command-injection",),
    ),
    case(
        "login before tls",
        GOOD.but({"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n%b OK\r\n"}),
        also=("cleartext-auth-offered",),
    ),
    case(
        "mechanisms lost inside",
        GOOD.but({"CAPABILITY": _LIST + b" AUTH=SCRAM-SHA-256\r\n%b OK\r\n"}),
        also=("sign-in-lost-inside",),
    ),
    case(
        "offers starttls inside",
        GOOD.but({"tls CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n%b OK\r\n"}),
        also=("starttls-inside",),
    ),
    case(
        "login disabled inside",
        GOOD.but({"tls CAPABILITY": _LIST.replace(b" STARTTLS", b"") + b"\r\n%b OK\r\n"}),
        also=("login-impossible",),
    ),
]
