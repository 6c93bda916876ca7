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
from tfui.store import checks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from importlib.resources.abc import Traversable

    from tfui.store.connection import Transaction

SKEW = timedelta(minutes=1)
"""How far the clocks of several machines may differ before it is told of."""

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


def zones() -> Finding:
    """Compare the rules of time zones that are in use with those that came with tfui."""
    ours = _version(package_files("tzdata") / "zoneinfo" / "tzdata.zi") or "of unknown version"
    theirs = _system_version()
    if theirs is None:
        text = f"rules {ours} of the tzdata package"
        if any((Path(folder) / "Europe").is_dir() for folder in zoneinfo.TZPATH):
            text = f"rules of the system, of unknown version; the tzdata package has {ours}"
        return Finding(severity=Severity.OK, subject="time zones", text=text)
    if theirs < ours:
        return Finding(
            severity=Severity.WARNING,
            subject="time zones",
            text=f"the system's rules ({theirs}) are in use and older than those of the tzdata package ({ours})",
            advice="update the system's tzdata, or set PYTHONTZPATH to an empty value to use the package's",
        )
    return Finding(
        severity=Severity.OK,
        subject="time zones",
        text=f"the system's rules {theirs} are in use; the tzdata package has {ours}",
    )


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
