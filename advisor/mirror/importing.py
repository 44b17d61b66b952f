"""Takes a provider database over: each of its documents is kept once for each of its domains.

That is the form in which the public database is served, so that finding an entry is opening a
file. The documents are kept as they are, to the byte.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from advisor.errors import FormatError, InputError
from advisor.formats import autoconfig
from advisor.mirror.packs import MAX_PACK, SUFFIX, Member, in_folder, in_pack
from advisor.model.text import printable
from advisor.net.open import open_net
from advisor.options import Options

_OK = 200
# What a file name may be long on every usual system, in bytes.
_MAX_FILE_NAME = 255


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a database: how many *documents* for how many *domains* lie in *folder*.

    *passed_over* are the files that were not taken, and the parts of others, each with its reason.
    """

    folder: str
    documents: int
    domains: int
    passed_over: tuple[tuple[str, str], ...]


async def fetched(url: str, options: Options) -> bytes:
    """The pack at *url*.

    Raises:
        InputError: *url* is not https.
        FetchFailed: it could not be fetched.
    """
    if not url.startswith("https://"):
        raise InputError(f"{printable(url, 80)} is not an https address: others could be forged")
    reply = await open_net(options).http.look(url, limit=MAX_PACK)
    if reply.status != _OK:
        raise InputError(f"{printable(reply.url, 200)} answered {reply.status} instead of a pack")
    return reply.body


def from_pack(pack: bytes, into: Path) -> Imported:
    """Keeps the database in *pack*, a .tar.gz or a .zip, in the folder *into*; see ``keep``."""
    return keep(in_pack(pack), into)


def from_folder(folder: Path, into: Path) -> Imported:
    """Keeps the database in *folder*, a checkout or a folder of XML files; see ``keep``."""
    return keep(in_folder(folder), into)


def keep(members: Iterable[Member], into: Path) -> Imported:
    """Keeps *members* in the folder *into*, in place of what was there; whole or not at all.

    The first document that names a domain has it.

    Raises:
        InputError: there is no document to keep, or the folder cannot be written.
    """
    passed_over: list[tuple[str, str]] = []
    owners: dict[str, Member] = {}
    for member in members:
        taken = False
        for domain in _domains(member, passed_over):
            if domain in owners:
                first = owners[domain].name
                passed_over.append((member.name, f"{domain} belongs to {first} already"))
            else:
                owners[domain] = member
                taken = True
        if not taken and not (passed_over and passed_over[-1][0] == member.name):
            passed_over.append((member.name, "names no domain"))
    if not owners:
        raise InputError("there is no document of a provider database in it")
    try:
        _write(owners, into)
    except OSError as error:
        raise InputError(f"{into} cannot be written: {error.strerror}") from None
    documents = len({member.name for member in owners.values()})
    told = tuple((printable(name, 80), printable(why, 300)) for name, why in passed_over)
    return Imported(str(into), documents, len(owners), told)


def _domains(member: Member, passed_over: list[tuple[str, str]]) -> tuple[str, ...]:
    """The domains of a document that can be used; what cannot is noted."""
    if member.why:
        passed_over.append((member.name, member.why))
        return ()
    try:
        config = autoconfig.parse(member.document)
        # Server names may be made of the domain, so that they are names with one only.
        config = autoconfig.parse(member.document, domain=next(iter(config.domains), ""))
    except FormatError as error:
        passed_over.append((member.name, str(error)))
        return ()
    passed_over += [(member.name, said) for _, said in config.remarks]
    if not config.candidates:
        passed_over.append((member.name, "names no server that can be used"))
        return ()
    return tuple(name for name in config.domains if len(name + SUFFIX) <= _MAX_FILE_NAME)


def _write(owners: dict[str, Member], into: Path) -> None:
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into.parent, prefix=f".{into.name}-") as aside:
        made, old = Path(aside) / "new", Path(aside) / "old"
        made.mkdir()
        for domain, member in owners.items():
            (made / f"{domain}{SUFFIX}").write_bytes(member.document)
        if into.exists():
            into.rename(old)
        made.rename(into)
