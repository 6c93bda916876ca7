"""Where the stylesheets are: beside the package in a checkout, inside it when installed from a wheel.

The app loads what the first frame needs; every other screen and view brings its own.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
STYLES = _PACKAGE / "_styles" if (_PACKAGE / "_styles").is_dir() else _PACKAGE.parent / "styles"

DIALOGS = STYLES / "dialogs.tcss"
EDITOR = STYLES / "editor.tcss"


def sheet(name: str) -> str:
    """Read the stylesheet that a view brings with its first visit."""
    return (STYLES / f"{name}.tcss").read_text(encoding="utf-8")
