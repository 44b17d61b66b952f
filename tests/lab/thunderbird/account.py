"""The account that was set up: what the settings say of it, and how it fetches and sends mail."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from .marionette import Marionette
from .window import POLL_SECONDS, SECONDS

Found = TypeVar("Found")

ACCOUNT = """
const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const account = MailServices.accounts.accounts.find(
  one => one.defaultIdentity?.email == arguments[0]);
const incoming = account.incomingServer;
const outgoing = MailServices.outgoingServer.getServerByKey(account.defaultIdentity.smtpServerKey)
  .QueryInterface(Ci.nsISmtpServer);
"""
# The page that a click on an entry of the account shows: by label what is in the box, and what
# else it could be; null until then.
PAGE = """
const [address, entry] = arguments;
const page = document.getElementById("tabmail").currentTabInfo.browser.contentDocument;
const row = page.querySelector(`#accounttree li[title="${address}"] li[title="${entry}"]`);
if (row?.getAttribute("aria-selected") != "true") {
  row?.querySelector("span").click();
  return null;
}
const inner = page.getElementById("contentFrame").contentDocument;
const values = {}, lists = {};
for (const label of inner.querySelectorAll("label")) {
  const box = inner.getElementById(label.getAttribute("control") || label.getAttribute("for"));
  const name = (label.getAttribute("value") || label.textContent).trim().replace(/:$/, "");
  if (box?.options) lists[name] = [...box.options].filter(one => !one.hidden).map(one => one.label);
  if (box) values[name] = box.selectedOptions?.[0]?.label || box.value;
}
return values["Server Name"] && [values, lists];
"""
CLOSE_PAGE = """
const tabs = document.getElementById("tabmail");
while (tabs.tabInfo.length > 1) tabs.closeTab(tabs.tabInfo[1]);
"""
COMPOSE = (
    ACCOUNT
    + """
const fields = Cc["@mozilla.org/messengercompose/composefields;1"]
  .createInstance(Ci.nsIMsgCompFields);
Object.assign(fields, {to: arguments[0], subject: "test", body: "Hello"});
const wish = Cc["@mozilla.org/messengercompose/composeparams;1"]
  .createInstance(Ci.nsIMsgComposeParams);
Object.assign(wish, {
  composeFields: fields, identity: account.defaultIdentity,
  type: Ci.nsIMsgCompType.New, format: Ci.nsIMsgCompFormat.PlainText,
});
MailServices.compose.OpenComposeWindowWithParams(null, wish);
"""
)
SEND = """
const compose = Services.wm.getMostRecentWindow("msgcompose");
const button = compose?.gMsgCompose && compose.document.getElementById("button-send");
if (!button || button.disabled) return false;
button.click();
return true;
"""
FETCH = ACCOUNT + "incoming.getNewMessages(incoming.rootFolder, window.msgWindow, null);"
MOVE = (
    ACCOUNT
    + """
incoming.closeCachedConnections();
incoming.port = arguments[1];
outgoing.port = arguments[2];
"""
)
ASKS = """
return [...Services.wm.getEnumerator(null)].some(
  one => one.location.href == "chrome://global/content/commonDialog.xhtml");
"""
CLOSE_WINDOWS = """
const windows = [...Services.wm.getEnumerator(null)].filter(one => one != window);
for (const one of windows.reverse()) {
  one.gContentChanged = false;
  one.document.querySelector("dialog")?.cancelDialog?.();
  one.close();
}
return windows.length == 0;
"""


@dataclass(frozen=True)
class Page:
    """A page of the settings: by label what is in the box, and everything that a list offers."""

    values: Mapping[str, str]
    lists: Mapping[str, Sequence[str]]


def settings(control: Marionette, address: str) -> Page:
    """What the open settings say under Server Settings of *address*."""
    values, lists = wait(lambda: control.run(PAGE, address, "Server Settings"))
    control.run(CLOSE_PAGE)
    return Page(values, lists)


def fetch(control: Marionette, address: str) -> None:
    """Let *address* look for mail; does not wait."""
    control.run(FETCH, address)


def send(control: Marionette, address: str) -> None:
    """Write a mail to oneself and press Send; does not wait until it is sent."""
    control.run(COMPOSE, address)
    wait(lambda: bool(control.run(SEND)))


def move(control: Marionette, address: str, incoming: int, outgoing: int) -> None:
    """Let the same servers answer at other ports, and nothing be different."""
    control.run(MOVE, address, incoming, outgoing)


def asks(control: Marionette) -> bool:
    """Does the program show a message or a question?"""
    return bool(control.run(ASKS))


def close_windows(control: Marionette) -> None:
    """Say no to every question, and close every window but the main one."""
    wait(lambda: bool(control.run(CLOSE_WINDOWS)))


def wait(look: Callable[[], Found]) -> Found:
    """What *look* finds at last."""
    deadline = time.monotonic() + SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(POLL_SECONDS)
    return found
