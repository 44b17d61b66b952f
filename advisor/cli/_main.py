"""The ``advisor`` command: global options, lazily loaded commands, exit codes."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from typer.core import TyperGroup

from advisor.cli._session import Exit, Session
from advisor.errors import AdvisorError, InputError, RuleError

# Global options may stand anywhere on the line; True where a value follows.
_GLOBAL = {
    "--quiet": False,
    "-q": False,
    "--verbose": False,
    "-v": False,
    "--no-color": False,
    "--offline": False,
    "--rules": True,
}

# The errors of the command line itself, from whichever module this version of Typer has them in.
_UsageError: Any = typer.BadParameter.__mro__[1]
_ClickException: Any = typer.BadParameter.__mro__[2]


class Commands(TyperGroup):
    """The commands, each imported when it is called or listed."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the framework's signature
        """The public modules of this package."""
        names = (path.stem for path in Path(__file__).parent.glob("*.py"))
        return sorted(name for name in names if not name.startswith("_"))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of the module *cmd_name*, or None."""
        if cmd_name not in self.commands:
            if cmd_name not in self.list_commands(ctx):
                return None
            self.commands[cmd_name] = self._load(cmd_name)
        return self.commands[cmd_name]

    def _load(self, cmd_name: str) -> Any:
        module = importlib.import_module(f"advisor.cli.{cmd_name}")
        group = getattr(module, "app", None)
        if group is not None:
            return typer.main.get_group(group)
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(cmd_name)(module.command)
        command = typer.main.get_command(single)
        command.name = cmd_name
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that *args* begin with; an unknown one gets the nearest as a hint."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f"; did you mean “{close[0]}”?" if close else ""
            raise _UsageError(f"there is no command “{args[0]}”{hint} See advisor --help")
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take global options from wherever they stand."""
        parsed: list[str] = super().parse_args(ctx, hoist(args))
        return parsed


def hoist(args: Sequence[str]) -> list[str]:
    """*args* with the global options before everything else; what follows ``--`` stays."""
    front: list[str] = []
    rest: list[str] = []
    todo = list(args)
    while todo:
        word = todo.pop(0)
        name = word.partition("=")[0]
        if word == "--":
            return front + rest + [word, *todo]
        if name not in _GLOBAL:
            rest.append(word)
        elif _GLOBAL[name] and "=" not in word and todo:
            front += [word, todo.pop(0)]
        else:
            front.append(word)
    return front + rest


def _show_version(wanted: bool) -> None:
    if wanted:
        from advisor._version import __version__

        print(f"advisor {__version__}")
        raise typer.Exit


def _globals(
    ctx: typer.Context,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the answer.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Everything, and a trace on stderr.")
    ] = False,
    no_color: Annotated[
        bool, typer.Option("--no-color", help="No colours, no live display; so does NO_COLOR.")
    ] = False,
    offline: Annotated[
        bool,
        typer.Option("--offline", envvar="ADVISOR_OFFLINE", help="Use no network at all."),
    ] = False,
    overlays: Annotated[  # not “rules”: the defaults of a command of that name are no option's
        list[Path] | None,
        typer.Option(
            "--rules",
            metavar="DIR",
            envvar="ADVISOR_RULES",
            help="Your own rules over the bundled ones; may be repeated.",
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Which server, which port, SSL/TLS or STARTTLS: e-mail client settings, with reasons.

    advisor recommend alice@example.org

    Global options may stand anywhere on the line.

    Exit codes: 0 answered · 1 answered, and something is unsafe or will not work · 2 wrong usage
    or input · 3 nothing found · 4 the network or a server kept us from answering · 70 a bug of
    ours · 130 interrupted.
    """
    del version
    ctx.obj = Session(
        quiet=quiet,
        verbose=verbose,
        offline=offline,
        overlays=overlays or [],
        color=not (no_color or os.environ.get("NO_COLOR")),
    )


def run(argv: Sequence[str] | None) -> int:
    """Parse and run; every outcome becomes an exit code, every trouble one line on stderr."""
    args = list(sys.argv[1:] if argv is None else argv)
    _open_closed_streams()
    app = typer.Typer(
        cls=Commands, add_completion=False, no_args_is_help=True, rich_markup_mode=None
    )
    app.callback()(_globals)
    try:
        from advisor.cli._config import defaults

        command = typer.main.get_command(app)
        code = command.main(
            args, prog_name="advisor", standalone_mode=False, default_map=defaults()
        )
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):
        # A reader that had enough; the framework makes SystemExit of it where it meets it first.
        _discard_output()
        return Exit.ANSWERED
    except OSError as error:
        return _unwritable(error, args)
    except _ClickException as error:
        return _usage(error)
    except RuleError as error:
        return _tell(str(error), Exit.USAGE)
    except InputError as error:
        return _tell(str(error), Exit.USAGE)
    except AdvisorError as error:
        return _tell(str(error), Exit.NETWORK)
    except (KeyboardInterrupt, typer.Abort):
        return _tell("interrupted", Exit.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the last line of defence, and it reports itself
        return _bug(error, args)
    if code == Exit.INTERRUPTED:
        return _tell("interrupted", Exit.INTERRUPTED)
    return code if isinstance(code, int) else Exit.ANSWERED


def _unwritable(error: OSError, args: Sequence[str]) -> int:
    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG):
        return _bug(error, args)
    _discard_output()
    return _tell(f"the output cannot be written: {error.strerror}", Exit.USAGE)


def _open_closed_streams() -> None:
    """Started with stdout or stderr closed, write to nowhere instead."""
    sys.stdout = sys.stdout or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    sys.stderr = sys.stderr or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")


def _usage(error: Any) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.format_message())
        return Exit.USAGE
    message = " ".join(str(error.format_message()).split())
    return _tell(f"{message[:1].lower()}{message[1:]}", Exit.USAGE)


def _tell(message: str, code: int) -> int:
    try:
        for line in message.splitlines() or [""]:
            print(f"advisor: {line}", file=sys.stderr)
        sys.stderr.flush()
    except OSError:
        _discard(sys.stderr)
    return code


def _discard_output() -> None:
    _discard(sys.stdout)


def _discard(stream: TextIO) -> None:
    # Whatever is still buffered would raise again when the interpreter closes the stream.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _bug(error: Exception, args: Sequence[str]) -> int:
    if {"-v", "--verbose"} & set(args):
        import traceback

        traceback.print_exc()
    return _tell(
        f"a bug in advisor ({type(error).__name__}): please report it, "
        "with what --verbose prints when you repeat the command",
        Exit.BUG,
    )
