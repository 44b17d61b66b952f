"""Thunderbird itself: started with a new profile, without a screen, with the lab's names only."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.lab.lab import Lab
from tests.lab.scenarios import AUTHORITATIVE_ADDRESS

from .marionette import Marionette

START_SECONDS = 40.0
END_SECONDS = 5.0

# Nothing asks its makers' servers, nothing opens by itself, nothing waits.
PREFERENCES: dict[str, bool | int | str] = {
    "app.donation.eoy.version.viewed": 999,
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.cache.disk.enable": False,
    "browser.cache.memory.enable": False,
    "browser.region.update.enabled": False,
    "browser.search.update": False,
    "captivedetect.canonicalURL": "",
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "mail.chat.enabled": False,
    "mail.inappnotifications.enabled": False,
    "mail.instrumentation.postUrl": "",
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mail.spotlight.firstRunDone": True,
    "mail.winsearch.firstRunDone": True,
    "mailnews.auto_config_url": "",
    "mailnews.mx_service_url": "",
    "mailnews.start_page.enabled": False,
    "mailnews.start_page_override.mstone": "ignore",
    "messenger.options.getAttachmentsOnStartup": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.type": 0,
    "network.trr.mode": 5,
    "security.OCSP.enabled": 0,
    "services.settings.server": "data:,",
    "signon.rememberSignons": True,
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "",
    "toolkit.telemetry.unified": False,
}
# With a /etc/resolv.conf of its own, which is all that it knows of names.
START = """
mount --make-rprivate / && mount --bind "$1" /etc/resolv.conf &&
exec thunderbird --headless --marionette -remote-allow-system-access --no-remote --profile "$2"
"""
ADD_AUTHORITY = """
Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB)
  .addCertFromBase64(arguments[0], "C,,");
"""


def missing() -> str | None:
    """Why Thunderbird cannot be run here, in one sentence; None if it can."""
    if shutil.which("thunderbird") is None:
        return "thunderbird is not installed: apt install thunderbird"
    if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
        return "thunderbird needs a /etc/resolv.conf of its own: unshare -m is refused"
    return None


def version() -> str:
    """The version that is installed, like "153.8.0esr"."""
    told = subprocess.run(["thunderbird", "--version"], capture_output=True, text=True, check=True)
    return told.stdout.split()[-1]


class Thunderbird:
    """The running program; *home* is an empty folder of its own."""

    def __init__(self, lab: Lab, home: Path) -> None:
        """Start it, wait for it, and let it trust the lab's authority."""
        self.log = home / "thunderbird.log"
        profile = home / "profile"
        profile.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        (profile / "user.js").write_text(_preferences(port))
        names = home / "resolv.conf"
        names.write_text(f"nameserver {AUTHORITATIVE_ADDRESS}\noptions attempts:1 timeout:1\n")
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                ["unshare", "-m", "sh", "-c", START, "sh", str(names), str(profile)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=home,
                env=_environment(home),
                start_new_session=True,
            )
        self.control = Marionette(port, time.monotonic() + START_SECONDS)
        self.control.run(ADD_AUTHORITY, _der(lab.ca_file))

    def end(self) -> None:
        """End it and all that it started."""
        self.control.close()
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _preferences(port: int) -> str:
    """The profile's settings, as Mozilla's programs read them."""
    lines = {**PREFERENCES, "marionette.port": port}
    return "".join(f'user_pref("{name}", {json.dumps(value)});\n' for name, value in lines.items())


def _environment(home: Path) -> dict[str, str]:
    """The environment: nothing of the developer's own."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "MOZ_CRASHREPORTER_DISABLE": "1",
        "MOZ_HEADLESS_WIDTH": "1400",
        "MOZ_HEADLESS_HEIGHT": "1000",
    }


def _der(pem: Path) -> str:
    """The certificate in a PEM file, in base64 on one line."""
    found = re.search(r"-----BEGIN CERTIFICATE-----(.*?)-----END", pem.read_text(), re.DOTALL)
    assert found
    return base64.b64encode(base64.b64decode(found[1])).decode()
