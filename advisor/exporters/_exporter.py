"""The contract of an exporter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from advisor.model.address import Subject
from advisor.model.report import Report

ZONE = "zone"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a document is wanted for.

    *person* is whom it is for, or None for everybody in the domain; *name* is what recipients see
    as the sender. *ca_file* is the path of a PEM file with authorities to trust.
    """

    even_if_unsafe: bool = False
    person: Subject | None = None
    name: str = ""
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """A document, and in *lost* one phrase for each thing that its format cannot say.

    *records* are zone lines that have to be published along with it.
    """

    document: bytes
    lost: tuple[str, ...] = ()
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format. *filename* is what the document is usually called.

    ``render`` raises ``ExportError`` where the format cannot say what the report recommends.
    A format that *has_placeholders* stands for the whole domain unless a person is named; the
    others take the address that was asked about. What *is_personal* makes no sense without a
    person, and is for that person's eyes only: sooner or later a password is written into it.
    What *is_signable* may be wrapped into a signature of its publisher (CMS). *places* are where a
    domain publishes it: URLs with ``{domain}``, or ``ZONE`` for lines of its zone. What *is_posted*
    is asked for by POST, too; what *is_opened* is opened by people on their device, not looked up
    by a program. *scanned_by* is the client whose camera takes the document as a QR code.
    """

    id: str
    title: str
    media_type: str
    filename: str
    render: Callable[[Report, Wish], Export]
    has_placeholders: bool = False
    is_personal: bool = False
    is_signable: bool = False
    is_posted: bool = False
    is_opened: bool = False
    places: tuple[str, ...] = ()
    scanned_by: str = ""
