"""The numbers of TLS and what they are called: cipher suites, groups and alerts.

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
    return SUITES_13.get(number) or SUITES.get(number) or f"0x{number:04X}"


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
