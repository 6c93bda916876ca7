"""The one place that knows everybody: builds the store, callers, engines and the dashboard from Settings.

Each function imports what it builds, so that whoever needs little waits for little.
"""

from __future__ import annotations

import gc
import shutil
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tfui import settings as settled
from tfui.clock import SystemClock
from tfui.errors import Invalid, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from tfui.clock import Clock
    from tfui.engine.engine import Engine
    from tfui.service.caller import Caller
    from tfui.settings import Settings
    from tfui.store.connection import Store
    from tfui.ui.app import TfuiApp
    from tfui.ui.office import Opening
    from tfui.ui.preferences import Preferences


_YOUNG_ONES = 10_000
"""How many things the dashboard makes, less those that went away, before it looks for garbage."""


def open_store(settings: Settings, *, on_backup: Callable[[Path], object] | None = None) -> Store:
    """Open the store and bring its schema up; `on_backup` hears of a copy that was made before.

    Raises Invalid for a bad URL and Unavailable for anything that is wrong with the database.
    """
    from tfui.store import migrations
    from tfui.store.connection import Store

    try:
        store = Store(settings.db)
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        raise Unavailable("Postgres needs psycopg: install tfui[postgres]") from error
    try:
        backup = migrations.upgrade(store)
    except BaseException:
        store.close()
        raise
    if backup is not None and on_backup is not None:
        on_backup(backup)
    return store


def caller(store: Store, settings: Settings, *, via: str, clock: Clock | None = None) -> Caller:
    """Give the person at this machine; one who may only look when the settings say so."""
    from dataclasses import replace

    from tfui.service.caller import local_caller

    found = local_caller(store, clock or SystemClock(), via=via, organization=settings.org)
    return replace(found, is_barred=True) if settings.read_only else found


def engine(
    store: Store,
    settings: Settings,
    *,
    kind: str,
    plan: bool = True,
    work: bool = True,
    clock: Clock | None = None,
) -> Engine:
    """Build an engine; `kind` is app or headless, `plan` and `work` are its two halves."""
    from tfui.engine.engine import Engine
    from tfui.runners.catalog import Catalog

    return Engine(
        store,
        Catalog(),
        clock or SystemClock(),
        seats=settings.seats,
        kind=kind,
        plan=plan,
        work=work,
    )


def dashboard(
    settings: Settings,
    *,
    engine: bool = True,
    demo: bool = False,
    view: str | None = None,
    schedule: str | None = None,
    clock: Clock | None = None,
) -> TfuiApp:
    """Build the dashboard; the store is opened by it, after its first frame.

    `demo` puts a store with sample schedules into a folder that goes away with the dashboard.
    It begins with `view`, and on `schedule`, if they are named. Raises Invalid when the settings or
    the view cannot be meant.
    """
    from tfui.ui.app import TfuiApp
    from tfui.ui.options import Options
    from tfui.ui.views import registry

    preferences = preferred(settings)
    if view is not None and view not in registry.BY_ID:
        raise Invalid(
            {"--view": f"there is no view {view!r}; there are {', '.join(registry.BY_ID)}"}
        )

    time = clock or SystemClock()

    def open_office() -> Opening:
        try:
            found = _open_demo(settings, time) if demo else _open(settings, time, has_engine=engine)
            import_module("tfui.service.schedules")  # the list is read next
            return found
        finally:
            _collect_again()

    return TfuiApp(
        open_office=open_office,
        clock=time,
        options=Options(
            ascii=settings.ascii,
            read_only=settings.read_only,
            theme=preferences.theme,
            zone=settings.zone,
            engine=engine or demo,
            state_path=None if demo else settled.state_folder() / "ui.json",
            log_folder=settled.state_folder(),
            view=view,
            schedule=schedule,
            key_map=preferences.key_map,
            filters=preferences.filters,
            animation=settings.animation,
        ),
    )


def _collect_again() -> None:
    """Let garbage be collected, if that was put off: what was imported until now is none, and stays.

    A frame makes thousands of things that go away by themselves: they need no look each time.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(_YOUNG_ONES)
        gc.enable()


def preferred(settings: Settings) -> Preferences:
    """Read what the settings say about the dashboard. Raises Invalid, by file and line."""
    from tfui.ui import preferences

    return preferences.read(settings.keys, settings.filters, settings.theme)


def _open(settings: Settings, clock: Clock, *, has_engine: bool) -> Opening:
    from tfui.ui.office import Opening

    store = open_store(settings)
    try:
        return Opening(
            caller=caller(store, settings, via="tui", clock=clock),
            open_watch=store.watch,
            background=(
                engine(store, settings, kind="app", clock=clock)
                if has_engine and not store.is_read_only
                else None
            ),
            close=store.close,
        )
    except BaseException:
        store.close()
        raise


def _open_demo(settings: Settings, clock: Clock) -> Opening:
    """Open a throw-away store, fill it, and let its folder go away when it is closed."""
    from dataclasses import replace

    from tfui.service import samples

    folder = Path(tempfile.mkdtemp(prefix="tfui-demo-"))
    try:
        opening = _open(
            replace(settings, db=str(folder / "demo.db"), org="default", read_only=False),
            clock,
            has_engine=True,
        )
        samples.fill(opening.caller)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise

    def close() -> None:
        opening.close()
        shutil.rmtree(folder, ignore_errors=True)

    return replace(opening, close=close)
