"""The kit for the owner of a domain: complete, alike everywhere, and served by real web servers."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
import trustme

from advisor._plugins import collect
from advisor.errors import ExportError
from advisor.exporters._exporter import Exporter, Wish
from advisor.publishing import kit
from tests.exporters.readers import READERS
from tests.make import report, setting
from tests.pictures import scanned
from tests.run import advisor
from tests.web_servers import SECONDS, SERVERS, free_port, serving

IMAP = setting()
SMTP = setting("smtp://smtp.example.org:465")
FOUND = report(IMAP, SMTP, address="example.org")
PUBLISHED: list[Exporter] = [
    one for one in collect("advisor.exporters", "EXPORTER").values() if one.places
]


def test_it_is_complete() -> None:
    """Each document that a domain publishes, two examples, and a guide that names all of them."""
    files = kit(FOUND, Wish())
    documents = {one.filename for one in PUBLISHED}
    more = {"nginx.conf", "Caddyfile", "README.md", "mail.mobileconfig.svg"}
    assert set(files) == documents | more
    guide = files["README.md"].decode()
    assert all(f"`{name}`" in guide for name in set(files) - {"README.md"})
    assert "`advisor audit example.org`" in guide


def test_its_documents_agree() -> None:
    """They are those of the exporters, for nobody in particular."""
    files = kit(FOUND, Wish())
    for one in PUBLISHED:
        assert files[one.filename].startswith(one.render(FOUND, Wish()).document)
    records = [line for one in PUBLISHED for line in one.render(FOUND, Wish()).records]
    assert [line.split()[3] for line in records] == ["SRV", "TXT"]
    assert files["srv.zone"].decode().splitlines()[-2:] == records
    ways = READERS["autoconfig"](files["config-v1.1.xml"])
    assert {one[:4] for one in ways} == {one[:4] for one in READERS["srv"](files["srv.zone"])}


def test_what_cannot_be_said_stands_in_the_guide() -> None:
    """A document that is left out, with the reason, and what the others lack."""
    port = setting("imap://imap.example.org:143", "starttls")
    pop = setting("pop3://pop.example.org:995", auth=())
    guide = kit(report(port, pop, SMTP, address="example.org"), Wish())["README.md"].decode()
    assert "- `mail.mobileconfig`: IMAP on imap.example.org:143 with STARTTLS" in guide
    files = kit(report(IMAP, address="example.org"), Wish())
    assert set(files) == {"srv.zone", "README.md"}
    assert "web server" not in files["README.md"].decode()
    assert "no safe outgoing server is known" in files["README.md"].decode()


def test_nothing_to_publish_is_an_error() -> None:
    """One sentence."""
    with pytest.raises(ExportError, match="no safe"):
        kit(report(address="example.org"), Wish())


def test_the_address_of_the_profile_can_be_scanned(tmp_path: Path) -> None:
    """By a telephone that is to open it."""
    drawing = kit(FOUND, Wish())["mail.mobileconfig.svg"]
    assert scanned(drawing, tmp_path) == "https://autoconfig.example.org/mail.mobileconfig"


def test_without_segno_the_kit_lacks_a_picture_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra; and the guide names no file that is not there."""
    monkeypatch.setitem(sys.modules, "segno", None)
    files = kit(FOUND, Wish())
    assert "mail.mobileconfig.svg" not in files
    assert "svg" not in files["README.md"].decode()


@pytest.mark.skipif(which("caddy") is None, reason="caddy is not installed")
def test_caddy_takes_the_example_as_it_is(tmp_path: Path) -> None:
    """Without a warning, also about its indentation."""
    (tmp_path / "Caddyfile").write_bytes(kit(FOUND, Wish())["Caddyfile"])
    done = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", "Caddyfile"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    assert "Valid configuration" in done.stdout + done.stderr
    assert '"level":"warn"' not in done.stderr


def test_both_web_servers_serve_the_same() -> None:
    """The same paths of the same hosts."""
    files = {name: data.decode() for name, data in kit(FOUND, Wish()).items()}
    nginx = re.findall(r"location = (\S+)", files["nginx.conf"])
    assert nginx == re.findall(r"handle (\S+)", files["Caddyfile"])
    hosts = re.findall(r"server_name (\S+);", files["nginx.conf"])
    assert hosts == re.findall(r"^(\S+) \{", files["Caddyfile"], re.MULTILINE)


@pytest.mark.parametrize("name", SERVERS)
def test_a_real_web_server_serves_every_place(name: str, tmp_path: Path) -> None:
    """With the right type, over HTTPS, whatever is asked behind the question mark."""
    files = kit(FOUND, Wish())
    authority, at = trustme.CA(), ("127.0.0.1", free_port())
    pem = tmp_path / "both.pem"
    leaf = authority.issue_cert("example.org", "*.example.org")
    leaf.private_key_and_cert_chain_pem.write_to_path(pem)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    places = [
        (one, place.format(domain="example.org").removeprefix("https://").partition("/"))
        for one in PUBLISHED
        for place in one.places
        if place.startswith("https://")
    ]
    with serving(name, files, tmp_path, at, pem):
        for one, (host, _, path) in places:
            for how in ("GET", "POST") if one.is_posted else ("GET", "HEAD"):
                answer, body = asked(at, context, host, path, how)
                assert answer.status == 200, (host, path)
                assert answer.headers.get_content_type() == one.media_type
                assert body == (b"" if how == "HEAD" else files[one.filename])
    assert len(places) >= 6


def asked(
    at: tuple[str, int], context: ssl.SSLContext, host: str, path: str, how: str
) -> tuple[http.client.HTTPResponse, bytes]:
    """The answer of the server *at*, which is asked as if it were *host*, and its body."""
    with socket.create_connection(at, timeout=SECONDS) as plain:
        connection = http.client.HTTPSConnection(host, timeout=SECONDS)
        connection.sock = context.wrap_socket(plain, server_hostname=host)
        connection.request(how, f"/{path}?emailaddress=a%40example.org")
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
    return answer, body


def test_the_command_makes_a_folder(tmp_path: Path) -> None:
    """All of it, or nothing; never into one that is there."""
    target = tmp_path / "kit"
    words = ["export", "--domain-owner", "posteo.de", "--offline", "--output", str(target)]
    ran = advisor(*words)
    assert (ran.code, ran.out) == (0, ""), ran.err
    assert "begin with README.md" in ran.err
    assert {one.name for one in target.iterdir()} >= {"README.md", "config-v1.1.xml", "srv.zone"}
    assert [one.name for one in tmp_path.iterdir()] == ["kit"]
    again = advisor(*words)
    assert (again.code, again.out) == (2, "")
    assert "is there already" in again.err


@pytest.mark.parametrize(
    "words",
    [
        ["--domain-owner", "posteo.de"],
        ["autoconfig", "posteo.de", "--domain-owner", "posteo.de", "--output", "new"],
        ["--domain-owner", "posteo.de", "--user", "jane", "--output", "new"],
        ["--domain-owner", "not a domain", "--output", "new"],
        ["--domain-owner", "posteo.de", "--output", "/nowhere/at/all"],
    ],
)
def test_wrong_usage_is_one_line(words: list[str]) -> None:
    """It says what is wrong, and the exit code is 2."""
    ran = advisor("export", *words, "--offline")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1), ran
