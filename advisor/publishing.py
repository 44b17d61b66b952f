"""Everything that the owner of a domain publishes for mail programs, as files with a guide.

Which documents there are, and where they go, is what the exporters say of themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from advisor._plugins import collect
from advisor.errors import ExportError, InputError
from advisor.exporters._exporter import ZONE, Export, Exporter, Wish
from advisor.formats.qr import svg
from advisor.model.report import Report
from advisor.model.text import printable

# Where the web server of the snippets finds the files.
FOLDER = "/srv/mail-settings"
_NGINX, _CADDY, _GUIDE = "nginx.conf", "Caddyfile", "README.md"


@dataclass(frozen=True, slots=True)
class Part:
    """One document of the kit: what it is, and its content, or *trouble*, why there is none."""

    exporter: Exporter
    made: Export | None
    trouble: str = ""

    @property
    def code(self) -> str:
        """The file with the QR code of its address."""
        return f"{self.exporter.filename}.svg"

    def web(self, domain: str) -> list[tuple[str, str]]:
        """Host and path of each place on the web."""
        places = (urlsplit(one.format(domain=domain)) for one in self.exporter.places)
        return [(one.netloc, one.path) for one in places if one.netloc]


def kit(report: Report, wish: Wish) -> dict[str, bytes]:
    """The files of the kit by their names; always the same for the same report.

    Raises:
        ExportError: there is nothing that could be published.
    """
    found: dict[str, Exporter] = collect("advisor.exporters", "EXPORTER")
    parts = [_part(one, report, wish) for one in found.values() if one.places]
    files = {one.exporter.filename: one.made.document for one in parts if one.made}
    if not files:
        raise ExportError(parts[0].trouble)
    zone = next(one for one in parts if ZONE in one.exporter.places)
    extra = [line for one in parts if one.made for line in one.made.records]
    if extra:
        lines = files.get(zone.exporter.filename, b"")
        files[zone.exporter.filename] = lines + "".join(f"{one}\n" for one in extra).encode()
    made = [one for one in parts if one.made]
    files |= {
        one.code: drawing
        for one in made
        if one.exporter.is_opened and (drawing := _drawing(one, report.domain))
    }
    texts = {_GUIDE: _guide(parts, files.keys(), report.domain)}
    if _by_host(made, report.domain):
        texts = {
            _NGINX: _nginx(made, report.domain),
            _CADDY: _caddy(made, report.domain),
            **texts,
        }
    return files | {name: "\n".join((*lines, "")).encode() for name, lines in texts.items()}


def _part(exporter: Exporter, report: Report, wish: Wish) -> Part:
    try:
        return Part(exporter, exporter.render(report, wish))
    except ExportError as error:
        return Part(exporter, None, str(error))


def _drawing(part: Part, domain: str) -> bytes | None:
    """A QR code of where *part* is opened; None where segno is not installed."""
    address = part.exporter.places[0].format(domain=domain)
    try:
        return svg(address, f"QR: {address}").encode() + b"\n"
    except InputError:
        return None


def _by_host(parts: Iterable[Part], domain: str) -> dict[str, list[tuple[str, Exporter]]]:
    hosts: dict[str, list[tuple[str, Exporter]]] = {}
    for part in parts:
        for host, path in part.web(domain):
            hosts.setdefault(host, []).append((path, part.exporter))
    return hosts


def _nginx(parts: Iterable[Part], domain: str) -> Iterator[str]:
    yield f"# For nginx: the files of this folder are expected in {FOLDER}."
    for host, places in _by_host(parts, domain).items():
        yield ""
        if host == domain:
            yield f"# These belong into the server block of {host} that you have already."
        yield "server {"
        yield "    listen 443 ssl;"
        yield f"    server_name {host};"
        yield f"    ssl_certificate /etc/letsencrypt/live/{host}/fullchain.pem;"
        yield f"    ssl_certificate_key /etc/letsencrypt/live/{host}/privkey.pem;"
        for path, one in places:
            yield f"    location = {path} {{"
            yield f"        alias {FOLDER}/{one.filename};"
            yield "        types {}"
            yield f"        default_type {one.media_type};"
            if one.is_posted:
                yield f"        error_page 405 =200 {path};"
            yield "    }"
        yield "}"


def _caddy(parts: Iterable[Part], domain: str) -> Iterator[str]:
    yield f"# For Caddy 2: the files of this folder are expected in {FOLDER}."
    for host, places in _by_host(parts, domain).items():
        yield ""
        if host == domain:
            yield f"# These belong into the block of {host} that you have already."
        yield f"{host} {{"
        for path, one in places:
            yield f"\thandle {path} {{"
            if one.is_posted:
                yield "\t\tmethod GET"
            yield f"\t\troot * {FOLDER}"
            yield f"\t\trewrite * /{one.filename}"
            yield f"\t\theader Content-Type {one.media_type}"
            yield "\t\tfile_server"
            yield "\t}"
        yield "}"


def _guide(parts: list[Part], files: Collection[str], domain: str) -> Iterator[str]:
    made = [one for one in parts if one.made]
    yield f"# Mail settings of {domain}, to publish"
    yield ""
    yield "Made by advisor. Nothing in here is secret, and nothing is about one person."
    yield ""
    yield "| file | what | where it goes |"
    yield "|---|---|---|"
    for part in made:
        places = [
            f"the zone of {domain}" if one == ZONE else f"`{one.format(domain=domain)}`"
            for one in part.exporter.places
        ]
        yield f"| `{part.exporter.filename}` | {part.exporter.title} | {'; '.join(places)} |"
        if part.code in files:
            where = "on paper, or on a page: telephones scan it"
            yield f"| `{part.code}` | QR code of the address of that | {where} |"
    if _by_host(made, domain):
        yield f"| `{_NGINX}`, `{_CADDY}` | examples for two web servers | take the one you have |"
    yield ""
    yield "## Steps"
    yield ""
    yield from (f"{at}. {step}" for at, step in enumerate(_steps(made, domain), 1))
    lost = [(part, one) for part in made if part.made for one in part.made.lost]
    missing = [part for part in parts if part.made is None]
    if lost or missing:
        yield ""
        yield "## What could not be said"
        yield ""
    for part, phrase in lost:
        yield f"- `{part.exporter.filename}`: {printable(phrase)}."
    for part in missing:
        yield f"- {part.exporter.title}, which is left out: {printable(part.trouble)}."


def _steps(made: list[Part], domain: str) -> Iterator[str]:
    """What the owner of *domain* does with the files."""
    hosts = [f"`{host}`" for host in _by_host(made, domain) if host != domain]
    zones = [one.exporter.filename for one in made if ZONE in one.exporter.places]
    if hosts:
        yield f"Copy the files to `{FOLDER}` on your web server, readable for everybody."
        yield (
            f"Let {', '.join(hosts)} lead to that server in DNS, "
            "and get a certificate for each name."
        )
        yield "Take the blocks of the example for your web server over, and reload it."
    if zones:
        yield "Put the zone lines into your zone, raise its serial number, and reload it."
    yield f"Test it: `advisor audit {domain}` names what is missing or contradicts itself."
    yield (
        "When a server changes, make this folder anew and replace all of it: documents that "
        "disagree are worse than none."
    )
