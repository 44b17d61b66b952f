"""Everything advisor raises on purpose.

AdvisorError
├── InputError                 the user's input cannot be used: exit code 2
│   └── InvalidAddress
├── RuleError                  rules or knowledge files are wrong: all faults at once
├── LookupFailed               a question got no answer; becomes an Answer, never a crash
│   ├── DnsFailed
│   ├── FetchFailed
│   └── FormatError            the document came but cannot be read
├── ProbeFailed                the endpoint could not be tested
│   ├── ConnectFailed          also an OSError
│   ├── ProbeTimeout           also a TimeoutError
│   ├── TlsFailed              certificate or handshake
│   └── RemoteProtocolError    they broke the protocol; keeps the line
└── ExportError                this account cannot be said in this format

The middle raises, the rim catches: only ``discovery._runner`` and ``probing.prober`` turn a
``LookupFailed`` or ``ProbeFailed`` into a value. Nothing is decided by matching a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advisor.model.evidence import Problem


class AdvisorError(Exception):
    """Root of all errors that advisor raises on purpose."""


class InputError(AdvisorError):
    """The user's input cannot be used; the message says what is wrong and what to do."""


class InvalidAddress(InputError):
    """Not an e-mail address or mail domain that anything could be looked up for."""


class RuleError(AdvisorError):
    """Rules or knowledge files are wrong; *mistakes* holds every one of them."""

    def __init__(self, mistakes: Sequence[object]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class LookupFailed(AdvisorError):
    """A question got no usable answer; *problem* is its kind, the message its sentence."""

    def __init__(self, problem: Problem, message: str) -> None:
        self.problem = problem
        super().__init__(message)


class DnsFailed(LookupFailed):
    """The DNS gave no answer, or refused one."""


class FetchFailed(LookupFailed):
    """A document could not be fetched over HTTP."""


class FormatError(LookupFailed):
    """A document came but cannot be read; the message says what was expected.

    *line* and *column* count from 1; 0 where the trouble is with the document as a whole.
    """

    def __init__(self, problem: Problem, message: str, line: int = 0, column: int = 0) -> None:
        self.line = line
        self.column = column
        super().__init__(problem, message)


class ProbeFailed(AdvisorError):
    """An endpoint could not be tested; *problem* is the kind of trouble."""

    def __init__(self, problem: Problem, message: str) -> None:
        self.problem = problem
        super().__init__(message)


class ConnectFailed(ProbeFailed, OSError):
    """No connection: refused, unreachable, or no usable address."""


class ProbeTimeout(ProbeFailed, TimeoutError):
    """The other side did not answer in time; the message says in which step."""


class TlsFailed(ProbeFailed):
    """The TLS handshake or the certificate check failed; *code* is OpenSSL's for the latter."""

    def __init__(self, problem: Problem, message: str, code: int | None = None) -> None:
        self.code = code
        super().__init__(problem, message)


class RemoteProtocolError(ProbeFailed):
    """The other side broke its protocol, or closed the connection; *line* is what it said."""

    def __init__(self, problem: Problem, message: str, line: str = "") -> None:
        self.line = line
        super().__init__(problem, message)


class ExportError(AdvisorError):
    """This account cannot be said in this format; the message names the part."""
