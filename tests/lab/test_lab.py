"""The lab is what its table says, and the table is what was asked for."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import time
from collections.abc import Iterator
from functools import partial

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import pytest

from . import documents, requirements, zones
from .conversation import Conversation, antique, verifying
from .lab import Lab
from .scenarios import (
    ANYTHING,
    BY_NAME,
    CONFIG,
    DOMAINS,
    IMAP_PORTS,
    IMPLICIT_TLS_PORTS,
    MAIL_PORTS,
    POP3_PORTS,
    RESOLVER_ADDRESS,
    RESOLVER_PORT,
    SIEVE_PORTS,
    WEB_PORTS,
    WELL_KNOWN,
    Answer,
    Certificate,
    Dav,
    Dns,
    Document,
    Domain,
    Html,
    Login,
    Policy,
    Redirect,
    Server,
    Site,
    Text,
)

ANSWERED = [domain for domain in DOMAINS if domain.dns in (Dns.UNSIGNED, Dns.SIGNED)]
ENDPOINTS = [
    (domain, server, port)
    for domain in DOMAINS
    for server in domain.servers
    for port in server.ports
]
SITES = [(domain, site) for domain in DOMAINS for site in domain.sites]

# OpenSSL's reasons for not trusting a certificate.
VERIFY_CODES = {
    Certificate.EXPIRED: 10,
    Certificate.SELF_SIGNED: 18,
    Certificate.WRONG_NAME: 62,
}


def ask(name: str, kind: str, seconds: float = 5.0, tcp: bool = False) -> dns.message.Message:
    """The resolver's answer."""
    question = dns.message.make_query(name, kind, want_dnssec=True)
    question.flags |= dns.flags.AD
    send = dns.query.tcp if tcp else dns.query.udp
    return send(question, RESOLVER_ADDRESS, port=RESOLVER_PORT, timeout=seconds)


def records(name: str, kind: str) -> set[str]:
    """The data of the records of one kind, as text."""
    answer = ask(name, kind)
    wanted = dns.rdatatype.from_text(kind)
    return {rdata.to_text() for rrset in answer.answer if rrset.rdtype == wanted for rdata in rrset}


def named(value: object) -> str | None:
    """How a parameter appears in a test's name."""
    match value:
        case Domain(name=name):
            return name
        case Server(host=host) | Site(host=host):
            return host
        case _:
            return None


class TestTable:
    """The table itself is consistent."""

    def test_numbers_and_names_are_unique(self) -> None:
        """Two domains never share an address."""
        assert len({domain.number for domain in DOMAINS}) == len(DOMAINS) == len(BY_NAME)

    def test_no_port_is_named_twice(self) -> None:
        """Each port of a host behaves in one way."""
        places = [(domain.address(server.host), port) for domain, server, port in ENDPOINTS]
        places += [(domain.address(site.host), site.port) for domain, site in SITES]
        assert len(places) == len(set(places))


