"""Brings a database to this version's schema, once, safely, also when two processes start together.

A store that is already there is recognised by one tiny query, without importing Alembic. A store
made by a newer tfui is refused. Before an existing SQLite file is changed, a copy is put beside it.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from tfui.errors import Unavailable
from tfui.store.dialect import WRITES

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

    from tfui.store.connection import Store

HEAD = "0001"
"""The revision this version works with; a test holds it to Alembic's own head."""


def revision(connection: Connection) -> str | None:
    """Give the schema's revision, or None when the database is empty. Raises Unavailable."""
    inspector = inspect(connection)
    if inspector.has_table("alembic_version"):
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return None if found is None else str(found)
    if strangers := inspector.get_table_names():
        message = f"the database belongs to something else: it has a table {strangers[0]!r}"
        raise Unavailable(message)
    return None


def upgrade(store: Store) -> Path | None:
    """Bring the store to HEAD; give the backup's path when one was made. Raises Unavailable."""
    with store.reading() as tx:
        found = revision(tx.connection)
    if found == HEAD:
        return None
    _refuse_newer(found, store)
    backup: Path | None = None
    with store.troubles(), store.connect() as bare:
        connection = bare.execution_options(**{WRITES: True})
        with connection.begin():
            store.dialect.lock_schema(connection)
            found = revision(connection)  # another process may have been quicker
            _refuse_newer(found, store)
            if found == HEAD:
                return None
            if found is not None and store.path is not None:
                backup = _back_up(store.path, found)
            _run_alembic(connection)
    return backup


def _refuse_newer(found: str | None, store: Store) -> None:
    if found is not None and found > HEAD:
        message = (
            f"{store.label} was made by a newer tfui (schema {found}; this one knows {HEAD}): "
            "install that version or name another database with --db"
        )
        raise Unavailable(message)


def _back_up(path: Path, found: str) -> Path:
    """Copy the file, with what its log still holds, beside itself, readable by its owner only."""
    target = path.with_name(f"{path.name}.before-{HEAD}-from-{found}")
    os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
    source, copy = sqlite3.connect(path), sqlite3.connect(target)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()
    return target


def _run_alembic(connection: Connection) -> None:
    from alembic import command

    configuration = alembic_configuration()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")


def alembic_configuration() -> Config:
    """Point Alembic at this folder. Needs no ini file."""
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent))
    configuration.set_main_option("path_separator", "os")
    return configuration
