"""Writes docs/reference/commands.md from the commands themselves; with --check says whether it is current."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "commands.md"
WIDTH = {"terminal_width": 100, "max_content_width": 100}
HEAD = """# Commands

Made from the commands' own help by `scripts/reference.py`; not by hand.

Exit status: 0 done, 1 bad data or a fault of the instance, 2 wrong use. An error is one line on standard error.
"""


def commands(command: click.Command, context: click.Context) -> Iterator[click.Context]:
    """A command and all below it, parents first, in the order in which help lists them."""
    yield context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below and not below.hidden:
                yield from commands(below, click.Context(below, info_name=name, parent=context, **WIDTH))


def page() -> str:
    """The page: each command's help as it is printed in a terminal of 100 columns."""
    from betterwork.entry.command_line import main_group

    parts = [HEAD]
    root = click.Context(main_group, info_name="betterwork", **{**main_group.context_settings, **WIDTH})
    for context in commands(main_group, root):
        parts.append(f"\n## {context.command_path}\n\n```text\n{context.get_help().rstrip()}\n```\n")
    return "".join(parts)


def main() -> int:
    """Write the page, or say that it is not current (1)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")
    with tempfile.TemporaryDirectory() as home:
        os.environ["BETTERWORK_HOME"] = home
        # Help may name the folder it would use; the page must not name the folder of this machine.
        text = page().replace(home, "./var").replace(str(ROOT), ".")
    text = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    if "--check" in sys.argv:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print(
            "up to date" if current else f"{PAGE.relative_to(ROOT)} is not up to date: run python scripts/reference.py"
        )
        return 0 if current else 1
    PAGE.write_text(text, encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
