"""The numbers of TLS and what they are called: suites, groups, signatures and alerts.

See: IANA, TLS Parameters; suites are named as OpenSSL names them, as everywhere in advisor.
"""

from __future__ import annotations

from collections.abc import Mapping

# In the order in which they are offered: RFC 8446 §B.4, then ECDHE and DHE before static RSA, new
# before old; at the end what only the oldest servers speak.
SUITES_13: Mapping[int, str] = {
    0x1301: "TLS_AES_128_GCM_SHA256",
    0x1302: "TLS_AES_256_GCM_SHA384",
    0x1303: "TLS_CHACHA20_POLY1305_SHA256",
}
SUITES: Mapping[int, str] = {
    0xC02B: "ECDHE-ECDSA-AES128-GCM-SHA256",
    0xC02F: "ECDHE-RSA-AES128-GCM-SHA256",
    0xC02C: "ECDHE-ECDSA-AES256-GCM-SHA384",
    0xC030: "ECDHE-RSA-AES256-GCM-SHA384",
    0xCCA9: "ECDHE-ECDSA-CHACHA20-POLY1305",
    0xCCA8: "ECDHE-RSA-CHACHA20-POLY1305",
    0x009E: "DHE-RSA-AES128-GCM-SHA256",
    0x009F: "DHE-RSA-AES256-GCM-SHA384",
    0xCCAA: "DHE-RSA-CHACHA20-POLY1305",
    0xC023: "ECDHE-ECDSA-AES128-SHA256",
    0xC027: "ECDHE-RSA-AES128-SHA256",
    0xC024: "ECDHE-ECDSA-AES256-SHA384",
    0xC028: "ECDHE-RSA-AES256-SHA384",
    0xC009: "ECDHE-ECDSA-AES128-SHA",
    0xC013: "ECDHE-RSA-AES128-SHA",
    0xC00A: "ECDHE-ECDSA-AES256-SHA",
    0xC014: "ECDHE-RSA-AES256-SHA",
    0x0067: "DHE-RSA-AES128-SHA256",
    0x006B: "DHE-RSA-AES256-SHA256",
    0x0033: "DHE-RSA-AES128-SHA",
    0x0039: "DHE-RSA-AES256-SHA",
    0x0032: "DHE-DSS-AES128-SHA",
    0x0038: "DHE-DSS-AES256-SHA",
    0x009C: "AES128-GCM-SHA256",
    0x009D: "AES256-GCM-SHA384",
    0x003C: "AES128-SHA256",
    0x003D: "AES256-SHA256",
    0x002F: "AES128-SHA",
    0x0035: "AES256-SHA",
    0x0041: "CAMELLIA128-SHA",
    0x0084: "CAMELLIA256-SHA",
    0x0096: "SEED-SHA",
    0xC008: "ECDHE-ECDSA-DES-CBC3-SHA",
    0xC012: "ECDHE-RSA-DES-CBC3-SHA",
    0x0016: "DHE-RSA-DES-CBC3-SHA",
    0x000A: "DES-CBC3-SHA",
    0x0005: "RC4-SHA",
    0x0004: "RC4-MD5",
    0x0009: "DES-CBC-SHA",
}

# Suites over Diffie-Hellman with primes.
DIFFIE_HELLMAN = tuple(
    number for number, name in SUITES.items() if name.startswith(("DHE-RSA-", "DHE-DSS-"))
)

