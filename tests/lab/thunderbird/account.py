"""The account that was set up: how it looks in the settings, how it fetches and sends mail."""

from __future__ import annotations

import time
from typing import Any

from .marionette import Marionette
from .window import POLL_SECONDS, SECONDS

ACCOUNTS = """
const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const account = MailServices.accounts.accounts.find(
  one => one.defaultIdentity?.email == arguments[0]);
const server = account?.incomingServer;
"""
# The page of the settings that a click on the account's entry shows, as label and value.
PAGE = """
const [account, entry] = arguments;
const page = document.getElementById("tabmail").currentTabInfo.browser.contentDocument;
const row = page.querySelector(`#accounttree li[title="${account}"] li[title="${entry}"]`);
if (!row) return null;
if (row.getAttribute("aria-selected") != "true") {
  row.querySelector("span").click();
  return null;
}
const inner = page.getElementById("contentFrame").contentDocument;
const found = {};
for (const label of inner.querySelectorAll("label")) {
  const box = inner.getElementById(label.getAttribute("control") || label.getAttribute("for"));
  const name = (label.getAttribute("value") || label.textContent).trim().replace(/:$/, "");
  const chosen = box?.selectedItem || box?.selectedOptions?.[0];
  if (box) found[name] = chosen?.label || box.value;
}
return found["Server Name"] && found;
"""
CLOSE_PAGE = """
const tabs = document.getElementById("tabmail");
while (tabs.tabInfo.length > 1) tabs.closeTab(tabs.tabInfo[1]);
"""
COMPOSE = (
    ACCOUNTS
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
if (!compose?.gMsgCompose || compose.document.readyState != "complete") return false;
const button = compose.document.getElementById("button-send");
if (button.disabled) return false;
button.click();
return true;
"""
FETCH = (
    ACCOUNTS
    + """
server.closeCachedConnections();
MailServices.accounts.accounts;
server.getNewMessages(server.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox)
  || server.rootFolder, window.msgWindow, null);
"""
)
MOVE = (
    ACCOUNTS
    + """
const {MailServices: services} =
  ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const [, host, port] = arguments;
const outgoing = services.outgoingServer.getServerByKey(
  account.defaultIdentity.smtpServerKey);
server.closeCachedConnections();
outgoing.closeCachedConnections?.();
server.hostName = host;
server.port = port[0];
outgoing.QueryInterface(Ci.nsISmtpServer).hostname = host;
outgoing.port = port[1];
"""
)


def settings(control: Marionette, address: str) -> dict[str, str]:
    """What the open settings say under Server Settings of *address*, by the labels there."""
    found: dict[str, str] = wait(lambda: control.run(PAGE, address, "Server Settings"))
    control.run(CLOSE_PAGE)
    return found


def send(control: Marionette, address: str) -> None:
    """Write a mail to oneself and press Send."""
    control.run(COMPOSE, address)
    wait(lambda: control.run(SEND))


def wait(look: Any, seconds: float = SECONDS) -> Any:
    """What *look* finds at last."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(POLL_SECONDS)
    return found
