"""Postfix for SMTP: one instance, with a line of master.cf for every address and port."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from .authority import Authority
from .daemon import Daemon, greets
from .scenarios import DOMAINS, IMPLICIT_TLS_PORTS, SMTP_PORTS, Domain, Policy, Server

# Mail is taken from whoever logs in, and stays in the queue; no name is looked up, and nothing is
# remembered about clients.
MAIN = """\
compatibility_level = 3.6
queue_directory = {directory}/queue
data_directory = {directory}/data
mail_owner = postfix
maillog_file = {log}
maillog_file_prefixes = {logs}
inet_interfaces = loopback-only
inet_protocols = ipv4
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks =
relayhost =
default_transport = discard:
disable_dns_lookups = yes
smtpd_peername_lookup = no
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
smtpd_timeout = 60s
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth_socket}
smtpd_sasl_security_options = noanonymous
smtpd_tls_loglevel = 1
default_process_limit = 500
max_idle = 20s
service_throttle_time = 1s
"""

MASTER = """\
postlog unix-dgram n - n - 1 postlogd
rewrite unix - - n - - trivial-rewrite
cleanup unix n - n - 0 cleanup
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
"""

POLICIES = {
    Policy.STRICT: {"smtpd_tls_security_level": "encrypt", "smtpd_tls_auth_only": "yes"},
    Policy.LENIENT: {"smtpd_tls_security_level": "may", "smtpd_tls_auth_only": "no"},
    Policy.PLAIN: {"smtpd_tls_security_level": "none", "smtpd_tls_auth_only": "no"},
    Policy.OLD_TLS: {
        "smtpd_tls_security_level": "encrypt",
        "smtpd_tls_auth_only": "yes",
        "smtpd_tls_mandatory_protocols": ">=TLSv1,<=TLSv1.1",
        "tls_medium_cipherlist": "ALL:@SECLEVEL=0",
    },
}

QUEUE_FOLDERS = ("active", "bounce", "defer", "deferred", "flush", "incoming", "private", "trace")


def daemons(directory: Path, logs: Path, authority: Authority, auth_socket: Path) -> list[Daemon]:
    """The one instance; its SASL needs the Dovecot behind *auth_socket* to be up."""
    log = logs / "postfix.log"
    _make_folders(directory)
    configuration = directory / "etc"
    (configuration / "main.cf").write_text(
        MAIN.format(directory=directory, log=log, logs=logs, auth_socket=auth_socket)
    )
    servers = [
        (domain, server, port)
        for domain in DOMAINS
        for server in domain.servers
        for port in server.ports
        if port in SMTP_PORTS and server.policy in POLICIES
    ]
    (configuration / "master.cf").write_text(
        MASTER + "".join(_service(*placed, authority) for placed in servers)
    )
    domain, server, port = next(placed for placed in servers if placed[2] not in IMPLICIT_TLS_PORTS)
    return [
        Daemon(
            "postfix",
            [str(_program("master")), "-c", str(configuration), "-s"],
            logs / "postfix-master.log",
            lambda: greets(domain.address(server.host), port, b"220 "),
        )
    ]


def _make_folders(directory: Path) -> None:
    """The folders `postfix check` would make, with the owners Postfix asks for."""
    for name in ("etc", "queue/pid", "queue/public", "queue/maildrop", "data"):
        (directory / name).mkdir(parents=True)
    for name in QUEUE_FOLDERS:
        (directory / "queue" / name).mkdir(mode=0o700)
        shutil.chown(directory / "queue" / name, "postfix")
    shutil.chown(directory / "data", "postfix")
    for name, mode in (("public", 0o710), ("maildrop", 0o730)):
        (directory / "queue" / name).chmod(mode)
        shutil.chown(directory / "queue" / name, "postfix", "postdrop")


def _service(domain: Domain, server: Server, port: int, authority: Authority) -> str:
    """One smtpd in master.cf."""
    name = domain.full_name(server.host)
    options = {"myhostname": name, **POLICIES[server.policy]}
    if server.policy is not Policy.PLAIN:
        options["smtpd_tls_chain_files"] = str(authority.issue(name, server.certificate).both)
    if port == 25:
        options["smtpd_tls_security_level"] = "may"
    else:
        options["smtpd_sasl_auth_enable"] = "yes"
    if port in IMPLICIT_TLS_PORTS:
        options["smtpd_tls_wrappermode"] = "yes"
    lines = "".join(f"  -o {key}={value}\n" for key, value in options.items())
    return f"{domain.address(server.host)}:{port} inet n - n - - smtpd\n{lines}"


def _program(name: str) -> Path:
    """One of Postfix's own programs."""
    command = ["postconf", "-d", "-h", "daemon_directory"]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return Path(found.stdout.strip()) / name
