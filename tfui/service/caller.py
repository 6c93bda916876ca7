"""The one door to the store for whoever asks: no transaction without naming a right.

A Caller is a person (or a program) of one organization, asking through the dashboard, the command
line or the API. Everything it writes carries its name, and that way in, on the record.
"""

from __future__ import annotations

import getpass
import os
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from uuid import UUID

from tfui.core.rights import READING, Right, Role, allows
from tfui.errors import Conflict, Forbidden, GaveWay, NotFound
from tfui.store import journal, organizations, queues
from tfui.store.connection import Author

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from tfui.clock import Clock
    from tfui.store.connection import Store, Transaction

Asked = ParamSpec("Asked")
Given = TypeVar("Given")

DEFAULT_ORGANIZATION = "default"
DEFAULT_QUEUE = "default"
NOBODY = UUID(int=0)
"""The user id of somebody who is not known to a store that cannot be written."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. Safe to share between threads; made by `local_caller`."""

    store: Store
    clock: Clock
    organization_id: UUID
    user_id: UUID
    name: str
    role: Role
    via: str
    """tui, cli or api."""
    is_barred: bool = False
    """Whether nothing is to be changed, whatever the role allows: tfui was started so."""

    @property
    def why_read_only(self) -> str | None:
        """Why nothing can be changed at all, in a few words; None when it can."""
        if self.is_barred:
            return "tfui was started read-only"
        return "the database may not be written by this user" if self.store.is_read_only else None

    def now(self) -> datetime:
        """Give the present instant, aware, in UTC."""
        return self.clock.now()

    def require(self, right: Right) -> None:
        """Raise Forbidden, naming the right, unless the caller holds it."""
        if self.is_barred and right not in READING:
            raise Forbidden("nothing may be changed: tfui was started read-only")
        if not allows(self.role, right):
            raise Forbidden(f"{self.name} is {_a(self.role)} and lacks the right {right.value}")

    @contextmanager
    def reading(self, right: Right) -> Iterator[Transaction]:
        """Open a snapshot. Raises Forbidden and Unavailable."""
        self.require(right)
        with self.store.reading() as tx:
            yield tx

    @contextmanager
    def writing(self, right: Right) -> Iterator[Transaction]:
        """Open a transaction in the caller's name, at this instant. Raises Forbidden, Unavailable."""
        self.require(right)
        author = Author(name=self.name, via=self.via, user_id=self.user_id)
        with self.store.writing(by=author, now=self.now()) as tx:
            yield tx

    def record(self, tx: Transaction, entries: list[journal.Entry]) -> list[int]:
        """Journal what this transaction did; to be called last in it."""
        return journal.append(tx, self.organization_id, entries)


def twice(verb: Callable[Asked, Given]) -> Callable[Asked, Given]:
    """Have a verb of one transaction tried once more when that gave way to another.

    For verbs that hold a schedule and its live jobs, which an engine that settles a job takes in the
    order in which things happen, or a schedule and then those it comes after.
    """

    @wraps(verb)
    def tried(*asked: Asked.args, **named: Asked.kwargs) -> Given:
        try:
            return verb(*asked, **named)
        except GaveWay:
            return verb(*asked, **named)

    return tried


def local_caller(
    store: Store,
    clock: Clock,
    *,
    via: str,
    organization: str = DEFAULT_ORGANIZATION,
) -> Caller:
    """Give the person at this machine, an admin, making organization and queue at the first start.

    Only the organization `default` is made; NotFound names any other that does not exist. In a
    store that cannot be written, whoever is not known to it may look.
    """
    user_name = _operating_system_user()
    with store.reading() as tx:
        found = organizations.find(tx, organization)
        member = None if found is None else organizations.find_member(tx, found, user_name)
        if found is None and (organization != DEFAULT_ORGANIZATION or store.is_read_only):
            known = ", ".join(organizations.names(tx)) or "none yet"
            raise NotFound(f"there is no organization {organization!r}; known: {known}")
    if found is not None and member is None and store.is_read_only:
        return Caller(store, clock, found, NOBODY, user_name, Role.VIEWER, via)
    if found is None or member is None:
        found, member = _first_start(store, clock, organization, user_name=user_name, via=via)
    if member.disabled_at is not None:
        raise Forbidden(f"the user {user_name!r} is disabled in the organization {organization!r}")
    return Caller(store, clock, found, member.user_id, member.name, member.role, via)


def _first_start(
    store: Store,
    clock: Clock,
    organization: str,
    *,
    user_name: str,
    via: str,
) -> tuple[UUID, organizations.Member]:
    now = clock.now()
    with store.writing(by=Author(name=user_name, via=via), now=now) as tx:
        found = organizations.find(tx, organization)
        if found is None and organization != DEFAULT_ORGANIZATION:
            raise Conflict(f"the organization {organization!r} has just been taken away")
        if found is None:
            found = organizations.ensure(tx, organization, now=now)
        queues.ensure(tx, found, DEFAULT_QUEUE, now=now)
        member = organizations.ensure_member(tx, found, user_name, role=Role.ADMIN, now=now)
    return found, member


def _operating_system_user() -> str:
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container may give a user no name
        name = f"uid-{os.getuid()}"
    return name[:100]


def _a(role: Role) -> str:
    return f"{'a' if role is Role.VIEWER else 'an'} {role.value}"
