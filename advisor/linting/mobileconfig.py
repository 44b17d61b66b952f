"""Apple configuration profiles: the keys that Apple's schema wants, and what must not be there.

See: Apple's device-management schema; RFC 5652 for signed profiles.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from advisor.errors import FormatError
from advisor.linting._cms import content, is_signed
from advisor.linting._linter import Linter, Slips, unreadable
from advisor.linting._plist import parse
from advisor.linting._profile_keys import COMMON, OUTER, PAYLOADS
from advisor.linting._profile_mail import PLACEHOLDER, dav, mail
from advisor.linting._values import Value
from advisor.model.published import Entry, Reading

MAX_PAYLOADS = 50
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_SIGNED = "This profile is signed. Whether the signature is good was not looked at."


def recognises(document: bytes) -> bool:
    """Is it a property list, or something signed?"""
    return (
        is_signed(document)
        or document.startswith((b"bplist", b"-----BEGIN PKCS7", b"-----BEGIN CMS"))
        or re.search(rb"<(!DOCTYPE\s+)?plist[\s>]", document[:2000]) is not None
    )


def lint(document: bytes) -> Reading:
    """What a profile, signed or not, says of mail."""
    slips = Slips()
    if document.startswith(b"-----BEGIN"):
        slips.add("profile-armoured", (1, 1))
        return Reading(slips=slips(), whole=False)
    if not is_signed(document):
        slips.add("profile-unsigned", (0, 0))
        return _profile(document, slips, ())
    inner = content(document)
    if inner is None:
        slips.add("profile-detached", (0, 0))
        return Reading(slips=slips(), whole=False, remarks=(_SIGNED,))
    return _profile(inner, slips, (_SIGNED,))


def _profile(document: bytes, slips: Slips, remarks: tuple[str, ...]) -> Reading:
    try:
        root = parse(document)
    except FormatError as error:
        return unreadable(error, slips, remarks)
    if root.kind != "dict":
        slips.add("profile-no-dict", root.at)
        return Reading(slips=slips(), whole=False, remarks=remarks)
    _keys(root, OUTER, ("PayloadType", "PayloadVersion", "PayloadIdentifier", "PayloadUUID"), slips)
    if root.text("PayloadType") not in ("Configuration", ""):
        slips.add("profile-type", root.value["PayloadType"].at)
    encrypted = "EncryptedPayloadContent" in root.value
    payloads = _payloads(root, slips)
    if not payloads and not encrypted:
        slips.add("profile-empty", root.at)
    _unique([root, *payloads], slips)
    entries = [entry for payload in payloads for entry in _accounts(payload, slips)]
    return Reading(tuple(entries), slips(), remarks=remarks)


def _payloads(root: Value, slips: Slips) -> list[Value]:
    found = root.value.get("PayloadContent")
    if found is None or found.kind != "array":
        return []
    for one in found.value:
        if one.kind != "dict":
            slips.add("payload-no-dict", one.at)
    return [one for one in found.value if one.kind == "dict"][:MAX_PAYLOADS]


def _accounts(payload: Value, slips: Slips) -> Iterator[Entry]:
    kind = payload.text("PayloadType")
    known = PAYLOADS.get(kind)
    if known is None:
        near = difflib.get_close_matches(kind, PAYLOADS, n=1, cutoff=0.8)
        if near:
            slips.add("payload-type", payload.at, text=kind, instead=near[0])
        _keys(payload, {}, tuple(COMMON), slips)
        return
    _keys(payload, known.keys, (*COMMON, *known.needed), slips)
    for secret in known.secrets:
        if payload.text(secret):
            slips.add("password-inside", payload.value[secret].at, secret=secret)
    for key, one in payload.value.items():
        if one.kind == "string" and PLACEHOLDER.search(one.value):
            slips.add("placeholder-in-profile", one.at, key=key)
    yield from (
        mail(payload, slips) if kind == "com.apple.mail.managed" else dav(payload, kind, slips)
    )


def _keys(value: Value, known: dict[str, str], needed: tuple[str, ...], slips: Slips) -> None:
    for key in needed:
        if key not in value.value:
            slips.add("key-missing", value.at, key=key)
    for key in value.twice:
        slips.add("key-twice", value.at, key=key)
    for key, one in value.value.items():
        if known and key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.8)
            instead = f"<key>{near[0]}</key>" if near else ""
            slips.add("key-unknown", one.at, key=key, instead=instead)
        elif key in known and one.kind != known[key]:
            slips.add(
                "key-kind",
                one.at,
                key=key,
                kind=one.kind,
                right=known[key],
                instead="<true/> or <false/>"
                if known[key] == "boolean"
                else f"<{known[key]}>…</{known[key]}>",
            )
    version = value.value.get("PayloadVersion")
    if version is not None and version.kind == "integer" and version.value != 1:
        slips.add("payload-version", version.at)


def _unique(dicts: list[Value], slips: Slips) -> None:
    for key in ("PayloadUUID", "PayloadIdentifier"):
        seen = set()
        for one in dicts:
            found = one.text(key)
            place = one.value[key].at if key in one.value else one.at
            if found and found in seen:
                slips.add("identifier-twice", place, key=key, text=found)
            seen.add(found)
            if key == "PayloadUUID" and found and not _UUID.fullmatch(found):
                slips.add("uuid-form", place, text=found)


LINTER = Linter("mobileconfig", "Apple configuration profile", recognises, lint)
