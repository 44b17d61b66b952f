"""``advisor schema``: the JSON Schema of what advisor prints."""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.cli._output import OutputOption, check_writable, emit
from advisor.errors import InputError


def command(
    document: Annotated[
        str, typer.Argument(help="report, probe, answer or term.", metavar="[DOCUMENT]")
    ] = "report",
    output: OutputOption = None,
) -> None:
    """advisor schema report

    The JSON Schema (2020-12) of a document that --format json prints.
    """
    import json

    from advisor.schema import DOCUMENTS, schema

    check_writable(output)
    if document not in DOCUMENTS:
        raise InputError(f"there is no document “{document[:40]}”; known: {', '.join(DOCUMENTS)}")
    emit(json.dumps(schema(document), indent=2, ensure_ascii=False) + "\n", output)
