"""Organizations and users: found by name, or made once however many processes ask together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from tfui.core import unknown
from tfui.core.rights import Role
from tfui.model.columns import table_of
from tfui.model.organization import Organization, User

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tfui.store.connection import Transaction

_ORGANIZATION = table_of(Organization)
_USER = table_of(User)


@dataclass(frozen=True, slots=True)
class Member:
    """A user as far as a caller is made from one."""

    user_id: UUID
    name: str
    role: Role
    disabled_at: datetime | None


def find(tx: Transaction, name: str) -> UUID | None:
    """Give the organization of that name."""
    return tx.connection.execute(
        select(_ORGANIZATION.c.id).where(_ORGANIZATION.c.name == name),
    ).scalar()


def names(tx: Transaction) -> list[str]:
    """Give every organization's name, sorted."""
    return list(
        tx.connection.execute(
            select(_ORGANIZATION.c.name).order_by(_ORGANIZATION.c.name)
        ).scalars(),
    )


def ensure(tx: Transaction, name: str, *, now: datetime) -> UUID:
    """Give the organization of that name, making it when there is none."""
    tx.connection.execute(
        tx.dialect.insert(_ORGANIZATION)
        .values(id=tx.ids.make(now), name=name, created_at=now)
        .on_conflict_do_nothing(index_elements=["name"]),
    )
    found = find(tx, name)
    if found is None:
        raise LookupError(f"organization {name!r} was neither there nor made")
    return found


def find_member(tx: Transaction, organization_id: UUID, name: str) -> Member | None:
    """Give the user of that name in the organization."""
    row = tx.connection.execute(
        select(_USER.c.id, _USER.c.name, _USER.c.role, _USER.c.disabled_at).where(
            _USER.c.organization_id == organization_id,
            _USER.c.name == name,
        ),
    ).one_or_none()
    return None if row is None else Member(row[0], row[1], unknown.read(Role, row[2]), row[3])


def ensure_member(
    tx: Transaction,
    organization_id: UUID,
    name: str,
    *,
    role: Role,
    now: datetime,
) -> Member:
    """Give the user of that name, making one with `role` when there is none."""
    tx.connection.execute(
        tx.dialect.insert(_USER)
        .values(
            id=tx.ids.make(now),
            organization_id=organization_id,
            name=name,
            role=role,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["organization_id", "name"]),
    )
    found = find_member(tx, organization_id, name)
    if found is None:
        raise LookupError(f"user {name!r} was neither there nor made")
    return found
