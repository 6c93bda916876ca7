"""What tests of the service stand on: a desk, or the engine's own stage, turned by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.conftest import sqlite_stage, stage
from tests.service.desk import Desk

if TYPE_CHECKING:
    from tfui.clock import FrozenClock
    from tfui.store.connection import Store

__all__ = ["desk", "sqlite_stage", "stage"]


@pytest.fixture
def desk(store: Store, clock: FrozenClock) -> Desk:
    """A caller, somebody who may only look, and an engine's hands."""
    return Desk(store, clock)
