"""The real network, as the operator chose it."""

from __future__ import annotations

import asyncio
import gc
import ssl
import threading
from pathlib import Path

import pytest

from advisor.errors import InputError
from advisor.net import _tls
from advisor.net import open as opening
from advisor.net.open import open_net
from advisor.options import Options


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """The threads in which a context with the system's authorities was made."""
    threads: list[threading.Thread] = []

    def make(*_: object) -> ssl.SSLContext:
        threads.append(threading.current_thread())
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    monkeypatch.setattr(opening, "WARM_UP_AFTER", 0)
    monkeypatch.setattr(opening, "trusting", make)
    monkeypatch.setattr(_tls, "trusting", make)
    return threads


def options(*, probe: bool = True, ca_file: Path | None = None) -> Options:
    """A network with a name server that nobody asks."""
    return Options(nameservers=("192.0.2.53",), probe=probe, ca_file=ca_file)


@pytest.mark.parametrize(
    ("warm_up", "probe", "contexts"), [(True, True, 2), (True, False, 1), (False, True, 0)]
)
async def test_tls_is_prepared_beside_the_event_loop_if_at_all(
    made: list[threading.Thread], *, warm_up: bool, probe: bool, contexts: int
) -> None:
    """One context for the documents, and one for the probes where there are any."""
    open_net(options(probe=probe), warm_up=warm_up)
    assert made == []
    await asyncio.sleep(0.05)
    assert len(made) == contexts
    assert threading.current_thread() not in made


@pytest.mark.parametrize("content", [None, "", "no certificates"])
async def test_a_ca_file_without_certificates_is_refused_in_one_line(
    tmp_path: Path, content: str | None
) -> None:
    """At once, before anybody is asked."""
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=r"--ca-file .*ca\.pem holds no certificates") as caught:
        open_net(options(ca_file=path))
    assert "\n" not in str(caught.value)


async def test_a_failure_that_nobody_wants_to_know_is_not_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A run that needs no TLS in the end is none of its business."""

    def broken() -> None:
        raise InputError("a sentence")

    later = _tls.Later(broken)
    later.start()
    await asyncio.sleep(0.05)
    with pytest.raises(InputError, match="a sentence"):
        await later.get()
    del later
    gc.collect()
    other = _tls.Later(broken)
    other.start()
    await asyncio.sleep(0.05)
    del other
    gc.collect()
    assert caplog.records == []
