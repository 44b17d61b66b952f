"""Exported configurations on the lab's real servers: a real login, and a mail that is taken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.exporters.programs import RECEIVERS, SENDERS, Job
from tests.run import advisor

from .lab import Lab
from .scenarios import BY_NAME

# From Debian's libnss-wrapper: the lab's names for programs that know no other name server.
WRAPPER = "libnss_wrapper.so"
DOMAINS = ("good.test", "starttls.test", "localpart.test")
NO_STARTTLS = ("getmail", "offlineimap")


@pytest.fixture
def names(tmp_path: Path) -> dict[str, str]:
    """What lets a program find the lab's hosts."""
    if not list(Path("/usr/lib").glob(f"*/{WRAPPER}")):
        pytest.skip("libnss-wrapper is not installed: apt install libnss-wrapper")
    hosts = tmp_path / "hosts"
    hosts.write_text(
        "".join(
            f"{BY_NAME[domain].address(host)} {BY_NAME[domain].full_name(host)}\n"
            for domain in DOMAINS
            for host in BY_NAME[domain].hosts
        )
    )
    return {"LD_PRELOAD": WRAPPER, "NSS_WRAPPER_HOSTS": str(hosts), "GODEBUG": "netdns=cgo"}


def job(lab: Lab, name: str, address: str, home: Path, names: dict[str, str]) -> Job:
    """The configuration that the command exports, and all that is needed to run it."""
    ran = advisor("export", name, address, *lab.cli_options)
    assert ran.code == 0, ran.err
    trusted = {"SSL_CERT_FILE": str(lab.ca_file), "SSL_CERT_DIR": "/nowhere"}
    return Job(ran.out, home, lab.password, names | trusted)


def logins(lab: Lab, user: str) -> list[str]:
    """How *user* signed in to Dovecot so far: protocol and mechanism, inside TLS only."""
    log = (lab.log_directory / "dovecot-strict.log").read_text()
    line = rf"(imap|pop3)-login: .*Login: user=<{re.escape(user)}>, method=([\w-]+),.* TLS"
    return [" ".join(found) for found in re.findall(line, log)]


def user_of(address: str) -> str:
    """The name by which *address* signs in."""
    local_part, _, domain = address.partition("@")
    return local_part if domain == "localpart.test" else address


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("name", RECEIVERS)
def test_a_program_reads_mail(
    lab: Lab, name: str, domain: str, tmp_path: Path, names: dict[str, str]
) -> None:
    """It signs in, inside TLS, by what was exported and nothing else."""
    if domain == "starttls.test" and name in NO_STARTTLS:
        pytest.skip(f"{name} has no safe STARTTLS")
    address = f"{name.replace('@', '-')}@{domain}"
    user = user_of(address)
    told = RECEIVERS[name](
        job(lab, name, address, tmp_path, names), lambda: bool(logins(lab, user))
    )
    assert logins(lab, user), told.text


@pytest.mark.parametrize("name", NO_STARTTLS)
def test_what_has_no_safe_starttls_is_not_exported(lab: Lab, name: str) -> None:
    """Where there is nothing else, it is said."""
    ran = advisor("export", name, "alice@starttls.test", *lab.cli_options)
    assert (ran.code, ran.out) == (1, "")
    assert "STARTTLS" in ran.err


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("name", SENDERS)
def test_a_program_sends_mail(
    lab: Lab, name: str, domain: str, tmp_path: Path, names: dict[str, str]
) -> None:
    """Postfix takes it, from the one who signed in."""
    address = f"{name}@{domain}"
    told = SENDERS[name](job(lab, name, address, tmp_path, names))
    assert told.code == 0, told.text
    log = (lab.log_directory / "postfix.log").read_text()
    user = re.escape(user_of(address))
    taken = re.search(rf"(\w+): client=.*sasl_username={user}$", log, re.MULTILINE)
    assert taken, told.text
    assert re.search(rf"{taken[1]}: message-id=", log)
