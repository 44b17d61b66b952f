"""Bad POP3 servers."""

from __future__ import annotations

from advisor.model.endpoint import Protocol, Security
from advisor.model.evidence import Problem
from tests.badservers.script import Close, Drip, Flood, Server, Silence, Tls, case

GOOD = Server(
    Protocol.POP3,
    Security.STARTTLS,
    {
        "greeting": b"+OK hi\r\n",
        "CAPA": b"+OK\r\nSTLS\r\n.\r\n",
        "tls CAPA": b"+OK\r\nUSER\r\nSASL PLAIN\r\n.\r\n",
        "STLS": (b"+OK go\r\n", Tls()),
        "QUIT": (b"+OK bye\r\n", Close()),
    },
)
IMPLICIT = Server(Protocol.POP3, Security.TLS, {**GOOD.answers, "connect": Tls()})

_STRANGE, _REFUSES = Problem.NOT_THIS_PROTOCOL, Problem.SERVER_REFUSES
_LIMIT, _CLOSED, _TIMEOUT = Problem.LIMIT, Problem.CLOSED, Problem.TIMEOUT
_NONE, _DENIED = Problem.NO_STARTTLS, Problem.STARTTLS_REFUSED

_GREETINGS: dict[bytes, Problem | None] = {
    b"+OK": None,
    b"+ok lower": None,
    b"-ERR no": _REFUSES,
    b"-ERR [SYS/TEMP] later": _REFUSES,
    b"+ go": _STRANGE,
    b"+OKAY": _STRANGE,
    b"OK": _STRANGE,
    b"": _STRANGE,
    b"\0+OK": _STRANGE,
    b"+OK \0\xff\xfe": None,
    b"+OK \x1b[2J": None,
    b"* OK hi": _STRANGE,
    b"220 hi": _STRANGE,
    b"SSH-2.0-x": _STRANGE,
    b"HTTP/1.1 400 no": _STRANGE,
}

CASES = [
    case("good", GOOD),
    case("good", IMPLICIT),
    *(
        case(f"greeting {number}", GOOD.but({"greeting": line + b"\r\n"}), problem)
        for number, (line, problem) in enumerate(_GREETINGS.items())
    ),
    case("no capa", GOOD.but({"CAPA": b"-ERR what\r\n", "tls CAPA": b"-ERR what\r\n"})),
    case("no capa nor stls", GOOD.but({"CAPA": b"-ERR what\r\n", "STLS": b"-ERR what\r\n"}), _NONE),
    case("capa garbled", GOOD.but({"CAPA": b"what\r\n"}), _STRANGE),
    case("capa garbled inside", GOOD.but({"tls CAPA": b"what\r\n"}), _STRANGE),
    case("stls refused", GOOD.but({"STLS": b"-ERR no\r\n"}), _DENIED),
    case("stls garbled", GOOD.but({"STLS": b"\xff\0\r\n"}), _DENIED),
    case("stls ignored", GOOD.but({"STLS": ()}), _TIMEOUT, also=("starttls-broken",)),
    case("stls not offered", GOOD.but({"CAPA": b"+OK\r\nTOP\r\n.\r\n"}), _NONE),
    case(
        "keyword blanked",
        GOOD.but({"CAPA": b"+OK\r\nXXXX\r\n.\r\n"}),
        _NONE,
        also=("answers-blanked",),
    ),
    case("quit refused", GOOD.but({"QUIT": (b"-ERR no\r\n", Close())})),
    case("quit reset", GOOD.but({"QUIT": Close(reset=True)})),
    case("endless quit", GOOD.but({"QUIT": Flood(b"+OK\r\n")})),
    case("endless greeting", GOOD.but({"greeting": Flood(b"+OK ")}), _LIMIT),
    case("endless list", GOOD.but({"CAPA": (b"+OK\r\n", Flood(b"X\r\n"))}), _LIMIT),
    case("endless line", GOOD.but({"CAPA": (b"+OK\r\n", Flood(b"X" * 999))}), _LIMIT),
    case("endless inside", GOOD.but({"tls CAPA": (b"+OK\r\n", Flood(b"X\r\n"))}), _LIMIT),
    case("endless", IMPLICIT.but({"tls CAPA": (b"+OK\r\n", Flood(b"X\r\n"))}), _LIMIT),
    case("bare lf", GOOD.but({"CAPA": b"+OK\nSTLS\n.\n"})),
    case("dot never comes", GOOD.but({"CAPA": b"+OK\r\nSTLS\r\n"}), _TIMEOUT),
    case("nul and 8-bit", GOOD.but({"CAPA": b"+OK\r\n\0\xff\r\nSTLS\r\n.\r\n"})),
    case("dots doubled", GOOD.but({"CAPA": b"+OK\r\n..X\r\nSTLS\r\n.\r\n"})),
    case("lower case", GOOD.but({"CAPA": b"+OK\r\nstls\r\n.\r\n"})),
    case("drip greeting", GOOD.but({"greeting": Drip(b"+OK ")}), _TIMEOUT),
    case("drip list", GOOD.but({"CAPA": (b"+OK\r\n", Drip(b"X"))}), _TIMEOUT),
    case("silent inside", GOOD.but({"tls CAPA": Silence()}), _TIMEOUT),
    case("close for a greeting", GOOD.but({"greeting": Close()}), _CLOSED),
    case("reset for a greeting", GOOD.but({"greeting": Close(reset=True)}), _CLOSED),
    case("close in the list", GOOD.but({"CAPA": (b"+OK\r\nSTLS\r\n", Close())}), _CLOSED),
    case(
        "reset at stls", GOOD.but({"STLS": Close(reset=True)}), _CLOSED, also=("starttls-broken",)
    ),
    case("close inside", GOOD.but({"tls CAPA": Close()}), _CLOSED),
    case("closure alert inside", GOOD.but({"tls CAPA": Close(notify=True)}), _CLOSED),
    case("answered twice", GOOD.but({"STLS": (b"+OK a\r\n+OK b\r\n", Tls())}), Problem.INJECTION),
    case(
        "list slipped in",
        GOOD.but({"STLS": (b"+OK\r\n+OK\r\nUSER\r\n.\r\n", Tls())}),
        Problem.INJECTION,
    ),
    case("greets again inside", GOOD.but({"secured": b"+OK again\r\n"}), Problem.OUT_OF_STEP),
    case(
        "injection obeyed",
        GOOD.but({"STLS": (b"+OK\r\n", Tls(keeps=True))}),
        also=("starttls-command-injection",),
    ),
    case(
        "login before tls",
        GOOD.but({"CAPA": b"+OK\r\nSTLS\r\nUSER\r\n.\r\n"}),
        also=("cleartext-auth-offered",),
    ),
    case(
        "mechanisms lost inside",
        GOOD.but({"CAPA": b"+OK\r\nSTLS\r\nSASL SCRAM-SHA-1\r\n.\r\n"}),
        also=("sign-in-lost-inside",),
    ),
    case("apop in the clear", GOOD.but({"greeting": b"+OK <1.2@mail.example.org>\r\n"})),
    case(
        "offers stls inside",
        GOOD.but({"tls CAPA": b"+OK\r\nSTLS\r\nUSER\r\n.\r\n"}),
        also=("starttls-inside",),
    ),
    case(
        "no login inside",
        GOOD.but({"tls CAPA": b"+OK\r\nTOP\r\n.\r\n"}),
        also=("login-impossible",),
    ),
]
