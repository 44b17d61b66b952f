"""The kit for the owner of a domain: complete, alike everywhere, and served by a real nginx."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
import trustme

from advisor._plugins import collect
from advisor.errors import ExportError
from advisor.exporters._exporter import Exporter, Wish
from advisor.publishing import FOLDER, kit
from tests.exporters.readers import READERS
from tests.make import report, setting
from tests.run import advisor

IMAP = setting()
SMTP = setting("smtp://smtp.example.org:465")
FOUND = report(IMAP, SMTP, address="example.org")
PUBLISHED: list[Exporter] = [
    one for one in collect("advisor.exporters", "EXPORTER").values() if one.places
]
SECONDS = 10.0


def test_it_is_complete() -> None:
    """Each document that a domain publishes, two examples, and a guide that names all of them."""
    files = kit(FOUND, Wish())
    documents = {one.filename for one in PUBLISHED}
    assert set(files) == documents | {"nginx.conf", "Caddyfile", "README.md"}
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
    assert set(files) == {"srv.zone", "nginx.conf", "Caddyfile", "README.md"}
    assert "no safe outgoing server is known" in files["README.md"].decode()


def test_nothing_to_publish_is_an_error() -> None:
    """One sentence."""
    with pytest.raises(ExportError, match="no safe"):
        kit(report(address="example.org"), Wish())


def test_both_web_servers_serve_the_same() -> None:
    """The same paths of the same hosts."""
    files = {name: data.decode() for name, data in kit(FOUND, Wish()).items()}
    nginx = re.findall(r"location = (\S+)", files["nginx.conf"])
    assert nginx == re.findall(r"handle (\S+)", files["Caddyfile"])
    hosts = re.findall(r"server_name (\S+);", files["nginx.conf"])
    assert hosts == re.findall(r"^(\S+) \{", files["Caddyfile"], re.MULTILINE)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, ssl.SSLContext]]:
    """A real nginx that runs the example, with its port."""
    program = which("nginx") or which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed: apt install nginx-light")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    files = kit(FOUND, Wish())
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    authority = trustme.CA()
    leaf = authority.issue_cert("example.org", "*.example.org")
    leaf.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    text = files["nginx.conf"].decode().replace(FOLDER, str(tmp_path))
    text = re.sub(r"listen 443", f"listen 127.0.0.1:{port}", text)
    text = re.sub(r"/etc/letsencrypt/\S+\.pem", str(tmp_path / "both.pem"), text)
    folders = "".join(
        f"{name}_temp_path {tmp_path}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = tmp_path / "whole.conf"
    whole.write_text(
        f"daemon off; master_process off; pid {tmp_path}/pid; error_log stderr;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{folders}{text}\n}}\n"
    )
    tmp_path.chmod(0o755)
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [program, "-p", str(tmp_path), "-c", str(whole), "-e", "stderr"], stderr=log
        )
    context = ssl.create_default_context()
    authority.configure_trust(context)
    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            break
    try:
        assert process.poll() is None, (tmp_path / "log").read_text()
        yield port, context
    finally:
        process.terminate()
        process.wait()


def test_nginx_serves_every_place(server: tuple[int, ssl.SSLContext]) -> None:
    """With the right type, over HTTPS, whatever is asked behind the question mark."""
    port, context = server
    files = kit(FOUND, Wish())
    asked = 0
    for one in PUBLISHED:
        for place in one.places:
            if not place.startswith("https://"):
                continue
            host, _, path = place.format(domain="example.org")[8:].partition("/")
            with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as plain:
                connection = http.client.HTTPSConnection(host, timeout=SECONDS)
                connection.sock = context.wrap_socket(plain, server_hostname=host)
                how = "POST" if one.is_posted else "GET"
                connection.request(how, f"/{path}?emailaddress=a%40example.org")
                answer = connection.getresponse()
                assert answer.status == 200
                assert answer.headers.get_content_type() == one.media_type
                assert answer.read() == files[one.filename]
                connection.close()
            asked += 1
    assert asked >= 6


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
