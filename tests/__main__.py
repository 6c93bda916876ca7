"""Every check the project has, in the order that fails fastest: `python -m tests`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

WORKERS = str(2 * (os.cpu_count() or 1))
"""Twice as many as there are cores: many tests wait for another process or for a frame."""

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("lint-imports",),
    ("mypy",),
    ("pytest", "-q", "-n", WORKERS, "--dist", "worksteal"),
)


def main() -> int:
    """Run each check with this interpreter's own tools; stop at the first that fails."""
    tools = Path(sys.executable).parent
    # The tests start hundreds of processes: each would compile the whole package again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for name, *arguments in CHECKS:
        print(f"── {name} {' '.join(arguments)}", flush=True)
        found = subprocess.run([str(tools / name), *arguments], check=False)
        if found.returncode:
            print(f"{name} failed", flush=True)
            return found.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
