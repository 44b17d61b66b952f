"""``advisor rules``: look at the rules, and check your own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from advisor.cli._markdown import escaped
from advisor.cli._output import Format, FormatOption, Paint, deliver
from advisor.cli._session import Exit, Session
from advisor.errors import InputError, RuleError
from advisor.model.text import printable

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="advisor rules show submission-465-first\n\nList, show, check and test the rules.",
)

Folder = Annotated[
    Path | None, typer.Argument(metavar="[DIR]", help="A folder of your own; default: the bundled.")
]


@app.command("list")
def list_rules(ctx: typer.Context, form: FormatOption = Format.TEXT) -> None:
    """advisor rules list: every rule in use, with its severity and title."""
    session: Session = ctx.obj
    rules = session.library.entries("rules")

    def text(paint: Paint) -> str:
        width = max(map(len, rules))
        lines = []
        for key in sorted(rules):
            one = rules[key]
            own = "  (yours)" if one["origin"] == "overlay" else ""
            state = "" if one["status"] == "stable" else f"  [{one['status']}]"
            lines.append(
                f"{paint.bold(key.ljust(width))}  {one['severity']:7}  {one['title']}{state}{own}"
            )
        return "\n".join(lines)

    plain = [
        {name: rules[key][name] for name in ("id", "severity", "status", "each", "title", "origin")}
        for key in sorted(rules)
    ]
    deliver(session, plain, form, None, text=text, markdown=lambda: _as_table(plain))


def _as_table(rows: list[dict[str, str]]) -> str:
    lines = ["| rule | severity | title |", "|---|---|---|"]
    lines += [f"| `{row['id']}` | {row['severity']} | {escaped(row['title'])} |" for row in rows]
    return "\n".join(lines)


@app.command("show")
def show(
    ctx: typer.Context,
    rule: Annotated[str, typer.Argument(metavar="ID")],
    form: FormatOption = Format.TEXT,
) -> None:
    """advisor rules show no-tls: one rule with its reason, references and examples."""
    session: Session = ctx.obj
    rules = session.library.entries("rules")
    if rule not in rules:
        from difflib import get_close_matches

        close = get_close_matches(rule, rules, n=3)
        hint = f"; near it: {', '.join(close)}" if close else ""
        raise InputError(f"there is no rule “{printable(rule, 60)}”{hint}. See advisor rules list")
    entry = rules[rule]
    from advisor.cli._rule_page import markdown, text

    deliver(
        session, entry, form, None,
        text=lambda paint: text(entry, paint), markdown=lambda: markdown(entry),
    )  # fmt: skip


@app.command("facts")
def facts(ctx: typer.Context, form: FormatOption = Format.TEXT) -> None:
    """advisor rules facts: what conditions and {placeholders} can use."""
    from advisor.engine.vocabulary import FACTS

    rows = [
        {"each": scope, "fact": name, "type": kind, "means": means}
        for scope, known in FACTS.items()
        for name, (kind, means) in known.items()
    ]

    def text(paint: Paint) -> str:
        lines = []
        for scope, known in FACTS.items():
            lines += ["", paint.bold(f"each: {scope}")]
            lines += [f"  {name:30} {kind:8} {means}" for name, (kind, means) in known.items()]
        return "\n".join(lines[1:])

    def markdown() -> str:
        head = ["| each | fact | type | means |", "|---|---|---|---|"]
        return "\n".join(
            head + [f"| {r['each']} | `{r['fact']}` | {r['type']} | {r['means']} |" for r in rows]
        )

    deliver(ctx.obj, rows, form, None, text=text, markdown=markdown)


@app.command("lint")
def lint(ctx: typer.Context, folder: Folder = None) -> None:
    """advisor rules lint my-rules: every mistake at once, with file, line and column."""
    from advisor.knowledge.files import is_folder
    from advisor.knowledge.lint import check_folder, untranslated

    if folder is not None and not is_folder(folder):
        raise InputError(f"{printable(str(folder), 80)} is not a folder of rules")
    counts, mistakes = check_folder(folder)
    for mistake in mistakes:
        print(mistake)
    session: Session = ctx.obj
    if mistakes:
        session.note(f"{len(mistakes)} mistake{'s' * (len(mistakes) != 1)}")
        raise typer.Exit(Exit.UNSAFE)
    if not counts:
        raise InputError(
            f"{printable(str(folder), 80)} holds no rules: "
            "expected YAML files in it or in its folders"
        )
    for tag, lacking in untranslated(folder).items():
        for said, file in lacking.items():
            print(f"languages/{tag}.yaml: not translated yet: {printable(said)} ({file})")
    if not session.quiet:
        print("fine: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))


@app.command("test")
def test(ctx: typer.Context, folder: Folder = None) -> None:
    """advisor rules test: run the examples that every rule carries."""
    from advisor.engine.examples import run
    from advisor.knowledge.library import Library

    session: Session = ctx.obj
    try:
        library = session.library if folder is None else Library([folder])
        outcomes = list(run(library.entries("rules")))
    except RuleError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(Exit.USAGE) from None
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in failed:
        print(f"{outcome.rule}: {outcome.name}")
        print(f"  expected {outcome.expected}\n  given    {outcome.given}")
    print(f"{len(outcomes) - len(failed)} passed, {len(failed)} failed")
    if failed:
        raise typer.Exit(Exit.UNSAFE)
