"""Which mix of sources a determination needs, and what is missing.

The rule is data: a country's list of lines (determination, cluster, mix). The most particular line counts, one with the
question's cluster before one without; where no line speaks of a determination, it needs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from betterwork.core.capture.fields import DATA, DETERMINATIONS, SOURCES
from betterwork.core.errors import WrongUse


@dataclass(frozen=True, slots=True)
class Mix:
    """A mix of sources: at least ``kinds`` kinds, and of each list in ``one_of`` at least one."""

    kinds: int = 0
    one_of: tuple[tuple[str, ...], ...] = ()


NOTHING_NEEDED: Final = Mix()


@dataclass(frozen=True, slots=True)
class MixRule:
    """One line of a country's rule. ``cluster`` "": for every cluster that has no line of its own."""

    determination: str
    mix: Mix
    cluster: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the package for a device and ``data/mixes.json`` write it."""
        return {
            "determination": self.determination,
            "cluster": self.cluster,
            "kinds": self.mix.kinds,
            "one_of": [list(one) for one in self.mix.one_of],
        }


@dataclass(frozen=True, slots=True)
class Missing:
    """What a mix still wants: so many more kinds, and one of each of these lists. Nothing of both: it is met."""

    kinds: int = 0
    one_of: tuple[tuple[str, ...], ...] = ()

    @property
    def met(self) -> bool:
        """Whether nothing is missing."""
        return not self.kinds and not self.one_of


def mix_missing(mix: Mix, sources: Iterable[str]) -> Missing:
    """What ``sources`` lack for the mix."""
    held = set(sources)
    return Missing(
        kinds=max(0, mix.kinds - len(held)),
        one_of=tuple(one for one in mix.one_of if not held & set(one)),
    )


def mix_needed(rules: Iterable[MixRule], determination: str | None, cluster: str) -> Mix:
    """The mix that a determination needs in a cluster."""
    found = {
        one.cluster: one.mix for one in rules if one.determination == determination and one.cluster in {"", cluster}
    }
    return found.get(cluster, found.get("", NOTHING_NEEDED))


def mixes_read(raw: object) -> tuple[MixRule, ...]:
    """A country's rule as JSON: a list of lines as :meth:`MixRule.as_json` writes them.

    Raises :class:`WrongUse` saying what is wrong with which line.
    """
    if not isinstance(raw, list):
        raise WrongUse("The mixes are a list of lines.")
    rules = [_line(number, one) for number, one in enumerate(raw, start=1)]
    seen: set[tuple[str, str]] = set()
    for number, rule in enumerate(rules, start=1):
        key = (rule.determination, rule.cluster)
        if key in seen:
            raise WrongUse(f"Line {number} speaks of {rule.determination} in {rule.cluster or 'every cluster'} again.")
        seen.add(key)
    return tuple(rules)


def _line(number: int, raw: object) -> MixRule:
    if not isinstance(raw, dict) or not raw.keys() <= {"determination", "cluster", "kinds", "one_of"}:
        raise WrongUse(f"Line {number} is no line of a mix: determination, cluster, kinds, one_of.")
    determination, cluster = raw.get("determination"), raw.get("cluster", "")
    if determination not in DETERMINATIONS or not isinstance(cluster, str):
        raise WrongUse(f"Line {number}: the determination is one of {', '.join(DETERMINATIONS)}, the cluster a code.")
    kinds = raw.get("kinds", 0)
    if not isinstance(kinds, int) or isinstance(kinds, bool) or not 0 <= kinds <= len(SOURCES):
        raise WrongUse(f"Line {number}: kinds is a number from 0 to {len(SOURCES)}.")
    return MixRule(determination, Mix(kinds, tuple(_sources(number, one) for one in raw.get("one_of", ()))), cluster)


def _sources(number: int, raw: object) -> tuple[str, ...]:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or not raw or not set(raw) <= set(SOURCES):
        raise WrongUse(f"Line {number}: each list in one_of holds kinds of source: {', '.join(SOURCES)}.")
    return tuple(raw)


def mixes_from_text(text: str) -> tuple[MixRule, ...]:
    """A country's rule as a person writes it in a setting: lines, or parts between semicolons.

    ``non-compliant: 2`` or ``FAC non-compliant: 2, workers or union``. Raises :class:`WrongUse` with the line.
    """
    parts = [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]
    raw = []
    for part in parts:
        head, colon, rest = part.partition(":")
        words = head.split()
        kinds, *lists = [one.strip() for one in rest.split(",")]
        if not colon or len(words) not in {1, 2} or not (kinds.isascii() and kinds.isdigit()):
            raise WrongUse(
                f"Write it as “non-compliant: 2” or “FAC non-compliant: 2, workers or union”, not as “{part}”."
            )
        raw.append(
            {
                "determination": words[-1],
                "cluster": words[0] if len(words) == 2 else "",
                "kinds": int(kinds),
                "one_of": [[word.strip() for word in one.split(" or ")] for one in lists],
            }
        )
    return mixes_read(raw)


def mixes_as_text(rules: Iterable[MixRule]) -> str:
    """The rule as :func:`mixes_from_text` reads it."""
    told = []
    for rule in rules:
        wanted = [str(rule.mix.kinds), *(" or ".join(one) for one in rule.mix.one_of)]
        told.append(f"{f'{rule.cluster} {rule.determination}'.strip()}: {', '.join(wanted)}")
    return "; ".join(told)


_SHIPPED: Final[Mapping[str, Any]] = json.loads(DATA.joinpath("mixes.json").read_text(encoding="utf-8"))
SHIPPED: Final = mixes_read(_SHIPPED["mixes"])
"""The rule where a country says nothing else (background, not verified)."""
SHIPPED_SOURCE: Final[str] = _SHIPPED["source"]
