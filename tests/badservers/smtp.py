"""Bad submission servers."""

from __future__ import annotations

from advisor.model.endpoint import Protocol, Security
from advisor.model.evidence import Problem
from tests.badservers.script import Case, Close, Drip, Flood, Server, Silence, Tls, case

GOOD = Server(
    Protocol.SMTP,
    Security.STARTTLS,
    {
        "greeting": b"220 mail.example.org ESMTP\r\n",
        "EHLO": b"250-mail.example.org\r\n250-SIZE 1000\r\n250 STARTTLS\r\n",
        "tls EHLO": b"250-mail.example.org\r\n250-SIZE 1000\r\n250 AUTH PLAIN\r\n",
        "HELO": b"250 mail.example.org\r\n",
        "STARTTLS": (b"220 go\r\n", Tls()),
        "NOOP": b"250 ok\r\n",
        "QUIT": (b"221 bye\r\n", Close()),
    },
)
IMPLICIT = Server(
    Protocol.SMTP,
    Security.TLS,
    {
        **GOOD.answers,
        "connect": Tls(),
        "EHLO": b"250-mail.example.org\r\n250 AUTH PLAIN\r\n",
    },
)
CLEAR = Server(Protocol.SMTP, Security.NONE, GOOD.answers)

_STRANGE, _REFUSES = Problem.NOT_THIS_PROTOCOL, Problem.SERVER_REFUSES
_LIMIT, _CLOSED, _TIMEOUT = Problem.LIMIT, Problem.CLOSED, Problem.TIMEOUT
_NONE, _DENIED = Problem.NO_STARTTLS, Problem.STARTTLS_REFUSED

CODES = (
    *("100", "200", "211", "220", "235", "250", "251", "252"),
    *("334", "354", "421", "450", "451", "454"),
    *("500", "502", "504", "530", "538", "550", "554", "559"),
    *("560", "600", "999", "000", "2x0", "25"),
)
# The answer to a goodbye is not even awaited: one of each class.
GOODBYES = ("100", "220", "250", "354", "421", "500", "999", "2x0")


def _is_code(code: str) -> bool:
    """Reply-code = %x32-35 %x30-35 %x30-39 (RFC 5321 §4.2)."""
    return len(code) == 3 and code.isdigit() and code[0] in "2345" and code[1] in "012345"


def _greeted(code: str) -> Problem | None:
    if code == "220":
        return None
    return _REFUSES if _is_code(code) and code[0] in "45" else _STRANGE


def _answered(code: str, good: str, otherwise: Problem) -> Problem | None:
    if code == good:
        return None
    return otherwise if _is_code(code) else _STRANGE


def _coded(code: str) -> list[Case]:
    line = f"{code} words\r\n".encode()
    asked = _answered(code, "250", _REFUSES)
    if code in ("250", "500", "502"):  # nothing offered, or HELO instead, which offers nothing
        asked = _NONE
    inside = {"250", "500", "502"}
    return [
        case(f"greeting {code}", GOOD.but({"greeting": line}), _greeted(code)),
        case(f"ehlo {code}", GOOD.but({"EHLO": line}), asked),
        case(
            f"ehlo inside {code}",
            GOOD.but({"tls EHLO": line}),
            None if code in inside else _inside(code),
            also=("login-impossible",) if code in inside else (),
        ),
        case(
            f"starttls {code}",
            GOOD.but({"STARTTLS": (line, Tls()) if code == "220" else line}),
            _answered(code, "220", _DENIED),
        ),
    ]


def _inside(code: str) -> Problem:
    """What an answer of *code* to the first command inside TLS is; 220 answers no EHLO."""
    if code == "220":
        return Problem.OUT_OF_STEP
    return _REFUSES if _is_code(code) else _STRANGE


def _listed(*lines: bytes) -> bytes:
    return (
        b"250-hi\r\n"
        + b"".join(b"250-%b\r\n" % line for line in lines[:-1])
        + (b"250 %b\r\n" % lines[-1])
    )


_MANY = tuple(b"X-%d" % number for number in range(900))

