"""What strangers wrote reaches nobody unescaped, whichever command prints it, in every format."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from advisor.cli._main import run
from advisor.model.text import _UNSAFE

# An escape sequence, an override that turns text round, a C1 control, and a tag character.
HOSTILE = "in\x1b[2Jvi\u202egnp\u200b\x9b3m\U000e0041x"
FORMATS = ("text", "json", "yaml", "markdown")

DOCUMENT = """<clientConfig version="1.1"><emailProvider id="shop.example">
<domain>shop.example</domain><displayName>Shop \u202egnp\u200b</displayName>
<incomingServer type="imap"><hostname>imap.shop.example</hostname><port>993</port>
<socketType>SSL</socketType><authentication>password-cleartext</authentication>
<username>%EMAILADDRESS%</username></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.shop.example</hostname><port>465</port>
<socketType>SSL</socketType><authentication>password-cleartext</authentication>
<username>%EMAILADDRESS%</username></outgoingServer>
<documentation url="https://shop.example/\u202ehelp"/></emailProvider></clientConfig>"""


class Rude(socketserver.StreamRequestHandler):
    """An IMAP server that says hostile things wherever it can."""

    def handle(self) -> None:
        """Hold one conversation, as far as the other side wants one."""
        self.wfile.write(f"* OK {HOSTILE} ready\r\n".encode())
        with suppress(ConnectionError):
            while line := self.rfile.readline(4096):
                tag = line.partition(b" ")[0].decode("latin-1").strip()
                said = f"* CAPABILITY IMAP4rev1 X{HOSTILE}\r\n{tag} OK {HOSTILE}\r\n"
                self.wfile.write(said.encode())


@pytest.fixture(scope="module")
def greeting_port() -> Iterator[int]:
    """Where it listens."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Rude) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration with the document of a domain, and files to be read."""
    made = tmp_path_factory.mktemp("config")
    (made / "isp").mkdir()
    (made / "isp" / "shop.example.xml").write_text(DOCUMENT)
    (made / "config.xml").write_text(DOCUMENT)
    (made / "error.txt").write_text(f"imap.{HOSTILE}.example: {HOSTILE} AUTHENTICATIONFAILED\n")
    return made


COMMANDS = {
    "probe": "probe 127.0.0.1:{port} --protocol imap --security none",
    "check": "check --protocol imap --host 127.0.0.1 --port {port} --security None "
    f"--username {HOSTILE}",
    "recommend": "recommend jane@shop.example --offline",
    "instructions": "instructions jane@shop.example --offline --client thunderbird",
    "lint": "lint {folder}/config.xml",
    "diagnose": "diagnose --file {folder}/error.txt",
    "explain": f"explain {HOSTILE}",
}


def shown(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command line prints for *words*: nothing of it may be unsafe to look at."""
    run(words)
    out, err = capfd.readouterr()
    assert _UNSAFE.search((out + err).replace("\n", "")) is None
    return out


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("command", COMMANDS)
def test_what_nobody_can_see_is_escaped(
    command: str,
    form: str,
    greeting_port: int,
    folder: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On stdout and stderr; what programs read is whole all the same."""
    monkeypatch.setenv("ADVISOR_CONFIG_DIR", str(folder))
    words = COMMANDS[command].format(port=greeting_port, folder=folder).split(" ")
    out = shown(capfd, *words, "--format", form)
    assert out or command == "explain"
    if form == "json" and out:
        assert isinstance(json.loads(out), dict)
    if form == "yaml" and out:
        assert isinstance(yaml.safe_load(out), dict)


@pytest.mark.parametrize("form", ["autoconfig", "mutt", "json", "yaml", "thunderbird-qr"])
def test_exported_documents_hold_none_of_it(
    form: str, folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The formats that programs read."""
    monkeypatch.setenv("ADVISOR_CONFIG_DIR", str(folder))
    assert shown(capfd, "export", form, "jane@shop.example", "--offline")
