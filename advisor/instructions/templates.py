"""The helpdesk's own pages: Jinja2 in a sandbox, without files, calls or a network.

Jinja2 is an extra (``mail-advisor[templates]``) and is imported only where a template is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from advisor.errors import InputError
from advisor.instructions.html import drawing
from advisor.model.instructions import Instructions
from advisor.model.language import Language
from advisor.model.text import printable

# The name of the template in ``templates/``.
PAGE = "instructions.html"

# Characters of a page.
MAX_PAGE = 2 * 1024 * 1024

# Filters that cannot make much out of little, and do no more than shape text.
_FILTERS = (
    "capitalize", "default", "d", "e", "escape", "first", "forceescape", "last", "length", "lower",
    "title", "trim", "upper",
)  # fmt: skip

# What a template may be made of, how many loops may stand in each other, and how many rounds all of
# them may make.
_NODES = frozenset(
    {
        "Template", "Output", "TemplateData", "For", "If", "Name", "Getattr", "Getitem", "Const",
        "Compare", "Operand", "And", "Or", "Not", "Filter", "Test", "CondExpr",
    }
)  # fmt: skip
_LOOPS = 3
_ROUNDS = 100_000
# What every loop goes through; no template can name it.
_COUNTED = "counted rounds"
_TESTS = ("defined", "undefined", "none", "eq", "equalto", "ne", "in", "string", "number")


def own_page(source: str, found: Instructions, language: Language) -> str:
    """*source* filled in for *found*; every value is escaped.

    Raises:
        InputError: Jinja2 is not installed, or the template cannot be used.
    """
    try:
        import jinja2
    except ImportError:
        raise InputError(
            f"templates/{PAGE} needs Jinja2: install mail-advisor[templates]"
        ) from None
    environment = _environment()
    try:
        parsed = environment.parse(source)
        _check(parsed)
        _count(parsed)
        template = environment.from_string(parsed)
        return _bounded(template.generate(**_values(found, language)))
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        line = getattr(error, "lineno", None)
        place = f", line {line}" if line else ""
        raise InputError(
            f"templates/{PAGE}{place} cannot be used: {printable(str(error), 200)}"
        ) from None
    except RecursionError:
        raise InputError(f"templates/{PAGE} cannot be used: it is nested too deep") from None


def _environment() -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(
        autoescape=True, loader=None, undefined=StrictUndefined, cache_size=0
    )
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in _FILTERS} | {_COUNTED: _counter()}
    made.tests = {name: made.tests[name] for name in _TESTS}
    return made


def _counter() -> Callable[[Iterable[Any]], Iterator[Any]]:
    """A filter that hands on what a loop goes over, until all loops together made enough rounds."""
    rounds = 0

    def counted(values: Iterable[Any]) -> Iterator[Any]:
        nonlocal rounds
        for one in values:
            rounds += 1
            if rounds > _ROUNDS:
                raise InputError(f"templates/{PAGE} loops more than {_ROUNDS} times")
            yield one

    return counted


def _count(parsed: Any) -> None:
    """Lead every loop of *parsed* through the counter."""
    from jinja2 import nodes

    for loop in parsed.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, _COUNTED, [], [], None, None, lineno=loop.lineno)


def _check(node: Any, loops: int = 0) -> None:
    """Refuse what a page does not need: calls, sums, blocks, other files, and deep loops.

    Raises:
        InputError
    """
    kind = type(node).__name__
    line = getattr(node, "lineno", 0)
    if kind not in _NODES:
        raise InputError(f"templates/{PAGE}, line {line}: {kind} is not allowed there")
    loops += kind == "For"
    if loops > _LOOPS:
        raise InputError(f"templates/{PAGE}, line {line}: at most {_LOOPS} loops in each other")
    for child in node.iter_child_nodes():
        _check(child, loops)


def _bounded(pieces: Any) -> str:
    made: list[str] = []
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MAX_PAGE:
            raise InputError(f"templates/{PAGE} makes more than {MAX_PAGE // 2**20} MiB")
        made.append(piece)
    return "".join(made)


def _values(found: Instructions, language: Language) -> dict[str, Any]:
    """What a template sees: the instructions, the words of the language, and the codes to scan."""
    import msgspec
    from markupsafe import Markup

    plain = _printable(msgspec.to_builtins(found))
    drawings = {
        name: Markup(drawing(found, content)) if content else ""  # noqa: S704 - it is an SVG of ours
        for name, content in (("link", found.link), ("code", found.code))
    }
    return {**plain, "words": dict(language.sentences), "drawings": drawings}


def _printable(value: Any) -> Any:
    """*value* with every text in it made safe to show; a logo is longer than that."""
    if isinstance(value, dict):
        return {key: one if key == "logo" else _printable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one) for one in value]
    return printable(value) if isinstance(value, str) else value
