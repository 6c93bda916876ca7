"""Engines for tests: real ones, turned by hand over a frozen clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tfui.clock import FrozenClock
    from tfui.store.connection import Store


@pytest.fixture
def stage(store: Store, clock: FrozenClock) -> Iterator[Stage]:
    """A store with one organization, and engines that are turned by hand."""
    found = Stage(store, clock)
    yield found
    found.clear()


@pytest.fixture
def sqlite_stage(sqlite_store: Store, clock: FrozenClock) -> Iterator[Stage]:
    """The same on SQLite alone, for what does not depend on the database."""
    found = Stage(sqlite_store, clock)
    yield found
    found.clear()
