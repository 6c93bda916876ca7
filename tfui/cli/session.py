"""From what the command line said to somebody who may ask the service, and back to a closed store."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tfui import assembly, settings
from tfui.cli import output
from tfui.cli.group import invocation

if TYPE_CHECKING:
    from collections.abc import Iterator

    import typer

    from tfui.cli.group import Invocation
    from tfui.service.caller import Caller
    from tfui.settings import Settings

_BEGINNINGS = frozenset({"add", "engine", "import"})
"""Commands that a first use begins with; the others look for what is there already."""


def settings_of(asked: Invocation, **given: str | bool | int | None) -> Settings:
    """Read the settings; what the command line said wins. Raises Invalid."""
    return settings.load({"db": asked.db, "org": asked.org, **given})


def shown_zone(settled: Settings) -> str:
    """Give the zone that times are shown in where a schedule's own is not meant. Raises Invalid."""
    from tfui.core.zone import zone

    return settings.host_zone() if settled.zone is None else zone(settled.zone).name


@contextmanager
def calling(context: typer.Context) -> Iterator[Caller]:
    """Open the store and ask as the person at this machine. Raises Invalid, NotFound, Unavailable."""
    settled = settings_of(invocation(context))
    with noticing_a_new_file(context, settled):
        store = assembly.open_store(settled, on_backup=tell_backup)
    try:
        yield assembly.caller(store, settled, via="cli")
    finally:
        store.close()


@contextmanager
def noticing_a_new_file(context: typer.Context, settled: Settings) -> Iterator[None]:
    """Say, once the store is open, where that made a file nobody may have meant. Raises Invalid.

    A mistyped path shows as an empty store otherwise. A first schedule at the usual place is meant.
    """
    from tfui.service import database

    path = database.label(settled.db)
    is_new = "://" not in path and not Path(path).exists()
    yield
    is_usual = path == database.label(settings.default_db())
    if is_new and not (is_usual and context.find_root().invoked_subcommand in _BEGINNINGS):
        output.remark(f"made a new database at {output.one_line(path)}")


def zone_of(context: typer.Context) -> str:
    """Give the zone that this call shows times in. Raises Invalid."""
    return shown_zone(settings_of(invocation(context)))


def tell_backup(path: Path) -> None:
    """Say that the schema was brought up, and where the file as it was can be found."""
    output.remark(f"the database was upgraded; a copy of it as it was is {path}")
