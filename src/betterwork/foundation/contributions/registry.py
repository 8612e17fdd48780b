"""What rooms add to pages that none of them owns. Filled at start by each room's ``contributions.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

Text = Any
"""A string, or a lazy translation of one."""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of the navigation. It is shown to those whom the page's own policy lets in."""

    section: Text
    title: Text
    url_name: str
    order: int = 100


@dataclass(frozen=True, slots=True)
class Task:
    """Something a person should do now: the home of each role is the list of these, late ones first."""

    title: Text
    why: Text
    url: str
    state: Text = ""
    state_kind: str = "info"
    """The colour of the tag beside the word: nc, ok, wait, info or none."""
    due: date | None = None
    order: int = 100


@dataclass(frozen=True, slots=True)
class Panel:
    """One sheet on the page of a thing of another room: a template and the plain values for it."""

    title: Text
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    order: int = 100
    audience: str = ""
    """Whom its rows are made for, where that is not the audience of the page: a home shows things of several."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of the search."""

    title: Text
    what: Text
    """The kind of thing, in words: "Factory", "Person"."""
    url: str
    note: Text = ""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a room keeps of a person.

    ``models`` are the labels ("people.Person") of every model that holds it. ``export`` returns plain values
    for the person herself; ``erase`` removes or blanks them inside the caller's transaction and must be
    repeatable.
    """

    room: str
    what: Text
    why: Text
    how_long: Text
    models: tuple[str, ...]
    export: Callable[[str], Any]
    erase: Callable[[str, datetime], None]


HomeProvider = Callable[[Any, datetime], Iterable[Task]]
PanelProvider = Callable[[Any, Any, datetime], Iterable[Panel]]
SearchProvider = Callable[[Any, str, int], Iterable[Hit]]
NamesProvider = Callable[[Iterable[str]], Mapping[str, str]]

MENU: list[MenuItem] = []
HOME: dict[str, HomeProvider] = {}
PANELS: dict[str, dict[str, PanelProvider]] = {}
SEARCH: dict[str, SearchProvider] = {}
NAMES: dict[str, NamesProvider] = {}
KEEPINGS: dict[str, Keeping] = {}


def menu_add(item: MenuItem) -> None:
    """Add a line to the navigation."""
    if item not in MENU:
        MENU.append(item)


def home_add(name: str, provider: HomeProvider) -> None:
    """Let ``provider(actor, at)`` add tasks to homes. ``name`` is the room's; adding it again replaces it."""
    HOME[name] = provider


def panel_add(kind: str, name: str, provider: PanelProvider) -> None:
    """Let ``provider(actor, thing, at)`` add panels to the page of every thing of ``kind`` ("factory", "person")."""
    PANELS.setdefault(kind, {})[name] = provider


def search_add(name: str, provider: SearchProvider) -> None:
    """Let ``provider(actor, text, most)`` answer the search with at most ``most`` hits, best first."""
    SEARCH[name] = provider


def names_add(name: str, provider: NamesProvider) -> None:
    """Let ``provider(ids)`` tell how persons are called, for those ids it knows."""
    NAMES[name] = provider


def keeping_add(keeping: Keeping) -> None:
    """Say what a room keeps of a person. Raises ValueError for a second one of a room: it would hide the first."""
    if KEEPINGS.get(keeping.room, keeping) != keeping:
        raise ValueError(f"{keeping.room} has said already what it keeps; say all of it in one")
    KEEPINGS[keeping.room] = keeping


def home_tasks(actor: Any, at: datetime) -> list[Task]:
    """The tasks of a person, late and soon ones first, those without a day last."""
    tasks = [task for name in sorted(HOME) for task in HOME[name](actor, at)]
    return sorted(tasks, key=lambda task: (task.due is None, task.due or date.max, task.order, str(task.title)))


def panels_of(kind: str, actor: Any, thing: Any, at: datetime) -> list[Panel]:
    """The panels that rooms add to the page of ``thing``."""
    providers = PANELS.get(kind, {})
    panels = [panel for name in sorted(providers) for panel in providers[name](actor, thing, at)]
    return sorted(panels, key=lambda panel: (panel.order, str(panel.title)))


def search_hits(actor: Any, text: str, most: int = 10) -> list[Hit]:
    """What the search finds for this person: at most ``most`` hits of each room."""
    return [hit for name in sorted(SEARCH) for hit in islice(SEARCH[name](actor, text, most), most)]


def person_names(ids: Iterable[str]) -> dict[str, str]:
    """How persons are called; an id nobody knows (the operator, an erased person) is left out."""
    wanted = {one for one in ids if one}
    found: dict[str, str] = {}
    for name in sorted(NAMES) if wanted else ():
        found |= {one: words for one, words in NAMES[name](frozenset(wanted)).items() if one in wanted}
    return found
