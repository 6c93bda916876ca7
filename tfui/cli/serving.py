"""`tfui serve`: the dashboard in a browser."""

from __future__ import annotations

import shlex
import sys
from typing import Annotated

import typer

from tfui.cli import output
from tfui.cli.group import invocation
from tfui.errors import Invalid

app = typer.Typer()

_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # refused unless it is asked for


@app.command(
    epilog="""\b
Examples:
  tfui serve --web
  tfui serve --web --demo --port 8100
  tfui serve --web --read-only --host 0.0.0.0 --allow-remote --url https://tfui.example.org
"""
)
def serve(
    context: typer.Context,
    *,
    web: Annotated[bool, typer.Option("--web", help="The dashboard, in a browser.")] = False,
    host: Annotated[str, typer.Option(metavar="HOST", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", min=1, max=65_535)] = 8000,
    allow_remote: Annotated[
        bool,
        typer.Option("--allow-remote", help="Listen to other machines: they act as you, unasked."),
    ] = False,
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="What browsers call it by, if not http://HOST:PORT."),
    ] = None,
    no_engine: Annotated[
        bool, typer.Option("--no-engine", help="The dashboards show the store; nothing is run.")
    ] = False,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Nothing can be changed from the dashboards.")
    ] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="A throw-away store of its own for every tab.")
    ] = False,
) -> None:
    """Serve the dashboard to browsers. Whoever reaches the port can do what you can."""
    if not web:
        raise Invalid({"--web": "only the dashboard is served so far: say so; there is no API yet"})
    _check(host, url, allow_remote=allow_remote)
    asked = invocation(context)
    words = [sys.executable, "-m", "tfui"]
    words += [
        word
        for option, value in (("--db", asked.db), ("--org", asked.org))
        if value is not None
        for word in (option, value)
    ]
    flags = {"--no-engine": no_engine, "--read-only": read_only, "--demo": demo}
    words += [flag for flag, is_set in flags.items() if is_set]
    _serve("exec " + shlex.join(words), host, port, url or f"http://{_spelt(host)}:{port}")


def _check(host: str, url: str | None, *, allow_remote: bool) -> None:
    if host in _LOCAL:
        return
    if not allow_remote:
        raise Invalid(
            {
                "--host": f"{host} can be reached from other machines, and whoever reaches the port"
                " acts as you, without a password; --allow-remote says that this is meant"
            }
        )
    if host in _EVERYWHERE and url is None:
        raise Invalid({"--url": f"browsers cannot call {host}; name what they call it by"})


def _spelt(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _serve(command: str, host: str, port: int, url: str) -> None:
    try:
        from tfui.ui.web import WebServer
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"textual_serve", "aiohttp"}:
            raise
        raise Invalid({"--web": "it needs textual-serve: pip install 'tfui[web]'"}) from error

    def tell() -> None:
        who = "programs of this machine" if host in _LOCAL else "OTHER MACHINES"
        output.remark(f"The dashboard is at {url} for {who}, until ^c.")
        output.remark("Whoever reaches the port acts as you: there is no password.")

    try:
        WebServer(command, host=host, port=port, url=url, on_start=tell).serve()
    except OSError as error:
        raise Invalid({"--port": f"{host}:{port} cannot be served: {error.strerror}"}) from error
