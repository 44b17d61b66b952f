"""Sources ticking in: a live display on a terminal, or a line each with ``--verbose``."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from advisor.cli._session import Session
from advisor.model.evidence import Answer, Outcome, Question
from advisor.model.observation import Live as Checked
from advisor.model.observation import ProbeResult
from advisor.model.text import printable

if TYPE_CHECKING:
    from rich.text import Text

Event = Question | Answer | ProbeResult

_MARKS = {
    Outcome.FOUND: "[green]✓[/]",
    Outcome.NOTHING: "[dim]–[/]",
    Outcome.FAILED: "[yellow]![/]",
    Outcome.SKIPPED: "[dim]·[/]",
}


def traced(session: Session) -> Callable[[Event], None]:
    """A watcher that writes one line per event to the trace."""

    def watch(event: Event) -> None:
        session.trace(_line(event))

    return watch


def _line(event: Event) -> str:
    match event:
        case Question():
            return f"ask   {event.id}: {printable(event.asked)}"
        case Answer():
            said = f" ({printable(event.reason)})" if event.reason else ""
            return f"heard {event.question.id}: {event.outcome}{said}"
    seen = event.observation
    trouble = f" ({seen.error})" if seen.error else ""
    where = f"{event.protocol}://{event.host}:{event.port}"
    return f"saw   {where} {event.security}: {event.live}{trouble}"


class Live:
    """A display that lives as long as the work and leaves nothing behind."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.live import Live as Display

        self._marks: dict[str, str] = {}
        self._titles: dict[str, str] = {}
        self._seen: list[str] = []
        self._display = Display(console=Console(stderr=True), transient=True, refresh_per_second=12)

    def __enter__(self) -> Live:
        self._display.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._display.stop()

    def watch(self, event: Event) -> None:
        """Show *event*."""
        match event:
            case Question():
                self._marks[event.id], self._titles[event.id] = "[dim]…[/]", event.title
            case Answer():
                self._marks[event.question.id] = _MARKS[event.outcome]
                self._titles.setdefault(event.question.id, event.question.title)
            case ProbeResult() if event.live is Checked.CONFIRMED:
                self._seen.append(f"{event.host}:{event.port}")
        self._display.update(self._rows())

    def _rows(self) -> Text:
        from rich.markup import escape
        from rich.text import Text

        rows = [
            f" {mark} {escape(printable(self._titles[key], 70))}"
            for key, mark in self._marks.items()
        ]
        if self._seen:
            rows.append(f" [green]✓[/] answer: {escape(', '.join(self._seen[-6:]))}")
        return Text.from_markup("\n".join(rows))
