"""Fixtures that every room shares: a real store on SQLite and on Postgres, and a clock that is told."""

from __future__ import annotations

import gc
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

# Textual reads these when it is imported: pictures must not depend on the machine's own settings.
os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["TZ"] = "UTC"
for _name in ("NO_COLOR", "COLORTERM", "TEXTUAL_THEME", "TFUI_DB", "TFUI_ORG"):
    os.environ.pop(_name, None)

import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background job ignores it, and so would every command that a test interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

from tests import postgres
from tests.world import NOON
from tfui.clock import FrozenClock
from tfui.store import migrations
from tfui.store.connection import Store

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and not among all that was imported: a quarter of the time goes into it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def pytest_sessionfinish() -> None:
    """Collect once what is left: pytest does it five times, which would now take seconds each."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def clock() -> FrozenClock:
    """A clock at NOON that moves only when told."""
    return FrozenClock(NOON)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated database file; each test works on a copy."""
    path = tmp_path_factory.mktemp("template") / "tfui.db"
    store = Store(str(path))
    migrations.upgrade(store)
    store.close()
    return path


@pytest.fixture
def sqlite_store(tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    """A fresh SQLite store in a real file."""
    path = tmp_path / "tfui.db"
    path.write_bytes(sqlite_template.read_bytes())
    path.chmod(0o600)
    store = Store(str(path))
    yield store
    store.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URI of a real Postgres server that lives as long as the test run."""
    with postgres.server() as uri:
        yield uri


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of an empty, migrated database that others are copied from."""
    name = "tfui_template"
    store = Store(postgres.create(postgres_server, name))
    migrations.upgrade(store)
    store.close()
    return name


@pytest.fixture
def postgres_store(postgres_server: str, postgres_template: str) -> Iterator[Store]:
    """A fresh database on the real Postgres."""
    name = f"tfui_{uuid4().hex}"
    store = Store(postgres.create(postgres_server, name, template=postgres_template))
    yield store
    store.close()
    postgres.drop(postgres_server, name)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    """One store suite, two databases."""
    found = request.getfixturevalue(f"{request.param}_store")
    assert isinstance(found, Store)
    return found
