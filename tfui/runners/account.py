"""The account that a command is to run as, when it is not the engine's own."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine, as the system's own table has it."""

    name: str
    uid: int
    gid: int
    groups: tuple[int, ...]
    home: str

    @property
    def environment(self) -> dict[str, str]:
        """Give what cron, too, sets for a command that runs as somebody."""
        return {"HOME": self.home, "LOGNAME": self.name, "USER": self.name}


def find_account(name: str) -> Account | None:
    """Look a user up by name; None when this machine has no such user."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    groups = tuple(os.getgrouplist(name, entry.pw_gid))
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, groups, entry.pw_dir)


def why_not(name: str) -> str | None:
    """Say why this process cannot run a command as `name`, or None when it can."""
    account = find_account(name)
    if account is None:
        return f"this machine has no user {name!r}"
    own = os.geteuid()
    if own not in {0, account.uid}:
        return (
            f"only an engine started by root can run a command as {name!r} (this one has uid {own})"
        )
    return None
