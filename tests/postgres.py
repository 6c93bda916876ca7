"""A real Postgres server from the `pgserver` wheel, and databases on it."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def server() -> Iterator[str]:
    """Serve a Postgres as long as the block lasts; give its URI."""
    # pgserver keeps its lock under the runtime folder and warns when none is named.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="tfui-run-"))
    from pgserver.postgres_server import get_server

    folder = tempfile.mkdtemp(prefix="tfui-pg-")
    found = get_server(folder, cleanup_mode="delete")
    try:
        yield found.get_uri()
    finally:
        found.cleanup()


def create(uri: str, name: str, *, template: str | None = None) -> str:
    """Create a database, empty or a copy of a template; give the URL by which tfui opens it."""
    copied = f" TEMPLATE {template}" if template else ""
    _execute(uri, f"CREATE DATABASE {name}{copied}")
    return url(uri, name)


def drop(uri: str, name: str) -> None:
    """Drop a database, whoever is still connected to it."""
    _execute(uri, f"DROP DATABASE {name} WITH (FORCE)")


def url(uri: str, name: str) -> str:
    """Give the URL by which tfui opens a database of the server."""
    # pgserver gives postgresql://postgres:@/postgres?host=/socket/folder
    return uri.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")


def _execute(uri: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(statement)
