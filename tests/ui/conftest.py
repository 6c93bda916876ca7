"""The person at the dashboard of an empty store, and an office with that person in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tfui.service.caller import Caller, local_caller
from tfui.ui.office import Opening

if TYPE_CHECKING:
    from collections.abc import Callable

    from tfui.clock import FrozenClock
    from tfui.store.connection import Store


@pytest.fixture
def caller(sqlite_store: Store, clock: FrozenClock) -> Caller:
    """The person at the dashboard."""
    return local_caller(sqlite_store, clock, via="tui")


@pytest.fixture
def open_office(caller: Caller, sqlite_store: Store) -> Callable[[], Opening]:
    """An office with that person in it."""
    return lambda: Opening(
        caller=caller, open_watch=sqlite_store.watch, background=None, close=lambda: None
    )
