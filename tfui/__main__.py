"""Starts the command line: `tfui` and `python -m tfui`."""

from tfui.cli.main import run


def main() -> None:
    """Run tfui; ends the process."""
    run()


if __name__ == "__main__":
    main()
