"""TXT records that mail programs read: PACC digests, ``mailconf``, paths of calendars."""

from __future__ import annotations

import base64
import binascii
import re

from advisor.formats._web_address import web_address
from advisor.linting._linter import Slips
from advisor.linting._records import Record

_TAG = re.compile(r"[ \t]*([A-Za-z0-9]+)[ \t]*=[ \t]*([!-:<-~]*)[ \t]*")
_DIGEST_SIZE = 32


def check(record: Record, slips: Slips) -> None:
    """Notes what is wrong with a TXT record that programs read; others are passed over."""
    text = "".join(_plain(word) for word in record.data)
    label = record.name.partition(".")[0]
    if any(len(_plain(word)) > 255 for word in record.data):
        slips.add("txt-too-long", record.at)
    if label == "_ua-auto-config":
        _digest(record, text, slips)
    elif text.lower().startswith("mailconf="):
        _mailconf(record, text, slips)
    elif label in ("_caldavs", "_carddavs", "_caldav", "_carddav"):
        _path(record, text, slips)


def _plain(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word[1:-1] if word.startswith('"') else word)


def _digest(record: Record, text: str, slips: Slips) -> None:
    """``v=UAAC1; a=sha256; d=BASE64`` (draft-ietf-mailmaint-pacc-03 §5.2.2.2)."""
    tags = [_TAG.fullmatch(part) for part in text.removesuffix(";").split(";")]
    if not all(tags):
        slips.add("pacc-txt", record.at)
        return
    pairs = [(tag[1], tag[2]) for tag in tags if tag]
    found = dict(pairs)
    names = [name for name, _ in pairs]
    for name, wanted in (("v", "UAAC1"), ("a", "sha256"), ("d", "")):
        if names.count(name) != 1:
            slips.add("pacc-tag-count", record.at, tag=name)
        elif wanted and found[name] != wanted:
            slips.add("pacc-tag-value", record.at, tag=name, text=found[name], wanted=wanted)
    if "d" in found and not _is_digest(found["d"]):
        slips.add("pacc-digest", record.at)


def _is_digest(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == _DIGEST_SIZE
    except (binascii.Error, ValueError):
        return False


def _mailconf(record: Record, text: str, slips: Slips) -> None:
    if web_address(text.partition("=")[2].strip(), https_only=True) is None:
        slips.add("mailconf-address", record.at)


def _path(record: Record, text: str, slips: Slips) -> None:
    found = re.search(r"(?:^|\s)path=(\S*)", text)
    if found is not None and not found[1].startswith("/"):
        slips.add("dav-path", record.at, text=found[1])
