"""The parts of a report, once, for page and PDF alike: both walk the same blocks and show the same numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Text:
    """A paragraph. ``role`` is "lead", "text" or "note"."""

    text: str
    role: str = "text"
    kind: str = "text"


@dataclass(frozen=True)
class Bullets:
    """A short list."""

    items: tuple[str, ...]
    kind: str = "bullets"


@dataclass(frozen=True)
class Terms:
    """Words with their meaning."""

    items: tuple[tuple[str, str], ...]
    kind: str = "terms"


@dataclass(frozen=True)
class Figure:
    """One large figure with its meaning and its base."""

    value: str
    label: str
    base: str


@dataclass(frozen=True)
class Figures:
    """A handful of large figures."""

    items: tuple[Figure, ...]
    kind: str = "figures"


@dataclass(frozen=True)
class Fact:
    """A statement with a word that says whether it holds, and what that rests on."""

    title: str
    statement: str
    state: str
    tone: str
    detail: str
    definition: str


@dataclass(frozen=True)
class Facts:
    """Statements with their state."""

    items: tuple[Fact, ...]
    kind: str = "facts"


@dataclass(frozen=True)
class Chart:
    """A drawing with the one sentence that says what it shows. ``table`` is the id of its table in the page."""

    name: str
    title: str
    key: str
    sentence: str
    table: str
    csv: str
    wide: str  # SVG
    small: str  # SVG for a phone
    kind: str = "chart"


@dataclass(frozen=True)
class Column:
    """A column of a shown table. ``align`` is "text" or "number"; ``weight`` its share of the width."""

    label: str
    align: str = "text"
    weight: float = 1.0


@dataclass(frozen=True)
class Cell:
    """A cell: its words, for a share also the length of its bar (0 to 1), and how many columns it spans."""

    text: str
    bar: float | None = None
    muted: bool = False
    span: int = 1


@dataclass(frozen=True)
class Group:
    """Rows under one heading ("" for none)."""

    label: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Table:
    """A shown table with its caption, definition and the file that holds all its columns."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    definition: str = ""
    notes: tuple[str, ...] = ()
    csv: str = ""
    small: bool = False
    kind: str = "table"


Block = Text | Bullets | Terms | Figures | Facts | Chart | Table


@dataclass(frozen=True)
class Section:
    """A titled part with its blocks and parts."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    parts: tuple[Section, ...] = field(default=())


@dataclass(frozen=True)
class Content:
    """The whole report."""

    title: str
    subtitle: str
    period: str
    about: tuple[str, ...]
    cover: tuple[tuple[str, str], ...]
    notice: str
    sections: tuple[Section, ...]
    colophon: str

    def blocks(self) -> Iterator[Block]:
        """Every block in reading order."""
        for section in self.sections:
            yield from section.blocks
            for part in section.parts:
                yield from part.blocks

    def charts(self) -> list[Chart]:
        """The drawings in reading order."""
        return [block for block in self.blocks() if isinstance(block, Chart)]
