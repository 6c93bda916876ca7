"""Taking from a test the right to write, also from root's, which may otherwise write anywhere."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOBODY = 65534


@contextmanager
def a_readable_folder() -> Iterator[Path]:
    """Give a folder that everybody may reach; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="tfui-locked-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


@contextmanager
def without_writing(folder: Path, *, files: int = 0o444, itself: int = 0o555) -> Iterator[None]:
    """Give a folder and its files these modes, and be nobody in particular."""
    for each in folder.iterdir():
        each.chmod(files)
    folder.chmod(itself)
    before = os.geteuid()
    if before == 0:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)
        folder.chmod(0o755)
        for each in folder.iterdir():
            each.chmod(0o644)
