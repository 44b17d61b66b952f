"""Autodiscover XML ("plain old XML") with the settings of an account.

See: MS-OXDSCLI §2.2.4; Microsoft's reference for the elements of the response.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from advisor.formats._web_address import web_address
from advisor.formats._xml import Placed, children, name
from advisor.linting._autodiscover_protocol import protocol
from advisor.linting._linter import Linter, Slips
from advisor.linting._xml import at, every, first, quoted, read_or_broken, sketch, tag, value
from advisor.model.published import Entry, Reading

_BASE = "http://schemas.microsoft.com/exchange/autodiscover/"
OUTER = f"{_BASE}responseschema/2006"
OUTLOOK = f"{_BASE}outlook/responseschema/2006a"
MOBILE = f"{_BASE}mobilesync/responseschema/2006"
MAX_PROTOCOLS = 50
_ERRORS = {
    "500": "the address is not known",
    "501": "the address is known, and there are no settings for it",
    "600": "the request was malformed",
    "601": "no such schema is available",
    "602": "the address is known, and its settings are broken",
    "603": "the server failed",
}
_REDIRECT = "This response leads elsewhere; the one that it leads to counts."
_KNOWN = frozenset({
    "Autodiscover", "Response", "User", "DisplayName", "AutoDiscoverSMTPAddress", "Account",
    "AccountType", "Action", "RedirectAddr", "RedirectUrl", "Protocol", "Type", "Server", "Port",
    "LoginName", "DomainRequired", "DomainName", "SPA", "SSL", "Encryption", "AuthRequired",
    "UsePOPAuth", "SMTPLast", "TTL", "ExpirationDate", "Error", "ErrorCode", "Message",
})  # fmt: skip
_SPELLED = {known.lower(): known for known in _KNOWN}


def recognises(document: bytes) -> bool:
    """Does it look like Autodiscover XML, in whatever state?"""
    return (
        re.search(rb"<(\w{1,20}:)?autodiscover[\s/>]", sketch(document), re.IGNORECASE) is not None
    )


def lint(document: bytes) -> Reading:
    """What it says, and how it is written."""
    slips = Slips()
    return read_or_broken(
        document, "Autodiscover", "Autodiscover XML", slips, lambda root: _whole(root, slips)
    )


def _namespace(element: Element) -> str:
    return element.tag.rpartition("}")[0].removeprefix("{")


def _whole(root: Placed, slips: Slips) -> Reading:
    if first(root, "Request") is not None or "requestschema" in _namespace(root):
        slips.add("a-request", at(root))
        return Reading(slips=slips(), whole=False)
    _spelling(root, slips)
    _check_namespace(root, OUTER, slips)
    response = first(root, "Response")
    if response is None:
        slips.add("response-missing", at(root), wanted=OUTLOOK)
        return Reading(slips=slips(), line=root.line, column=root.column)
    error = next((part for parent, part in every(root) if name(part) == "Error"), None)
    if error is not None and first(response, "Account") is None:
        _error(error, slips)
        return Reading(slips=slips(), whole=False)
    if _namespace(response) == MOBILE:
        slips.add("for-activesync", at(response))
        return Reading(slips=slips(), whole=False)
    _check_namespace(response, OUTLOOK, slips)
    account = first(response, "Account")
    if account is None:
        slips.add("account-missing", at(response))
        return Reading(slips=slips(), line=root.line, column=root.column)
    _exactly(account, "AccountType", "email", slips)
    if _redirects(account, slips):
        return Reading(slips=slips(), whole=False, remarks=(_REDIRECT,))
    entries = tuple(_account(account, slips))
    return Reading(entries, slips(), line=root.line, column=root.column)


def _check_namespace(element: Element, wanted: str, slips: Slips) -> None:
    found = _namespace(element)
    if found != wanted:
        says = f"has the namespace {quoted(found)}" if found else "has no namespace"
        slips.add(
            "namespace",
            at(element),
            element=tag(element),
            says=says,
            name=name(element),
            wanted=wanted,
        )


def _spelling(root: Element, slips: Slips) -> None:
    for _, child in every(root):
        right = _SPELLED.get(name(child).lower())
        if right is not None and right != name(child):
            slips.add("element-misspelled", at(child), element=tag(child), right=right)


def _error(error: Element, slips: Slips) -> None:
    part = first(error, "ErrorCode")
    code = (part.text or "").strip() if part is not None else ""
    slips.add("an-error", at(error), number=code, means=_ERRORS.get(code, "whatever that means"))


def _account(account: Element, slips: Slips) -> Iterator[Entry]:
    _exactly(account, "Action", "settings", slips)
    found = list(children(account, "Protocol"))
    if not found:
        slips.add("protocol-missing", at(account))
    for one in found[:MAX_PROTOCOLS]:
        entry = protocol(one, slips)
        if entry is not None:
            yield entry


def _exactly(account: Element, called: str, wanted: str, slips: Slips) -> None:
    part = first(account, called)
    text = value(part, slips) if part is not None else ""
    if part is None:
        slips.add("element-missing", at(account), name=called, wanted=wanted)
    elif text != wanted:
        slips.add("value-unknown", at(part), text=text, name=called, wanted=wanted)


def _redirects(account: Element, slips: Slips) -> bool:
    action = first(account, "Action")
    text = (action.text or "").strip() if action is not None else ""
    if action is None or text not in ("redirectUrl", "redirectAddr"):
        return False
    called = text[:1].upper() + text[1:]
    part = first(account, called)
    target = value(part, slips) if part is not None else ""
    if part is None or not target:
        slips.add("redirect-target-missing", at(action), name=called)
    elif text == "redirectUrl" and web_address(target, https_only=True) is None:
        slips.add("redirect-insecure", at(part), name=called)
    return True


LINTER = Linter("autodiscover", "Autodiscover XML", recognises, lint)
