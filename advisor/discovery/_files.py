"""Autoconfig documents in a folder, one file a domain: DOMAIN.xml."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

from advisor.discovery._answers import counted, failed, nothing, read
from advisor.model.evidence import Answer, Channel, Hop, Problem, Question


def file_of(folder: Path, domain: str) -> Path:
    """Where *folder* keeps the document for *domain*."""
    return folder / f"{domain}.xml"


def from_folder(
    question: Question, folder: Path, entry: str, *, domain: str, via: tuple[Hop, ...] = ()
) -> Answer:
    """What the document for *entry* in *folder* says of *domain*.

    *via* are the steps that led from *domain* to *entry*.

    Raises:
        FormatError: the file cannot be read as autoconfig XML.
    """
    path = file_of(folder, entry)
    asked = replace(question, asked=str(path))
    try:
        with path.open("rb") as file:
            from advisor.formats import autoconfig
            from advisor.formats._xml import MAX_DOCUMENT

            document = file.read(MAX_DOCUMENT + 1)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENAMETOOLONG):
            return nothing(asked, Problem.NOT_FOUND, f"{entry} is not in the folder")
        return failed(asked, Problem.BAD_DOCUMENT, f"{path.name} cannot be read: {error.strerror}")
    config = autoconfig.parse(document, domain=domain)
    hops = (*via, Hop(str(path), Channel.BUNDLED))
    return read(asked, config, f"has {counted(len(config.candidates))}", via=hops)
