"""The columns of an assessment export, and how a file's header names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from betterwork.core.errors import BetterWorkError

COUNTRY = "Country"
FACTORY_ID = "Factory.Assessed.ID"
FACTORY_NAME = "Factory.Assessed.Name"
ASSESSMENT = "Quest.ID"
START = "Assesment.Start.Date"  # spelled as in the export
CYCLE = "Cycle"
TOOL_NAME = "TQ.Name"
CLUSTER = "Cluster"
POINT = "CP"
QUESTION = "Question.ID"
LABEL = "Q.Label"
QUESTION_TYPE = "Question.type"
FINDING = "Finding"
TAGS = "Tags"

HEAD_COLUMNS = (COUNTRY, FACTORY_ID, FACTORY_NAME, ASSESSMENT, START, CYCLE, TOOL_NAME)
"""The columns that speak of the assessment: the same in all its rows. They are a row's *head*."""

TAIL_COLUMNS = (CLUSTER, POINT, QUESTION, LABEL, QUESTION_TYPE, FINDING, TAGS)
"""The columns that speak of one question: a row's *tail*."""

COLUMNS = HEAD_COLUMNS + TAIL_COLUMNS


class NotTheLayout(BetterWorkError):
    """A header that is not the export's. The message names the columns, not the file."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a file keeps the columns of the layout.

    ``head`` and ``tail`` are positions in the order of ``HEAD_COLUMNS`` and ``TAIL_COLUMNS``;
    ``names`` are all columns as the file writes them; ``extra`` those that are not read.
    """

    names: tuple[str, ...]
    head: tuple[int, ...]
    tail: tuple[int, ...]
    extra: tuple[str, ...]

    @property
    def width(self) -> int:
        """How many fields a whole row has."""
        return len(self.names)

    @property
    def head_comes_first(self) -> bool:
        """Whether the first seven columns are the head and no column is left unread."""
        return set(self.head) == set(range(len(HEAD_COLUMNS))) and not self.extra

    @property
    def last_may_be_cut_unseen(self) -> bool:
        """Whether a file cut inside its last field could change what a row says.

        A cut in the tags, or in a column that is not read, changes nothing that is kept.
        """
        last = self.width - 1
        return last in self.head or last in self.tail[:-1]

    def in_layout_order(self, fields: Sequence[str]) -> list[str]:
        """The fields of a row, whole or short, in the order of ``COLUMNS``; what is left over comes after."""
        order = self.head + self.tail
        known = [fields[at] if at < len(fields) else "" for at in order]
        return known + [field for at, field in enumerate(fields) if at not in set(order)]


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", ".").replace("_", ".")


def columns_found(names: Sequence[str]) -> Columns:
    """Find the layout's columns among a header's names, in any order; case and `.`, `_`, space do not matter.

    Raises :class:`NotTheLayout` naming the missing columns, or those that come twice.
    """
    positions: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        positions.setdefault(_plain(name), []).append(position)
    wanted = {_plain(name): name for name in COLUMNS}
    missing = [name for plain, name in wanted.items() if plain not in positions]
    if len(missing) == len(COLUMNS):
        raise NotTheLayout(f"this is not an assessment export: its first line has none of {', '.join(COLUMNS)}")
    if missing:
        raise NotTheLayout(f"the header has no column {', '.join(missing)}; it must have: {', '.join(COLUMNS)}")
    twice = [name for plain, name in wanted.items() if len(positions[plain]) > 1]
    if twice:
        raise NotTheLayout(f"the header has {', '.join(twice)} more than once; leave one of each")
    found = {name: positions[plain][0] for plain, name in wanted.items()}
    return Columns(
        names=tuple(name.strip() for name in names),
        head=tuple(found[name] for name in HEAD_COLUMNS),
        tail=tuple(found[name] for name in TAIL_COLUMNS),
        extra=tuple(name.strip() for name in names if _plain(name) not in wanted),
    )


def columns_recognised(names: Sequence[str]) -> int:
    """How many different columns of the layout are among the names: what tells one separator from another."""
    return len({_plain(name) for name in names} & {_plain(name) for name in COLUMNS})
