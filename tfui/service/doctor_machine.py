"""The machine's check-up: the database's files, the disk, the clock, and the rules of time zones."""

from __future__ import annotations

import os
import shutil
import stat
import zoneinfo
from datetime import timedelta
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING

from tfui.core.explain_job import brief
from tfui.core.finding import Finding, Severity
from tfui.core.words import listing
from tfui.store import checks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from importlib.resources.abc import Traversable

    from tfui.store.connection import Transaction

SKEW = timedelta(minutes=1)
"""How far the clocks of several machines may differ before it is told of."""

_YEAR = 366  # days
_MIB = 2**20
_FULL = 50 * _MIB
_NEARLY_FULL = 500 * _MIB
_LONG_LOG = 256 * _MIB

_PRIVATE = "run `chmod 600 {}`: payloads may hold secrets, and whoever can write there runs commands as you"


def files(path: Path | None) -> list[Finding]:
    """Look at the SQLite file, its log and the disk they are on; nothing is known of a server's."""
    if path is None:
        return []
    found = [*_permissions(path), *_log(path), *_disk(path)]
    if not found:
        free = shutil.disk_usage(path.parent).free
        text = f"private to its owner, {_size(path.stat().st_size)}; {_size(free)} of disk are free"
        found.append(Finding(severity=Severity.OK, subject="file", text=text))
    return found


def clock(tx: Transaction, now: datetime) -> Iterator[Finding]:
    """Hold the clock against the newest thing on record."""
    newest = checks.newest_instant(tx)
    if newest is not None and newest > now + SKEW:
        yield Finding(
            severity=Severity.ERROR,
            subject="clock",
            text=f"it is {brief(newest - now)} behind the newest entry on record, {newest:%Y-%m-%d %H:%M:%S}Z",
            advice="set the clock (timedatectl shows whether it is synchronised); nothing runs twice, "
            "but what is due waits until that instant has come again",
        )
        return
    text = f"{now:%Y-%m-%d %H:%M:%S}Z, after everything on record"
    yield Finding(severity=Severity.OK, subject="clock", text=text)


def zones(names: Iterable[str], now: datetime) -> Finding:
    """Compare the rules of the zones that schedules use with those that came with tfui.

    The system's rules come first in Python. Being older does no harm while they say the same.
    """
    ours = _version(package_files("tzdata") / "zoneinfo" / "tzdata.zi") or "of unknown version"
    theirs = _system_version()
    text = f"rules {ours} of the tzdata package"
    if theirs is not None:
        text = f"the system's rules {theirs} are in use; the tzdata package has {ours}"
        changed = [name for name in names if _differs(name, now)] if theirs < ours else []
        if changed:
            return Finding(
                severity=Severity.WARNING,
                subject="time zones",
                text=f"{text}, which differs within a year for {listing(sorted(changed))}",
                advice="update the system's tzdata, or set PYTHONTZPATH to an empty value to use the "
                "package's rules; then restart tfui",
            )
    return Finding(severity=Severity.OK, subject="time zones", text=text)


def _differs(name: str, now: datetime) -> bool:
    """Whether the system and the package disagree about a zone on some day of the coming year."""
    system = next((file for file in _system_files(name) if file.is_file()), None)
    package = package_files("tzdata").joinpath("zoneinfo", *name.split("/"))
    if system is None or not package.is_file():
        return False
    with system.open("rb") as file, package.open("rb") as ours:
        found = [zoneinfo.ZoneInfo.from_file(file), zoneinfo.ZoneInfo.from_file(ours)]
    for day in range(_YEAR):
        one, other = ((now + timedelta(days=day)).astimezone(zone).utcoffset() for zone in found)
        if one != other:
            return True
    return False


def _system_files(name: str) -> list[Path]:
    return [Path(folder, name) for folder in zoneinfo.TZPATH]


def _permissions(path: Path) -> Iterator[Finding]:
    for file in (path, *_companions(path)):
        mode = stat.S_IMODE(file.stat().st_mode)
        if not mode & 0o077:
            continue
        is_open = bool(mode & 0o022)
        yield Finding(
            severity=Severity.ERROR if is_open else Severity.WARNING,
            subject=file.name,
            text=f"others may {'write' if is_open else 'read'} it (mode {mode:04o})",
            advice=_PRIVATE.format(file),
        )
    owner = path.stat().st_uid
    if owner != os.geteuid():
        yield Finding(
            severity=Severity.WARNING,
            subject=path.name,
            text=f"it belongs to another user (uid {owner})",
            advice="run tfui as that user, or change the file's owner",
        )


def _log(path: Path) -> Iterator[Finding]:
    for file in _companions(path):
        size = file.stat().st_size
        if size > _LONG_LOG:
            yield Finding(
                severity=Severity.WARNING,
                subject=file.name,
                text=f"the write-ahead log has grown to {_size(size)}",
                advice="a program keeps a reading transaction open; end it, and the log is folded in",
            )


def _disk(path: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(path.parent).free
    if free < _NEARLY_FULL:
        yield Finding(
            severity=Severity.ERROR if free < _FULL else Severity.WARNING,
            subject="disk",
            text=f"{_size(free)} are free where the database is",
            advice="make room: on a full disk nothing can be planned. `tfui prune` removes old runs",
        )


def _companions(path: Path) -> list[Path]:
    beside = (path.with_name(f"{path.name}{ending}") for ending in ("-wal", "-shm"))
    return [file for file in beside if file.exists()]


def _system_version() -> str | None:
    """Give the version of the rules that zoneinfo reads first, or None if it has none or hides it."""
    for folder in zoneinfo.TZPATH:
        for name in ("tzdata.zi", "+VERSION"):
            found = _version(Path(folder) / name)
            if found is not None:
                return found
    return None


def _version(file: Path | Traversable) -> str | None:
    try:
        with file.open(encoding="ascii", errors="replace") as text:
            line = text.readline(80)
    except OSError:
        return None
    return line.removeprefix("# version").strip() or None


def _size(count: int) -> str:
    for unit, size in (("GiB", 2**30), ("MiB", _MIB), ("KiB", 1024)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"
