"""Dovecot for IMAP, POP3 and ManageSieve: an instance for each policy, on many addresses."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .authority import Authority
from .daemon import Daemon, accepts, greets
from .scenarios import (
    DOMAINS,
    IMAP_PORTS,
    IMPLICIT_TLS_PORTS,
    POP3_PORTS,
    SIEVE_PORTS,
    Domain,
    Policy,
    Server,
)

# Whoever logs in with this password has an empty mailbox.
PASSWORD = "lab-password"

CONFIGURATION = """\
base_dir = {directory}/run
state_dir = {directory}/state
instance_name = lab-{name}
log_path = {log}
protocols = imap pop3{sieve_protocol}
listen = 127.0.0.1
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={directory}/mail/%u
}}
mail_location = maildir:~/Maildir
login_greeting = {greeting}
{policy}
service imap-login {{
  service_count = 0
  process_min_avail = 0
  client_limit = 2000
{imap}}}
service pop3-login {{
  service_count = 0
  process_min_avail = 0
  client_limit = 2000
{pop3}}}
{sieve}service auth {{
  unix_listener {auth_socket} {{
    mode = 0666
  }}
}}
service stats {{
  client_limit = 4000
}}
service anvil {{
  client_limit = 4000
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""

POLICIES = {
    Policy.STRICT: (
        "ssl = required\n"
        "disable_plaintext_auth = yes\n"
        "auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256"
    ),
    Policy.LENIENT: "ssl = yes\ndisable_plaintext_auth = no",
    Policy.PLAIN: "ssl = no\ndisable_plaintext_auth = no",
    Policy.OLD_TLS: (
        "ssl = required\n"
        "disable_plaintext_auth = yes\n"
        "ssl_min_protocol = TLSv1\n"
        "ssl_cipher_list = ALL:@SECLEVEL=0\n"
        "import_environment = $import_environment OPENSSL_CONF={openssl}"
    ),
}

# Dovecot can name the oldest version it speaks but not the newest; OpenSSL's own settings can.
OPENSSL = """\
openssl_conf = openssl_init
[openssl_init]
ssl_conf = ssl_sect
[ssl_sect]
system_default = system_default_sect
[system_default_sect]
MinProtocol = TLSv1
MaxProtocol = TLSv1.1
CipherString = ALL:@SECLEVEL=0
"""

Placed = tuple[Domain, Server]


def auth_socket(directory: Path) -> Path:
    """Where Postfix can ask which mechanisms there are."""
    return directory / "strict" / "auth.sock"


def daemons(directory: Path, logs: Path, authority: Authority) -> list[Daemon]:
    """An instance for each policy that a server in the table has."""
    directory.mkdir()
    return [_instance(policy, directory, logs, authority) for policy in POLICIES]


def _instance(policy: Policy, parent: Path, logs: Path, authority: Authority) -> Daemon:
    name = policy.name.lower()
    directory = parent / name
    directory.mkdir()
    (directory / "mail").mkdir()
    (directory / "mail").chmod(0o1777)
    openssl = directory / "openssl.cnf"
    openssl.write_text(OPENSSL)
    servers = [
        (domain, server)
        for domain in DOMAINS
        for server in domain.servers
        if server.policy is policy and set(server.ports) & {*IMAP_PORTS, *POP3_PORTS, *SIEVE_PORTS}
    ]
    sieve = _sieve(servers)
    configuration = directory / "dovecot.conf"
    configuration.write_text(
        CONFIGURATION.format(
            directory=directory,
            name=name,
            log=logs / f"dovecot-{name}.log",
            password=PASSWORD,
            greeting="Dovecot ready.",
            policy=POLICIES[policy].format(openssl=openssl),
            imap=_listeners("imap", "imaps", IMAP_PORTS, servers),
            pop3=_listeners("pop3", "pop3s", POP3_PORTS, servers),
            sieve_protocol=" sieve" if sieve else "",
            sieve=sieve,
            auth_socket=directory / "auth.sock",
        )
        + ("" if policy is Policy.PLAIN else _certificates(servers, authority))
    )
    domain, server = servers[0]
    address, port = domain.address(server.host), server.ports[0]
    return Daemon(
        f"dovecot ({name})",
        ["dovecot", "-F", "-c", str(configuration)],
        logs / f"dovecot-{name}.log",
        lambda: (
            accepts(address, port) if port in IMPLICIT_TLS_PORTS else greets(address, port, b"* OK")
        ),
        environment={"OPENSSL_CONF": str(openssl)} if policy is Policy.OLD_TLS else {},
    )


def _listeners(plain: str, tls: str, ports: tuple[int, int], servers: Iterable[Placed]) -> str:
    """The two listeners of a protocol; one without addresses is switched off."""
    text = ""
    for name, port in zip((plain, tls), ports, strict=True):
        addresses = [
            domain.address(server.host) for domain, server in servers if port in server.ports
        ]
        text += f"  inet_listener {name} {{\n    port = {port if addresses else 0}\n"
        if addresses:
            text += f"    address = {' '.join(addresses)}\n"
        if port in IMPLICIT_TLS_PORTS:
            text += "    ssl = yes\n"
        text += "  }\n"
    return text


def _sieve(servers: Iterable[Placed]) -> str:
    """The ManageSieve service, where a server in the table has its port."""
    addresses = [
        domain.address(server.host)
        for domain, server in servers
        if set(server.ports) & set(SIEVE_PORTS)
    ]
    if not addresses:
        return ""
    return (
        "service managesieve-login {\n  service_count = 0\n  inet_listener sieve {\n"
        f"    port = {SIEVE_PORTS[0]}\n    address = {' '.join(addresses)}\n  }}\n}}\n"
    )


def _certificates(servers: Iterable[Placed], authority: Authority) -> str:
    """A certificate for each address, and any one where Dovecot asks for a default."""
    default = authority.issue("dovecot.test")
    text = f"ssl_cert = <{default.chain}\nssl_key = <{default.key}\n"
    for domain, server in servers:
        pem = authority.issue(domain.full_name(server.host), server.certificate)
        text += (
            f"local {domain.address(server.host)} {{\n"
            f"  ssl_cert = <{pem.chain}\n  ssl_key = <{pem.key}\n}}\n"
        )
    return text
