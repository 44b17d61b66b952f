"""Bad ManageSieve servers."""

from __future__ import annotations

from advisor.model.endpoint import Protocol, Security
from advisor.model.evidence import Problem
from tests.badservers.script import Close, Drip, Flood, Server, Silence, Tls, case

_INSIDE = b'"IMPLEMENTATION" "x"\r\n"SASL" "PLAIN"\r\n"SIEVE" ""\r\nOK\r\n'
GOOD = Server(
    Protocol.MANAGESIEVE,
    Security.STARTTLS,
    {
        "greeting": b'"IMPLEMENTATION" "x"\r\n"SASL" ""\r\n"STARTTLS"\r\nOK "hi"\r\n',
        "STARTTLS": (b"OK\r\n", Tls()),
        "secured": _INSIDE,
        "NOOP": b'OK (TAG "in") "done"\r\n',
        "LOGOUT": (b"OK\r\n", Close()),
    },
)

_STRANGE, _REFUSES = Problem.NOT_THIS_PROTOCOL, Problem.SERVER_REFUSES
_LIMIT, _CLOSED, _TIMEOUT = Problem.LIMIT, Problem.CLOSED, Problem.TIMEOUT
_NONE, _DENIED = Problem.NO_STARTTLS, Problem.STARTTLS_REFUSED

CASES = [
    case("good", GOOD),
    case("greets no", GOOD.but({"greeting": b'NO "x"\r\n'}), _REFUSES),
    case("greets bye", GOOD.but({"greeting": b'BYE (TRYLATER) "x"\r\n'}), _REFUSES),
    case("greets bare ok", GOOD.but({"greeting": b"OK\r\n"}), _STRANGE),
    case("garbled", GOOD.but({"greeting": b"\0\xff\r\n"}), _STRANGE),
    case("imap", GOOD.but({"greeting": b"* OK hi\r\n"}), _STRANGE),
    case("bare lf", GOOD.but({"greeting": b'"SASL" ""\n"STARTTLS"\nOK\n'})),
    case("endless list", GOOD.but({"greeting": Flood(b'"X" "y"\r\n')}), _LIMIT),
    case("endless line", GOOD.but({"greeting": Flood(b'"X" ')}), _LIMIT),
    case("huge literal", GOOD.but({"greeting": b'"X" {99999}\r\n'}), _LIMIT),
    case("endless literals", GOOD.but({"greeting": Flood(b'"X" {3}\r\nabc\r\n')}), _LIMIT),
    case("drip", GOOD.but({"greeting": Drip(b'"X"')}), _TIMEOUT),
    case("starttls refused", GOOD.but({"STARTTLS": b'NO "x"\r\n'}), _DENIED),
    case("starttls bye", GOOD.but({"STARTTLS": b'BYE "x"\r\n'}), _DENIED),
    case("starttls garbled", GOOD.but({"STARTTLS": b"what\r\n"}), _STRANGE),
    case("starttls ignored", GOOD.but({"STARTTLS": ()}), _TIMEOUT, also=("starttls-broken",)),
    case("starttls not offered", GOOD.but({"greeting": b'"SASL" ""\r\nOK\r\n'}), _NONE),
    case("close for a greeting", GOOD.but({"greeting": Close()}), _CLOSED),
    case(
        "reset at starttls",
        GOOD.but({"STARTTLS": Close(reset=True)}),
        _CLOSED,
        also=("starttls-broken",),
    ),
    case("answered twice", GOOD.but({"STARTTLS": (b"OK\r\nOK\r\n", Tls())}), Problem.INJECTION),
    case(
        "list slipped in",
        GOOD.but({"STARTTLS": (b'OK\r\n"SASL" "PLAIN"\r\nOK\r\n', Tls())}),
        Problem.INJECTION,
    ),
    case("second answer inside", GOOD.but({"secured": b"OK\r\n" + _INSIDE}), Problem.OUT_OF_STEP),
    case("nothing inside", GOOD.but({"secured": Silence()}), _TIMEOUT),
    case("refuses inside", GOOD.but({"secured": b'NO "x"\r\n'}), _REFUSES),
    case("endless inside", GOOD.but({"secured": Flood(b'"X" "y"\r\n')}), _LIMIT),
    case("close inside", GOOD.but({"secured": Close(notify=True)}), _CLOSED),
    case(
        "injection obeyed",
        GOOD.but({"STARTTLS": (b"OK\r\n", Tls(keeps=True))}),
        also=("starttls-command-injection",),
    ),
    case(
        "login before tls",
        GOOD.but({"greeting": b'"SASL" "PLAIN"\r\n"STARTTLS"\r\nOK\r\n'}),
        also=("cleartext-auth-offered",),
    ),
    case(
        "mechanisms lost inside",
        GOOD.but({"greeting": b'"SASL" "SCRAM-SHA-1"\r\n"STARTTLS"\r\nOK\r\n'}),
        also=("sign-in-lost-inside",),
    ),
    case(
        "offers starttls inside",
        GOOD.but({"secured": b'"STARTTLS"\r\n' + _INSIDE}),
        also=("starttls-inside",),
    ),
]
