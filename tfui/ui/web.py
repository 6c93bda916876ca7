"""The dashboard in a browser: a page that shows a dashboard of its own to every tab.

textual-serve does the work, and would let any page that is open in the same browser have a
dashboard as well, which can run commands. So whatever was not asked for by its own page, under a
name it is known by, is refused.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp.typedefs import Handler

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
"""What only programs of this machine can reach."""


class WebServer(Server):
    """Serves `command`, once for every tab, at a host and port; `url` is what browsers call it by."""

    def __init__(
        self, command: str, *, host: str, port: int, url: str, on_start: Callable[[], object]
    ) -> None:
        super().__init__(command, host=host, port=port, title="tfui", public_url=url)
        self._names = _names(url)
        self._on_start = on_start

    def initialize_logging(self) -> None:
        """Tell of what goes wrong; a traceback with every variable would tell of secrets as well."""
        logging.basicConfig(level=logging.WARNING, format="tfui: %(message)s")

    async def on_startup(self, app: web.Application) -> None:
        """Say that it is served."""
        del app
        self._on_start()

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._refuse_strangers)
        return app

    @web.middleware
    async def _refuse_strangers(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse other names (they may be another site's that leads here) and other sites' pages."""
        origin = request.headers.get("Origin")
        is_own_page = origin is None or urlsplit(origin).netloc in self._names
        if request.path == "/ws":
            is_own_page = is_own_page and origin is not None
        if request.host not in self._names or not is_own_page:
            raise web.HTTPForbidden(text="tfui serves its own page alone")
        return await handler(request)


def _names(url: str) -> frozenset[str]:
    """Give the `host:port` that requests may call the server by."""
    parts = urlsplit(url)
    if parts.hostname not in LOCAL_HOSTS:
        return frozenset({parts.netloc})
    port = "" if parts.port in {None, 80} else f":{parts.port}"
    hosts = (f"[{host}]" if ":" in host else host for host in LOCAL_HOSTS)
    return frozenset(f"{host}{port}" for host in hosts)