class TestRequirements:
    """Where the lab cannot run, it says why."""

    def test_users_other_than_root_are_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The standard ports need root."""
        monkeypatch.setattr("os.geteuid", lambda: 1000)
        assert "root" in str(requirements.missing())

    def test_other_systems_are_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The addresses need Linux."""
        monkeypatch.setattr("sys.platform", "darwin")
        assert "Linux" in str(requirements.missing())

    def test_missing_programs_are_named_by_package(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What to install, all at once."""
        monkeypatch.setattr("os.geteuid", lambda: 0)
        monkeypatch.setattr(requirements, "PROGRAMS", {"/no/knotd": "knot", "no-ngx": "nginx"})
        assert str(requirements.missing()).endswith("apt install knot nginx")


@pytest.mark.usefixtures("lab")
class TestNames:
    """What the resolver answers."""

    @pytest.mark.parametrize("domain", ANSWERED, ids=named)
    def test_every_record_is_published(self, domain: Domain) -> None:
        """The zone's addresses, MX and SRV are all there, and no other SRV or MX is."""
        zone = zones.parse(domain.name, zones.lines(domain))
        asked = [(domain.full_name(service), "SRV") for service in SERVICES]
        asked += [(domain.full_name(host), "A") for host in ("@", *domain.hosts)]
        for name, kind in (*asked, (domain.name, "MX")):
            expected = zone.get_rdataset(f"{name}.", kind) or ()
            full = {r.to_text(origin=zone.origin, relativize=False) for r in expected}
            assert records(name, kind) == full, (name, kind)

    def test_signed_answers_carry_the_ad_bit(self) -> None:
        """AD is set for the signed zone and for proof that a name is not there."""
        assert ask("_imaps._tcp.signed.test", "SRV").flags & dns.flags.AD
        assert ask("imap.signed.test", "A").flags & dns.flags.AD
        assert ask("_imap._tcp.signed.test", "SRV").flags & dns.flags.AD

    def test_unsigned_answers_do_not(self) -> None:
        """AD is not set below an insecure delegation."""
        assert not ask("_imaps._tcp.good.test", "SRV").flags & dns.flags.AD

    def test_wrong_signatures_are_bogus(self) -> None:
        """SERVFAIL with the reason; the records are there for who does not validate."""
        answer = ask("_imaps._tcp.bogus.test", "SRV")
        assert answer.rcode() == dns.rcode.SERVFAIL
        assert dns.edns.EDECode.DNSSEC_BOGUS in codes(answer)
        question = dns.message.make_query("_imaps._tcp.bogus.test", "SRV")
        question.flags |= dns.flags.CD
        unchecked = dns.query.udp(question, RESOLVER_ADDRESS, port=RESOLVER_PORT, timeout=5)
        assert unchecked.rcode() == dns.rcode.NOERROR
        assert unchecked.answer

    def test_lame_delegation_is_servfail(self) -> None:
        """SERVFAIL, and not for DNSSEC's sake."""
        answer = ask("servfail.test", "MX")
        assert answer.rcode() == dns.rcode.SERVFAIL
        assert dns.edns.EDECode.DNSSEC_BOGUS not in codes(answer)

    @pytest.mark.parametrize("name", ["slowdns.test", "imap.slowdns.test"])
    def test_silent_name_server_gives_no_answer(self, name: str) -> None:
        """Not even SERVFAIL, however often one asks."""
        for _ in range(2):
            with pytest.raises(dns.exception.Timeout):
                ask(name, "A", seconds=1.0)

    @pytest.mark.parametrize(
        "name",
        [
            "nosuch.test",
            "autoconfig.srv.test",
            "autoconfig.good.example",
            "autoconfig.eu.mail.hoster.test",
            "autoconfig.mail.hoster.test",
            "autoconfig.wellknown.test",
            "aspmx.l.google.com",
            "autoconfig.thunderbird.net",
        ],
    )
    def test_nothing_else_exists(self, name: str) -> None:
        """NXDOMAIN inside `test.` and out of it."""
        assert ask(name, "A").rcode() == dns.rcode.NXDOMAIN

    def test_every_name_of_the_wildcard_exists(self) -> None:
        """Any host below wildcard.test, at one address."""
        domain = BY_NAME["wildcard.test"]
        for name in ("imap", "mail", "autoconfig", "never.heard.of"):
            assert records(f"{name}.wildcard.test", "A") == {domain.address("*")}

    def test_the_resolver_speaks_tcp(self) -> None:
        """For answers that do not fit into a datagram."""
        assert ask("good.test", "MX", tcp=True).answer


@pytest.mark.usefixtures("lab")
class TestPorts:
    """Which ports are open."""

    @pytest.mark.parametrize("domain", [d for d in DOMAINS if d.hosts], ids=named)
    def test_exactly_the_ports_of_the_table_are_open(self, domain: Domain) -> None:
        """Every standard port that the table does not name refuses."""
        for host in domain.hosts:
            promised = {p for s in domain.servers if s.host == host for p in s.ports}
            promised |= {site.port for site in domain.sites if site.host == host}
            found = {port for port in MAIL_PORTS + WEB_PORTS if is_open(domain.address(host), port)}
            assert found == promised, host


class TestMailServers:
    """How every mail server speaks, before and after TLS."""

    @pytest.mark.parametrize(("domain", "server", "port"), ENDPOINTS, ids=named)
    def test_behaves_as_the_table_says(
        self, lab: Lab, domain: Domain, server: Server, port: int
    ) -> None:
        """Policy and certificate of each open port."""
        name = domain.full_name(server.host)
        dial = partial(Conversation, domain.address(server.host), port)
        match server.policy:
            case Policy.SILENT:
                with dial(timeout=0.5) as connection, pytest.raises(TimeoutError):
                    connection.read()
            case Policy.GARBAGE:
                with dial() as connection:
                    assert b"\x1b]0;owned" in connection.read()
            case Policy.OLD_TLS:
                with dial() as connection, pytest.raises(ssl.SSLError, match=r"(?i)protocol"):
                    connection.start_tls(verifying(lab.ca_file), name)
                with dial() as connection:
                    assert connection.start_tls(antique(lab.ca_file), name) == "TLSv1.1"
            case _ if server.certificate in VERIFY_CODES:
                with dial() as connection, pytest.raises(ssl.SSLCertVerificationError) as caught:
                    connection.start_tls(verifying(lab.ca_file), name)
                assert caught.value.verify_code == VERIFY_CODES[server.certificate]
            case _ if port in IMPLICIT_TLS_PORTS:
                with dial() as connection:
                    assert connection.start_tls(verifying(lab.ca_file), name) >= "TLSv1.2"
                    greet(connection, port)
                    assert logins(connection, port)
            case _:
                with dial() as connection:
                    check_clear_port(connection, port, server.policy, lab, name)

    def test_a_login_with_the_lab_password_works(self, lab: Lab) -> None:
        """Somebody who asks for `--login` can be tested, right and wrong."""
        for password, result in ((lab.password, "a OK"), ("another", "a NO")):
            with Conversation(BY_NAME["good.test"].address("imap"), 993) as connection:
                connection.start_tls(verifying(lab.ca_file), "imap.good.test")
                connection.line()
                reply = connection.imap(f'LOGIN "alice@good.test" "{password}"')
                assert reply[-1].startswith(result)

    def test_clear_text_logins_are_taken_where_promised(self, lab: Lab) -> None:
        """cleartext.test, notls.test and contradict.test on 143; good.test refuses."""
        for name in ("cleartext.test", "notls.test", "contradict.test", "good.test"):
            with Conversation(BY_NAME[name].address("imap"), 143) as connection:
                connection.line()
                reply = connection.imap(f'LOGIN "alice@{name}" "{lab.password}"')
                expected = "a NO [PRIVACYREQUIRED]" if name == "good.test" else "a OK"
                assert reply[-1].startswith(expected)

    def test_nothing_is_delivered(self, lab: Lab) -> None:
        """No recipient is taken, not even after a login."""
        with Conversation(BY_NAME["good.test"].address("mx"), 25) as connection:
            connection.smtp()
            connection.smtp("EHLO client.test")
            connection.smtp("STARTTLS")
            connection.start_tls(verifying(lab.ca_file), "mx.good.test")
            connection.smtp("EHLO client.test")
            connection.smtp("MAIL FROM:<alice@good.test>")
            assert connection.smtp("RCPT TO:<bob@good.test>")[-1].startswith("554 ")


class TestWebServers:
    """What the web servers answer."""

    @pytest.mark.parametrize(("domain", "site"), SITES, ids=named)
    def test_answers_as_the_table_says(self, lab: Lab, domain: Domain, site: Site) -> None:
        """Every path of every site, and a path that is not there."""
        name = domain.full_name(site.host).replace("*", "anything")
        if site.certificate in VERIFY_CODES:
            with pytest.raises(ssl.SSLCertVerificationError) as caught:
                get(lab, domain.address(site.host), name, site.port, CONFIG)
            assert caught.value.verify_code == VERIFY_CODES[site.certificate]
            return
        for path, answer in site.answers.items():
            asked = "/at/all" if path == ANYTHING else f"{path}?emailaddress=a%40{domain.name}"
            status, headers, body = get(lab, domain.address(site.host), name, site.port, asked)
            check_answer(answer, status, headers, body)
        if ANYTHING not in site.answers:
            assert get(lab, domain.address(site.host), name, site.port, "/no/such")[0] == 404

    def test_the_tarpit_shakes_no_hands(self, lab: Lab) -> None:
        """tarpitweb.test: TCP works, TLS and HTTP do not answer."""
        address = BY_NAME["tarpitweb.test"].address("autoconfig")
        for port in WEB_PORTS:
            with pytest.raises(TimeoutError):
                get(lab, address, "autoconfig.tarpitweb.test", port, CONFIG, seconds=0.5)

    def test_requests_are_remembered(self, lab: Lab) -> None:
        """A test can see who learned the address."""
        address = BY_NAME["wellknown.test"].address("@")
        get(lab, address, "wellknown.test", 443, f"{WELL_KNOWN}?seen=1")
        assert f"https://wellknown.test{WELL_KNOWN}?seen=1 200" in lab.web_requests()


class TestPromises:
    """The domains as they were asked for, in words of their own and not the table's."""

    def test_good(self) -> None:
        """good.test publishes everything; IMAP with STARTTLS is "not offered" in its SRV."""
        assert records("_imap._tcp.good.test", "SRV") == {"0 0 0 ."}
        assert records("_submissions._tcp.good.test", "SRV") == {"0 1 465 smtp.good.test."}
        assert records("_submission._tcp.good.test", "SRV") == {"10 1 587 smtp.good.test."}
        assert offers("good.test") == [
            "imap imap.good.test 993 SSL",
            "imap imap.good.test 143 STARTTLS",
            "pop3 pop.good.test 995 SSL",
            "smtp smtp.good.test 465 SSL",
            "smtp smtp.good.test 587 STARTTLS",
        ]

    def test_contradict(self) -> None:
        """contradict.test: nobody listens where SRV points, nor on 465."""
        assert records("_imaps._tcp.contradict.test", "SRV") == {"0 1 993 mail.contradict.test."}
        [mail] = records("mail.contradict.test", "A")
        [smtp] = records("smtp.contradict.test", "A")
        assert not is_open(mail, 993)
        assert not is_open(smtp, 465)
        assert is_open(smtp, 587)

    def test_httponly(self) -> None:
        """httponly.test: port 443 of the autoconfig host is closed."""
        [address] = records("autoconfig.httponly.test", "A")
        assert not is_open(address, 443)
        assert is_open(address, 80)

    def test_hosted_and_hoster(self) -> None:
        """hosted.test has an MX at hoster.test and nothing else."""
        assert records("hosted.test", "MX") == {"10 mx1.eu.mail.hoster.test."}
        assert ask("autoconfig.hosted.test", "A").rcode() == dns.rcode.NXDOMAIN
        [address] = records("autoconfig.hoster.test", "A")
        assert is_open(address, 443)

    def test_null_mx(self) -> None:
        """nullmx.test has the null MX; nomail.test has none at all."""
        assert records("nullmx.test", "MX") == {"0 ."}
        assert records("nomail.test", "MX") == set()
        assert records("nomail.test", "A")

    def test_expiring(self, lab: Lab) -> None:
        """expiring.test's certificate is valid, for less than a week."""
        with Conversation(BY_NAME["expiring.test"].address("imap"), 993) as connection:
            connection.start_tls(verifying(lab.ca_file), "imap.expiring.test")
            assert 0 < connection.certificate_ends() - time.time() < 7 * 86400

    def test_the_lab_says_how_to_use_it(self, lab: Lab) -> None:
        """The options name the resolver, the CA file and the ISPDB."""
        assert lab.nameserver == "127.77.0.53:5353"
        assert lab.ca_file.read_text().startswith("-----BEGIN CERTIFICATE-----")
        assert lab.cli_options[1::2] == [lab.nameserver, str(lab.ca_file), lab.ispdb_url]
        assert "unbound.log" in lab.logs()


SERVICES = [
    f"_{service}._tcp"
    for service in ("imap", "imaps", "pop3", "pop3s", "submission", "submissions", "autodiscover")
]


def codes(answer: dns.message.Message) -> set[int]:
    """The extended errors of an answer."""
    return {option.code for option in answer.extended_errors()}


def is_open(address: str, port: int) -> bool:
    """Whether somebody listens there; a time-out is an error."""
    try:
        socket.create_connection((address, port), timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True


def greet(connection: Conversation, port: int) -> None:
    """Read the greeting, which must be the protocol's."""
    if port in IMAP_PORTS:
        assert connection.line().startswith("* OK ")
    elif port in POP3_PORTS:
        assert connection.line().startswith("+OK")
    elif port in SIEVE_PORTS:
        assert connection.sieve()[-1].startswith("OK")
    else:
        assert connection.smtp()[-1].startswith("220 ")


def capabilities(connection: Conversation, port: int) -> set[str]:
    """What the server offers now, one word or line each."""
    if port in IMAP_PORTS:
        return set(connection.imap("CAPABILITY")[0].split())
    if port in POP3_PORTS:
        return set(connection.pop3("CAPA"))
    if port in SIEVE_PORTS:
        return {line.replace('"', "") for line in connection.sieve("CAPABILITY")}
    return {line[4:] for line in connection.smtp("EHLO client.test")}


def logins(connection: Conversation, port: int) -> bool:
    """Whether passwords are taken as things stand."""
    offered = capabilities(connection, port)
    if port in IMAP_PORTS:
        return "AUTH=PLAIN" in offered and "LOGINDISABLED" not in offered
    return any(line.startswith(("SASL PLAIN LOGIN", "AUTH PLAIN LOGIN")) for line in offered)


def check_clear_port(
    connection: Conversation, port: int, policy: Policy, lab: Lab, name: str
) -> None:
    """STARTTLS and logins as the policy has them; then the upgrade for real."""
    greet(connection, port)
    offered = capabilities(connection, port)
    assert bool(offered & {"STARTTLS", "STLS"}) == (policy is not Policy.PLAIN)
    if port in IMAP_PORTS:
        assert ("LOGINDISABLED" in offered) == (policy is Policy.STRICT)
    assert logins(connection, port) == (policy is not Policy.STRICT)
    if policy is Policy.PLAIN:
        return
    if port in IMAP_PORTS:
        assert connection.imap("STARTTLS")[-1].startswith("a OK")
    elif port in POP3_PORTS:
        assert connection.pop3("STLS")[0].startswith("+OK")
    elif port in SIEVE_PORTS:
        assert connection.sieve("STARTTLS")[-1].startswith("OK")
    else:
        assert connection.smtp("STARTTLS")[-1].startswith("220 ")
    assert connection.start_tls(verifying(lab.ca_file), name) >= "TLSv1.2"
    if port in SIEVE_PORTS:  # RFC 5804 §2.2: it lists its capabilities again, unasked
        greet(connection, port)
    assert not capabilities(connection, port) & {"STARTTLS", "STLS"}
    assert logins(connection, port) == (port != 25)


def get(
    lab: Lab, address: str, host: str, port: int, path: str, seconds: float = 5.0
) -> tuple[int, dict[str, str], str]:
    """Status, headers and body of one request to the host at an address."""
    connection = http.client.HTTPConnection(host, port)
    connection.sock = socket.create_connection((address, port), seconds)
    try:
        if port == 443:
            connection.sock = verifying(lab.ca_file).wrap_socket(
                connection.sock, server_hostname=host
            )
        connection.request("GET", path)
        response = connection.getresponse()
        headers = {key.lower(): value for key, value in response.getheaders()}
        return response.status, headers, response.read().decode()
    finally:
        connection.close()


def check_answer(answer: Answer, status: int, headers: dict[str, str], body: str) -> None:
    """Whether it is the answer that the table promises."""
    match answer:
        case Redirect(status=promised, location=location):
            assert (status, headers["location"]) == (promised, location)
        case Document():
            assert (status, headers["content-type"]) == (200, "text/xml")
            assert body == documents.client_config(answer)
        case Login():
            assert status == 401
            assert headers["www-authenticate"] == 'Basic realm="lab"'
        case Dav():
            assert status == 401
            assert "Radicale" in headers["www-authenticate"]
        case Html():
            assert (status, headers["content-type"]) == (200, "text/html")
            assert body.startswith("<!DOCTYPE html>")
        case Text(media_type=media_type, text=text):
            assert (status, headers["content-type"], body) == (200, media_type, text)


def offers(name: str) -> list[str]:
    """What the domain's autoconfig document offers, read without the table's help."""
    [site] = (site for site in BY_NAME[name].sites if CONFIG in site.answers)
    answer = site.answers[CONFIG]
    assert isinstance(answer, Document)
    pattern = r'type="(\w+)">\s*<hostname>(.+)</.*\s*<port>(\d+)</.*\s*<socketType>(\w+)<'
    return [" ".join(found) for found in _found(pattern, documents.client_config(answer))]


def _found(pattern: str, text: str) -> Iterator[tuple[str, ...]]:
    return (match.groups() for match in re.finditer(pattern, text))
