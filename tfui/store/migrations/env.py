"""Alembic's entry: runs the revisions on the connection and in the transaction it is given."""

from __future__ import annotations

from alembic import context

from tfui.model.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite can alter little in place; batch mode rebuilds a table instead.
    render_as_batch=True,
)
context.run_migrations()
