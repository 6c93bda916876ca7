"""The dashboard in a browser: served by a real program, looked at with a real Chromium."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.acceptance.browser import CHROMIUM, a_page
from tests.world import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

TFUI = str(Path(sys.executable).parent / "tfui")
_PATIENCE = 60.0


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "TFUI_DB": str(tmp_path / "tfui.db"),
    }


def _tfui(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TFUI, *arguments], env=environment, capture_output=True, text=True, check=False
    )


@contextmanager
def _serving(environment: dict[str, str]) -> Iterator[str]:
    """Serve dashboards at a port that was free; give the URL."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    told = Path(environment["HOME"]) / "told"
    with told.open("w") as errors:
        served = subprocess.Popen(
            [TFUI, "serve", "--web", "--no-engine", "--port", str(port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    try:
        eventually(lambda: "no password" in told.read_text(), seconds=_PATIENCE, what="the server")
        yield f"http://127.0.0.1:{port}"
    finally:
        served.send_signal(signal.SIGTERM)
        assert served.wait(timeout=_PATIENCE) == 0


def _answer(url: str, **headers: str) -> int:
    try:
        with urlopen(Request(url, headers=headers), timeout=_PATIENCE) as answer:
            return int(answer.status)
    except HTTPError as refused:
        with refused:
            return refused.code


def test_only_its_own_page_under_its_own_name_gets_a_dashboard(
    environment: dict[str, str],
) -> None:
    """A page of another site in the same browser, or a name that leads here, could run commands."""
    with _serving(environment) as url:
        own = url.removeprefix("http://")
        local = url.replace("127.0.0.1", "localhost")

        assert _answer(url) == 200
        assert _answer(local) == 200
        assert _answer(url, Host="evil.example") == 403
        assert _answer(url, Host=own, Origin="http://evil.example") == 403
        assert _answer(f"{url}/ws", Origin="http://evil.example") == 403
        assert _answer(f"{url}/ws", Origin="null") == 403
        assert _answer(f"{url}/ws") == 403


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((), "--web"),
        (("--web", "--host", "0.0.0.0"), "--allow-remote"),
        (("--web", "--host", "0.0.0.0", "--allow-remote"), "--url"),
    ],
)
def test_what_is_not_there_or_not_safe_is_refused(
    environment: dict[str, str], arguments: tuple[str, ...], reason: str
) -> None:
    refused = _tfui(environment, "serve", *arguments)

    assert refused.returncode == 2
    assert reason in refused.stderr


def test_without_textual_serve_it_says_what_to_install(environment: dict[str, str]) -> None:
    script = (
        "import sys; sys.modules['textual_serve'] = None; sys.modules['textual_serve.server'] = None\n"
        "sys.argv = ['tfui', 'serve', '--web']; from tfui.__main__ import main; main()\n"
    )
    refused = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 2
    assert "pip install 'tfui[web]'" in refused.stderr


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
async def test_a_schedule_is_paused_in_a_browser_and_the_dashboard_ends_with_its_page(
    environment: dict[str, str], tmp_path: Path
) -> None:
    _tfui(environment, "add", "backup", "--cron", "0 3 * * *", "--shell", "true")

    with _serving(environment) as url:
        async with a_page(url, tmp_path / "browser") as page:
            async with asyncio.timeout(_PATIENCE):
                while "pause" not in _tfui(environment, "audit").stdout:
                    await page.click(100, 120)
                    await page.press("p")
                    await asyncio.sleep(1)
            picture = await page.picture()
        eventually(lambda: not _dashboards(tmp_path), seconds=_PATIENCE, what="its end")

    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000


def _dashboards(home: Path) -> list[str]:
    """Give the processes that show a dashboard to a browser."""
    found = []
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            words = place.read_bytes()
        except OSError:  # gone meanwhile, or somebody else's
            continue
        if f"HOME={home}\0".encode() in words and b"TEXTUAL_DRIVER=" in words:
            found.append(place.parent.name)
    return found