# What nobody should agree on any more, by what is wrong with it (RFC 9325 §4.1, RFC 7465, RFC
# 5469): nothing is encrypted, the server proves nothing, keys of 40 or 56 bits, RC4, 3DES.
BROKEN: Mapping[str, Mapping[int, str]] = {
    "null": {
        0xC006: "ECDHE-ECDSA-NULL-SHA",
        0xC010: "ECDHE-RSA-NULL-SHA",
        0x003B: "NULL-SHA256",
        0x0002: "NULL-SHA",
        0x0001: "NULL-MD5",
        0xC015: "AECDH-NULL-SHA",
    },
    "anonymous": {
        # Elliptic curves first: a Dovecot without a prime hangs up when it chooses another.
        0xC019: "AECDH-AES256-SHA",
        0xC018: "AECDH-AES128-SHA",
        0xC017: "AECDH-DES-CBC3-SHA",
        0xC016: "AECDH-RC4-SHA",
        0x00A7: "ADH-AES256-GCM-SHA384",
        0x00A6: "ADH-AES128-GCM-SHA256",
        0x006D: "ADH-AES256-SHA256",
        0x006C: "ADH-AES128-SHA256",
        0x003A: "ADH-AES256-SHA",
        0x0034: "ADH-AES128-SHA",
        0x001B: "ADH-DES-CBC3-SHA",
        0x0018: "ADH-RC4-MD5",
    },
    "export": {
        0x0008: "EXP-DES-CBC-SHA",
        0x0014: "EXP-EDH-RSA-DES-CBC-SHA",
        0x0011: "EXP-EDH-DSS-DES-CBC-SHA",
        0x0006: "EXP-RC2-CBC-MD5",
        0x0003: "EXP-RC4-MD5",
        0x0019: "EXP-ADH-DES-CBC-SHA",
        0x0017: "EXP-ADH-RC4-MD5",
        0x0062: "EXP1024-DES-CBC-SHA",
        0x0064: "EXP1024-RC4-SHA",
    },
    "des": {
        0x0009: "DES-CBC-SHA",
        0x0015: "EDH-RSA-DES-CBC-SHA",
        0x0012: "EDH-DSS-DES-CBC-SHA",
    },
    "rc4": {
        0xC007: "ECDHE-ECDSA-RC4-SHA",
        0xC011: "ECDHE-RSA-RC4-SHA",
        0x0005: "RC4-SHA",
        0x0004: "RC4-MD5",
    },
    "3des": {
        0xC008: "ECDHE-ECDSA-DES-CBC3-SHA",
        0xC012: "ECDHE-RSA-DES-CBC3-SHA",
        0x0016: "DHE-RSA-DES-CBC3-SHA",
        0x000A: "DES-CBC3-SHA",
    },
}
_BROKEN = {number: name for suites in BROKEN.values() for number, name in suites.items()}

# RFC 8446 §4.2.3, RFC 5246 §7.4.1.4.1.
SIGNATURES: Mapping[int, str] = {
    0x0403: "ecdsa_secp256r1_sha256",
    0x0503: "ecdsa_secp384r1_sha384",
    0x0603: "ecdsa_secp521r1_sha512",
    0x0807: "ed25519",
    0x0808: "ed448",
    0x0804: "rsa_pss_rsae_sha256",
    0x0805: "rsa_pss_rsae_sha384",
    0x0806: "rsa_pss_rsae_sha512",
    0x0809: "rsa_pss_pss_sha256",
    0x080A: "rsa_pss_pss_sha384",
    0x080B: "rsa_pss_pss_sha512",
    0x0401: "rsa_pkcs1_sha256",
    0x0501: "rsa_pkcs1_sha384",
    0x0601: "rsa_pkcs1_sha512",
    0x0203: "ecdsa_sha1",
    0x0201: "rsa_pkcs1_sha1",
}

# RFC 8446 §4.2.7, RFC 7919 §2.
GROUPS: Mapping[int, str] = {
    0x001D: "x25519",
    0x0017: "secp256r1",
    0x0018: "secp384r1",
    0x0019: "secp521r1",
    0x001E: "x448",
    0x0100: "ffdhe2048",
    0x0101: "ffdhe3072",
}
# draft-ietf-tls-ecdhe-mlkem: key agreements that a quantum computer would not undo.
POST_QUANTUM: Mapping[int, str] = {
    0x11EC: "X25519MLKEM768",
    0x11EB: "SecP256r1MLKEM768",
    0x11ED: "SecP384r1MLKEM1024",
}

# RFC 8446 §6, RFC 5246 §7.2: those that a first flight can meet.
ALERTS: Mapping[int, str] = {
    0: "close notify",
    10: "unexpected message",
    20: "bad record",
    40: "handshake failure",
    42: "bad certificate",
    47: "illegal parameter",
    50: "decode error",
    70: "protocol version",
    71: "insufficient security",
    80: "internal error",
    86: "inappropriate fallback",
    109: "missing extension",
    112: "unrecognized name",
    116: "certificate required",
    120: "no application protocol",
}


def suite_name(number: int) -> str:
    """A suite by its number, which stands for it where it is not known."""
    known = SUITES_13.get(number) or SUITES.get(number) or _BROKEN.get(number)
    return known or f"0x{number:04X}"


def group_name(number: int) -> str:
    """A group by its number, which stands for it where it is not known."""
    return GROUPS.get(number) or POST_QUANTUM.get(number) or f"group 0x{number:04X}"


def keeps_secrets(suite: str) -> bool | None:
    """Does *suite* agree on keys that the certificate's key cannot open later?

    None where its name does not tell. See: RFC 9325 §4.1 (forward secrecy).
    """
    if suite.startswith(("TLS_", "ECDHE-", "DHE-")):
        return True
    return None if suite.startswith("0x") or suite == "unknown" else False