CASES = [
    case("good", GOOD),
    case("good", IMPLICIT),
    case("good", CLEAR, also=("no-tls", "starttls-only")[:1]),
    *(made for code in CODES for made in _coded(code)),
    *(
        case(f"quit {code}", GOOD.but({"QUIT": (f"{code} words\r\n".encode(), Close())}))
        for code in GOODBYES
    ),
    case("greeting in two codes", GOOD.but({"greeting": b"220-a\r\n554 b\r\n"}), _STRANGE),
    case("ehlo in two codes", GOOD.but({"EHLO": b"250-a\r\n550 b\r\n"}), _STRANGE),
    case("ehlo endless continuation", GOOD.but({"EHLO": Flood(b"250-X\r\n")}), _LIMIT),
    case("ehlo endless line", GOOD.but({"EHLO": (b"250 ", Flood(b"x" * 999))}), _LIMIT),
    case("greeting endless continuation", GOOD.but({"greeting": Flood(b"220-hi\r\n")}), _LIMIT),
    case("greeting endless line", GOOD.but({"greeting": Flood(b"220")}), _LIMIT),
    case("starttls endless continuation", GOOD.but({"STARTTLS": Flood(b"220-a\r\n")}), _LIMIT),
    case("inside endless continuation", GOOD.but({"tls EHLO": Flood(b"250-a\r\n")}), _LIMIT),
    case("inside endless line", GOOD.but({"tls EHLO": Flood(b"250-")}), _LIMIT),
    case("quit endless", GOOD.but({"QUIT": Flood(b"221-a\r\n")})),
    case("endless continuation", IMPLICIT.but({"tls EHLO": Flood(b"250-a\r\n")}), _LIMIT),
    case("900 extensions", GOOD.but({"EHLO": _listed(b"STARTTLS", *_MANY)})),
    case(
        "long lines", GOOD.but({"EHLO": _listed(b"STARTTLS", *[b"X " + b"y" * 8000] * 9)}), _LIMIT
    ),
    case("line of 8191", GOOD.but({"EHLO": _listed(b"STARTTLS", b"X" * 8187)})),
    case("nul in greeting", GOOD.but({"greeting": b"220 a\0b\r\n"})),
    case("nul for a greeting", GOOD.but({"greeting": b"\0\0\0\r\n"}), _STRANGE),
    case("nul in keyword", GOOD.but({"EHLO": _listed(b"START\0TLS")}), _NONE),
    case("8-bit greeting", GOOD.but({"greeting": b"220 \xff\xfe \xc3\xa9\r\n"})),
    case("8-bit list", GOOD.but({"EHLO": _listed(b"\xe2\x80\xae", b"STARTTLS")})),
    case("escapes", GOOD.but({"greeting": b"220 \x1b]0;owned\x07\x1b[2J\r\n"})),
    case("bare lf", GOOD.but({"EHLO": b"250-hi\n250 STARTTLS\n"})),
    case("bare lf greeting", GOOD.but({"greeting": b"220 hi\n"})),
    case("bare cr", GOOD.but({"EHLO": b"250-hi\r250 STARTTLS\r\n"}), _TIMEOUT),
    case("empty line", GOOD.but({"greeting": b"\r\n"}), _STRANGE),
    case("only code", GOOD.but({"greeting": b"220\r\n"})),
    case("lower case", GOOD.but({"EHLO": _listed(b"starttls")})),
    case("drip greeting", GOOD.but({"greeting": Drip(b"220 ")}), _TIMEOUT),
    case("drip ehlo", GOOD.but({"EHLO": Drip(b"250-")}), _TIMEOUT),
    case("drip inside", GOOD.but({"tls EHLO": Drip(b"250-")}), _TIMEOUT),
    case("drip starttls", GOOD.but({"STARTTLS": Drip(b"2")}), _TIMEOUT, also=("starttls-broken",)),
    case("silent after greeting", GOOD.but({"EHLO": Silence()}), _TIMEOUT),
    case("silent inside", GOOD.but({"tls EHLO": Silence()}), _TIMEOUT),
    case(
        "starttls ignored",
        GOOD.but({"STARTTLS": ()}),
        _TIMEOUT,
        also=("starttls-broken",),
    ),
    case(
        "starttls agreed and nothing",
        GOOD.but({"STARTTLS": (b"220 go\r\n", Silence())}),
        _TIMEOUT,
        also=("starttls-broken",),
    ),
    case("close for a greeting", GOOD.but({"greeting": Close()}), _CLOSED),
    case("reset for a greeting", GOOD.but({"greeting": Close(reset=True)}), _CLOSED),
    case("close in the greeting", GOOD.but({"greeting": (b"220 h", Close())}), _CLOSED),
    case("close at ehlo", GOOD.but({"EHLO": Close()}), _CLOSED),
    case("reset at ehlo", GOOD.but({"EHLO": Close(reset=True)}), _CLOSED),
    case("close in the list", GOOD.but({"EHLO": (b"250-hi\r\n", Close())}), _CLOSED),
    case("close at starttls", GOOD.but({"STARTTLS": Close()}), _CLOSED, also=("starttls-broken",)),
    case(
        "reset at starttls",
        GOOD.but({"STARTTLS": Close(reset=True)}),
        _CLOSED,
        also=("starttls-broken",),
    ),
    case("close inside", GOOD.but({"tls EHLO": Close()}), _CLOSED),
    case("reset inside", GOOD.but({"tls EHLO": Close(reset=True)}), _CLOSED),
    case("closure alert inside", GOOD.but({"tls EHLO": Close(notify=True)}), _CLOSED),
    case("reset at quit", GOOD.but({"QUIT": Close(reset=True)})),
    case("starttls not offered", GOOD.but({"EHLO": _listed(b"SIZE 1")}), _NONE),
    case(
        "keyword blanked",
        GOOD.but({"greeting": b"220 " + b"*" * 60 + b"\r\n", "EHLO": _listed(b"XXXXXXXA")}),
        _NONE,
        also=("answers-blanked",),
    ),
    case(
        "keyword crossed out",
        GOOD.but({"EHLO": _listed(b"SIZE", b"XXXXXXXX")}),
        _NONE,
        also=("answers-blanked",),
    ),
    case(
        "greeting blanked",
        GOOD.but({"greeting": b"220 **********************************2**0**\r\n"}),
        also=("answers-blanked",),
    ),
    case("stars in words", GOOD.but({"greeting": b"220 ***** welcome *****\r\n"})),
    case(
        "starttls with an answer twice",
        GOOD.but({"STARTTLS": (b"220 a\r\n220 b\r\n", Tls())}),
        Problem.INJECTION,
    ),
    case("second answer inside", GOOD.but({"secured": b"220 go\r\n"}), Problem.OUT_OF_STEP),
    case(
        "greets again inside",
        GOOD.but({"secured": b"220 mail.example.org ESMTP\r\n"}),
        Problem.OUT_OF_STEP,
    ),
    case(
        "answers slipped in",
        GOOD.but({"STARTTLS": (b"220 go\r\n250 AUTH LOGIN\r\n", Tls())}),
        Problem.INJECTION,
    ),
    case(
        "injection obeyed",
        GOOD.but({"STARTTLS": (b"220 go\r\n", Tls(keeps=True))}),
        also=("starttls-command-injection",),
    ),
    case(
        "login before tls",
        GOOD.but({"EHLO": _listed(b"STARTTLS", b"AUTH PLAIN LOGIN")}),
        also=("cleartext-auth-offered", "sign-in-lost-inside"),
    ),
    case(
        "mechanisms lost inside",
        GOOD.but({"EHLO": _listed(b"STARTTLS", b"AUTH SCRAM-SHA-256")}),
        also=("sign-in-lost-inside",),
    ),
    case(
        "offers starttls inside",
        GOOD.but({"tls EHLO": _listed(b"STARTTLS", b"AUTH PLAIN")}),
        also=("starttls-inside",),
    ),
    case("no login inside", GOOD.but({"tls EHLO": _listed(b"SIZE 5")}), also=("login-impossible",)),
    case("ssh", GOOD.but({"greeting": b"SSH-2.0-x\r\n"}), _STRANGE),
    case("http", GOOD.but({"greeting": b"HTTP/1.1 400 Bad Request\r\n\r\n"}), _STRANGE),
    case("ftp", GOOD.but({"greeting": b"220 FileZilla Server\r\n"}), _STRANGE),
    case("imap", GOOD.but({"greeting": b"* OK hi\r\n"}), _STRANGE),
    case("pop3", GOOD.but({"greeting": b"+OK hi\r\n"}), _STRANGE),
    case(
        "tls record in clear", GOOD.but({"greeting": b"\x15\x03\x01\x00\x02\x02\x28\r\n"}), _STRANGE
    ),
]
