"""clientConfig XML: how it is written, held against the draft and against its readers.

See: draft-ietf-mailmaint-autoconfig-06 §3.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from advisor.formats import _autoconfig_words as words
from advisor.formats._autoconfig_document import MAX_NAME, MAX_SHORT_NAME
from advisor.formats._web_address import web_address
from advisor.formats._xml import Placed, children, name
from advisor.linting._autoconfig_servers import PLACEHOLDER, servers
from advisor.linting._linter import Linter, Slips
from advisor.linting._xml import at, every, first, read_or_broken, sketch, tag, value
from advisor.model.address import host_name
from advisor.model.published import Reading

# Where each element of the draft belongs; what is not here may stand anywhere.
_HOMES = {
    "emailProvider": ("clientConfig",),
    **dict.fromkeys(("domain", "displayName", "displayShortName", "documentation",
                     *words.PROVIDER_SECTIONS), ("emailProvider",)),
    **dict.fromkeys((*words.SECTION_NAMES - set(words.PROVIDER_SECTIONS), "oAuth2",
                     "clientConfigUpdate"), ("clientConfig",)),
    "descr": ("documentation", "instruction"),
    **dict.fromkeys(("hostname", "port", "socketType", "authentication"),
                    tuple(words.SECTION_NAMES)),
    **dict.fromkeys(("authURL", "tokenURL", "issuer", "scope", "clientID", "clientSecret"),
                    ("oAuth2",)),
}  # fmt: skip
# Elements that old versions had (1.0, 1.1) and that some readers still know.
_OLD = frozenset({
    "addThisServer", "checkInterval", "daysToLeaveMessagesOnServer", "downloadOnBiff", "easURL",
    "enable", "ewsURL", "exchangeURL", "inputField", "instruction", "leaveMessagesOnServer",
    "loginButton", "loginPage", "loginPageInfo", "owaURL", "password", "passwordField", "pop3",
    "restriction", "serverURL", "useGlobalPreferredServer", "usernameField", "webMail",
})  # fmt: skip
_SPELLED = {known.lower(): known for known in (*_HOMES, *words.GRAMMAR, *_OLD)}


def recognises(document: bytes) -> bool:
    """Does it look like clientConfig XML, in whatever state?"""
    return (
        re.search(rb"<(\w{1,20}:)?(clientConfig|emailProvider)[\s/>]", sketch(document)) is not None
    )


def lint(document: bytes) -> Reading:
    """What it says, and how it is written."""
    slips = Slips()
    return read_or_broken(
        document, "clientConfig", "autoconfig XML", slips, lambda root: _whole(root, slips)
    )


def _whole(root: Placed, slips: Slips) -> Reading:
    if not root.get("version", "").strip():
        slips.add("version-missing", at(root))
    _elements(root, slips)
    providers = list(children(root, "emailProvider"))
    if not providers:
        slips.add("provider-missing", at(root))
        return Reading(slips=slips())
    for another in providers[1:]:
        slips.add("provider-twice", at(another))
    provider = providers[0]
    domains, bare = _domains(provider, slips)
    _names(provider, slips)
    _documentation(provider, slips)
    entries = servers([provider, root], slips)
    line, column = at(provider)
    called = _id(provider, slips)
    return Reading(entries, slips(), called, domains, bare, line=line, column=column)


def _elements(root: Element, slips: Slips) -> None:
    """Elements in wrong places, misspelled ones, and secrets."""
    for parent, child in every(root):
        called = name(child)
        right = _SPELLED.get(called.lower())
        if called == "addressBook":
            slips.add("old-spelling", at(child), old=tag(child), new="<addressbook>")
        elif right is None:
            if name(parent) in (*_HOMES, "clientConfig"):
                slips.add("element-unknown", at(child), element=tag(child))
        elif called != right:
            slips.add("element-misspelled", at(child), element=tag(child), right=right)
        elif called in _HOMES and name(parent) not in _HOMES[called]:
            _misplaced(tag(parent), child, slips)
        if called == "password" and (child.text or "").strip():
            slips.add("password-inside", at(child))
        if called == "clientSecret" and (child.text or "").strip():
            slips.add("client-secret", at(child))


def _misplaced(parent: str, child: Element, slips: Slips) -> None:
    home = " or ".join(f"<{one}>" for one in _HOMES[name(child)][:2])
    if name(child) in words.PROVIDER_SECTIONS:
        slips.add("server-misplaced", at(child), element=tag(child), parent=parent, home=home)
    else:
        slips.add("element-misplaced", at(child), element=tag(child), parent=parent, home=home)


def _id(provider: Element, slips: Slips) -> str:
    found = provider.get("id")
    where = at(provider)
    if not (found or "").strip():
        slips.add("id-missing", where)
        return ""
    text = (found or "").strip()
    if text.lower().endswith(".xml"):
        slips.add("file-name-as-id", where, text=text, stem=text[:-4])
    elif host_name(text) is None:
        slips.add("id-no-domain", where, text=text)
    return text[:253]


def _domains(provider: Element, slips: Slips) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The domains it is for, and those of them in an element without attributes."""
    seen: dict[str, Element] = {}
    plain = False
    for part in children(provider, "domain"):
        text = value(part, slips)
        found = host_name(text) if not PLACEHOLDER.search(text) else text
        purpose = part.get("purpose")
        if text.lower().endswith(".xml"):
            slips.add("file-name-as-domain", at(part), text=text, stem=text[:-4])
        if found is None:
            slips.add("domain-invalid", at(part), text=text)
        elif found in seen:
            slips.add("domain-twice", at(part), text=text)
        else:
            seen[found] = part
            plain = plain or purpose is None
        if purpose not in (None, "mx"):
            slips.add("purpose-unknown", at(part), purpose=purpose or "")
    if not seen:
        slips.add("domain-missing", at(provider))
    elif not plain:
        slips.add("domain-only-for-mx", at(next(iter(seen.values()))))
    return tuple(seen), tuple(found for found, part in seen.items() if not part.attrib)


def _names(provider: Element, slips: Slips) -> None:
    for called, limit in (("displayName", MAX_NAME), ("displayShortName", MAX_SHORT_NAME)):
        part = first(provider, called)
        text = " ".join((part.text or "").split()) if part is not None else ""
        if part is None or not text:
            if called == "displayName":
                slips.add("name-missing", at(provider))
            continue
        if len(text) > limit:
            slips.add("name-too-long", at(part), element=called, count=len(text), limit=limit)
        if PLACEHOLDER.search(text):
            slips.add("placeholder-in-name", at(part), element=called)


def _documentation(provider: Element, slips: Slips) -> None:
    for part in children(provider, "documentation"):
        link = part.get("url", "").strip()
        if PLACEHOLDER.search(link):
            slips.add("placeholder-in-url", at(part))
        elif web_address(link) is None:
            slips.add("documentation-without-page", at(part))
        elif link.lower().startswith("http:"):
            slips.add("documentation-over-http", at(part))


LINTER = Linter("autoconfig", "autoconfig XML", recognises, lint)
