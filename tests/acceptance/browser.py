"""A real Chromium without a window: opens a page, presses keys, and takes a picture."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import subprocess
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aiohttp import ClientWebSocketResponse

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
_PATIENCE = 60.0


class Page:
    """One page, by Chromium's own protocol."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._count = 0

    async def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """Have the browser do something; give its answer."""
        self._count += 1
        await self._socket.send_json({"id": self._count, "method": method, "params": parameters})
        async with asyncio.timeout(_PATIENCE):
            while True:
                answer = json.loads(await self._socket.receive_str())
                if answer.get("id") == self._count:
                    assert "error" not in answer, answer
                    return dict(answer["result"])

    async def press(self, key: str) -> None:
        """Press a letter's key."""
        await self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, text=key)
        await self.ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def click(self, x: int, y: int) -> None:
        """Click on a place."""
        for kind in ("mousePressed", "mouseReleased"):
            await self.ask(
                "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1
            )

    async def picture(self) -> bytes:
        """Give the page as a PNG."""
        return base64.b64decode((await self.ask("Page.captureScreenshot", format="png"))["data"])


@asynccontextmanager
async def a_page(
    url: str, folder: Path, *, size: tuple[int, int] = (1200, 760)
) -> AsyncIterator[Page]:
    """Open a page in a browser of its own."""
    assert CHROMIUM is not None
    browser = await asyncio.create_subprocess_exec(
        CHROMIUM,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--remote-debugging-port=0",
        f"--user-data-dir={folder}",
        f"--window-size={size[0]},{size[1]}",
        url,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_PATIENCE), ClientSession() as session:
            port = await _port(folder)
            address = await _page_address(session, port)
            async with session.ws_connect(address, max_msg_size=0) as socket:
                yield Page(socket)
    finally:
        browser.terminate()
        await asyncio.wait_for(browser.wait(), _PATIENCE)


async def _port(folder: Path) -> int:
    told = folder / "DevToolsActivePort"
    while not told.exists() or not told.read_text():  # noqa: ASYNC110  # another process writes it
        await asyncio.sleep(0.1)
    return int(told.read_text().splitlines()[0])


async def _page_address(session: ClientSession, port: int) -> str:
    while True:
        async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
            pages = [one for one in await answer.json() if one["type"] == "page"]
        if pages:
            return str(pages[0]["webSocketDebuggerUrl"])
        await asyncio.sleep(0.1)
