"""Starts the dashboard or the command line: `tfui` and `python -m tfui`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run tfui; ends the process, also when it is interrupted while it starts."""
    try:
        from tfui.cli.dashboard import straight

        if (code := straight(sys.argv[1:])) is not None:
            sys.exit(code)
        from tfui.cli.main import run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
