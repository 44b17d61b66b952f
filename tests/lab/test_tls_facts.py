"""Every fact about TLS that other scanners tell too is the same as theirs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from advisor.model.tls_names import SUITES, SUITES_13

from .lab import Lab
from .scenarios import DOMAINS
from .test_probe import endpoints, probe

SWITCHES = {
    "TLSv1": "-tls1",
    "TLSv1.1": "-tls1_1",
    "TLSv1.2": "-tls1_2",
    "TLSv1.3": "-tls1_3",
}
# What we call the codes of OpenSSL's verification.
CODES = {0: None, 10: "cert-expired", 18: "cert-self-signed", 62: "cert-wrong-name"}
STARTTLS = {143: "imap", 110: "pop3", 587: "smtp", 25: "smtp"}
TESTSSL = shutil.which("testssl") or shutil.which("testssl.sh")
# What testssl.sh calls the kinds of broken suites.
LISTS = {"NULL": "null", "aNULL": "anonymous", "EXPORT": "export", "3DES_IDEA": "3des"}
IDS = {"SSLv2": "SSLv2", "SSLv3": "SSLv3",
       "TLS1": "TLSv1", "TLS1_1": "TLSv1.1", "TLS1_2": "TLSv1.2",
       "TLS1_3": "TLSv1.3"}  # fmt: skip

PLACES = [
    ("imap.good.test", 993), ("imap.good.test", 143), ("pop.good.test", 995),
    ("pop.good.test", 110), ("smtp.good.test", 465), ("smtp.good.test", 587),
    ("imap.expired.test", 993), ("imap.wrongname.test", 993), ("imap.selfsigned.test", 993),
    ("imap.oldtls.test", 993), ("imap.expiring.test", 993),
]  # fmt: skip


def address(name: str) -> str:
    """Where the lab has the host *name*."""
    host, _, rest = name.partition(".")
    return next(one.address(host) for one in DOMAINS if one.name == rest)


def s_client(lab: Lab, name: str, port: int, *words: str) -> str:
    """What ``openssl s_client`` writes; empty where no TLS came of it."""
    command = ["openssl", "s_client", "-connect", f"{address(name)}:{port}", "-servername", name]
    command += ["-verify_hostname", name, "-CAfile", str(lab.ca_file), "-showcerts", "-status"]
    if port in STARTTLS:
        command += ["-starttls", STARTTLS[port]]
    ran = subprocess.run(
        [*command, *words], input="", capture_output=True, text=True, timeout=30, check=False
    )
    return ran.stdout if "Cipher is (NONE)" not in ran.stdout else ""


def found(pattern: str, text: str) -> str:
    """The group of *pattern* in *text*."""
    match = re.search(pattern, text)
    assert match, f"no {pattern} in {text}"
    return match.group(1)


def sent(text: str) -> list[x509.Certificate]:
    """The certificates in what ``s_client`` wrote, as they were sent."""
    chain = text.partition("Certificate chain")[2].partition("Server certificate")[0]
    pem = r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----"
    return [
        x509.load_pem_x509_certificate(one.encode()) for one in re.findall(pem, chain, re.DOTALL)
    ]


def ours(lab: Lab, name: str, port: int) -> dict[str, Any]:
    """What we say of that port."""
    seen: dict[str, Any] = endpoints(probe(lab, f"{name}:{port}"))[port]["observation"]
    return seen


@pytest.mark.parametrize(("name", "port"), PLACES)
def test_openssl_says_the_same(lab: Lab, name: str, port: int) -> None:
    """Versions, suites, keys, chain, dates, names, stapling and the verification."""
    seen = ours(lab, name, port)
    tls, details = seen["tls"], seen["tls"]["details"]
    old = ("-cipher", ":".join(SUITES.values()) + ":@SECLEVEL=0")
    new = ("-ciphersuites", ":".join(SUITES_13.values()), "-groups", "X25519:P-256:P-384")
    for version, switch in SWITCHES.items():
        theirs = s_client(lab, name, port, switch, *old, *new)
        assert tls["versions"][version] == ("accepted" if theirs else "refused"), version
        if theirs:
            agreed = details["agreements"][version]
            assert agreed["cipher"] == found(r"Cipher is (\S+)", theirs)
            key = re.search(r"Server Temp Key: (?:ECDH, )?(\w+)", theirs)
            assert agreed["key_exchange"] == (key.group(1).lower() if key else "rsa")
    for kind, suites in (("null", "eNULL"), ("anonymous", "aNULL")):
        theirs = s_client(
            lab, name, port, "-max_protocol", "TLSv1.2", "-cipher", f"{suites}:@SECLEVEL=0"
        )
        assert (kind in details["broken"]) is bool(theirs), kind
    theirs = s_client(
        lab, name, port, "-max_protocol", "TLSv1.2", "-cipher", "kDHE:!aNULL:@SECLEVEL=0"
    )
    assert (details["dh_bits"] is None) is (not theirs)
    if theirs:
        assert details["dh_bits"] == int(found(r"Server Temp Key: DH, (\d+) bits", theirs))
    theirs = s_client(lab, name, port, "-max_protocol", "TLSv1.2", "-cipher", "ALL:@SECLEVEL=0")
    assert details["secure_renegotiation"] is ("Secure Renegotiation IS supported" in theirs)
    assert details["extended_master_secret"] is ("Extended master secret: yes" in theirs)
    assert details["compression"] is ("Compression: NONE" not in theirs)
    theirs = s_client(lab, name, port, "-cipher", "ALL:@SECLEVEL=0")
    assert (
        tls["version"] == found(r"New, \S+|Protocol *: (\S+)", theirs) or tls["version"] in theirs
    )
    chain = sent(theirs)
    prints = [one.fingerprint(hashes.SHA256()).hex() for one in chain]
    assert [one["sha256"] for one in details["chain"]] == prints
    assert details["sent"] == len(chain)
    code = int(found(r"Verify return code: (\d+)", theirs))
    if tls["version"] in ("TLSv1.2", "TLSv1.3"):
        assert seen["problem"] == CODES[code]
    leaf = tls["certificate"]
    names = chain[0].extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert leaf["names"] == names.get_values_for_type(x509.DNSName)
    for ours_, theirs_ in (
        (leaf["not_before"], chain[0].not_valid_before_utc),
        (leaf["not_after"], chain[0].not_valid_after_utc),
    ):
        assert datetime.fromisoformat(ours_) == theirs_
    if details["stapled"] is not None:
        assert details["stapled"] is ("OCSP response: no response sent" not in theirs)


def testssl(lab: Lab, name: str, port: int, folder: Path, *checks: str) -> dict[str, str]:
    """What ``testssl.sh`` finds in these *checks*, by its names."""
    file = folder / "found.json"
    command = [str(TESTSSL), "--quiet", "--color", "0", "--warnings", "off", "--nodns", "none"]
    command += [*checks, "--jsonfile", str(file), "--ip", address(name)]
    if port in STARTTLS:
        command += ["-t", STARTTLS[port]]
    subprocess.run(
        [*command, f"{name}:{port}"],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    return {one["id"]: one["finding"] for one in json.loads(file.read_text())}


@pytest.mark.skipif(TESTSSL is None, reason="testssl.sh is not installed (Debian: testssl.sh)")
@pytest.mark.parametrize(("name", "port"), [("imap.good.test", 993), ("smtp.good.test", 587)])
def test_testssl_says_the_same(lab: Lab, name: str, port: int, tmp_path: Path) -> None:
    """Versions, the certificate with its key, signature, names and dates, and stapling."""
    seen = ours(lab, name, port)
    tls, details = seen["tls"], seen["tls"]["details"]
    told = testssl(lab, name, port, tmp_path, "-p", "-S")
    for theirs, version in IDS.items():
        assert tls["versions"][version] == (
            "refused" if told[theirs].startswith("not offered") else "accepted"
        ), told[theirs]
    leaf, first = tls["certificate"], details["chain"][0]
    assert told["cert_fingerprintSHA256"].lower() == leaf["sha256"]
    assert told["cert_subjectAltName"].split() == leaf["names"]
    assert told["cert_notAfter"] == f"{leaf['not_after'][:10]} {leaf['not_after'][11:16]}"
    assert told["cert_keySize"].startswith(f"{first['key']} {first['bits']} bits")
    assert first["signature"].upper() in told["cert_signatureAlgorithm"]
    assert int(told["certs_countServer"]) == details["sent"]
    assert details["stapled"] is not told["OCSP_stapling"].startswith("not offered")


@pytest.mark.skipif(TESTSSL is None, reason="testssl.sh is not installed (Debian: testssl.sh)")
def test_testssl_finds_the_same_weaknesses(lab: Lab, tmp_path: Path) -> None:
    """Broken suites by kind, and compression; where there are some to find."""
    details = ours(lab, "imap.oldtls.test", 993)["tls"]["details"]
    told = testssl(lab, "imap.oldtls.test", 993, tmp_path, "-s", "-C")
    for theirs, kind in LISTS.items():
        finding = told[f"cipherlist_{theirs}"]
        assert (kind in details["broken"]) is not finding.startswith("not offered"), finding
    assert details["compression"] is not told["CRIME_TLS"].startswith("not vulnerable")
    assert list(details["broken"]) == ["anonymous"]
