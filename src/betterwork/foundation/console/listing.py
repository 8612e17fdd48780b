"""Lists: search, filters, sorting, paging and export from one declaration."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.timezone import is_aware

from betterwork.foundation.audiences.presentations import Presentation, Row
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.pages import actor_of_request, refuse_leaks

PER_PAGE = 50
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the row's field, its heading, and by which database fields it sorts (none: it does not)."""

    name: str
    title: Any
    sort: tuple[str, ...] = ()
    number: bool = False
    """Whether it is set as a number, at the end of the cell."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter: one of a few values, each with its words."""

    name: str
    title: Any
    options: tuple[tuple[str, Any], ...]
    narrows: Callable[[QuerySet[Any], str], QuerySet[Any]]
    offered: Callable[[Actor], Collection[str] | None] | None = None
    """Which of the options whoever asks is offered, such as her countries; None for all."""


@dataclass(frozen=True, slots=True)
class ShownChoice:
    """A filter as the page shows it: each option with whether it is the one in use."""

    name: str
    title: Any
    options: tuple[tuple[str, Any, bool], ...]


@dataclass(frozen=True, slots=True)
class PageCount:
    """How many things and pages there are."""

    count: int
    num_pages: int


@dataclass(frozen=True, slots=True)
class PageOf:
    """Which part of the list is shown, in the words that ``<c-pager>`` knows from Django's page, without its rows."""

    number: int
    start_index: int
    end_index: int
    paginator: PageCount

    @property
    def has_previous(self) -> bool:
        """Whether there is a page before."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after."""
        return self.number < self.paginator.num_pages

    @property
    def has_other_pages(self) -> bool:
        """Whether this is not all."""
        return self.paginator.num_pages > 1

    @property
    def previous_page_number(self) -> int:
        """The page before."""
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        """The page after."""
        return self.number + 1


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of a list: plain values and rows of one audience, for ``<c-records :listing="listing">``."""

    columns: list[dict[str, Any]]
    order: str
    rows: list[Row]
    page: PageOf
    text: str
    searchable: bool
    choices: list[ShownChoice]
    narrowed: bool
    export_url: str
    along: tuple[tuple[str, str], ...] = ()
    """Names and values of the address that go along with filters: of which country the list is."""

    @property
    def total(self) -> int:
        """How many things the filters leave."""
        return self.page.paginator.count


class Listing:
    """What a list can do. Make one per page, at import; ask it per request.

    ``search`` turns the words typed into a filter. ``order`` is the order when nothing was clicked, ending in
    something unique so that paging loses nothing.
    """

    def __init__(
        self,
        presentation: Presentation,
        columns: tuple[Column, ...],
        *,
        order: tuple[str, ...],
        search: Callable[[str], Q] | None = None,
        choices: tuple[Choice, ...] = (),
        related: tuple[str, ...] = (),
        per_page: int = PER_PAGE,
    ) -> None:
        self.presentation, self.columns, self.order = presentation, columns, order
        self.search, self.choices, self.related, self.per_page = search, choices, related, per_page

    def shown(
        self, request: HttpRequest, rows: QuerySet[Any], counted: Callable[[Mapping[str, str]], int] | None = None
    ) -> Shown:
        """One page of ``rows``, as asked for in the address. Two queries, whatever their number.

        ``counted`` tells how many there are for the choices made, where the page has counted them already: then one
        query, but for a search.
        """
        asked = request.GET
        text = words_asked(asked)
        narrowed, chosen = self._narrowed(rows, asked, text)
        name, order = self._order(asked.get("order", ""))
        paginator = Paginator(narrowed.order_by(*order).select_related(*self.related), self.per_page)
        if counted is not None and not text:
            paginator.count = counted(chosen)
        page = paginator.get_page(asked.get("page"))
        kept = {key: value for key, value in {**chosen, "q": text, "order": name}.items() if value}
        return Shown(
            columns=[
                {"title": one.title, "sort": one.name if one.sort else "", "numeric": one.number}
                for one in self.columns
            ],
            order=name,
            rows=self.presentation.rows(page.object_list),
            page=PageOf(
                page.number, page.start_index(), page.end_index(), PageCount(paginator.count, paginator.num_pages)
            ),
            text=text,
            searchable=self.search is not None,
            choices=[
                ShownChoice(
                    one.name,
                    one.title,
                    tuple((key, word, key == chosen.get(one.name)) for key, word in _offered(one, request)),
                )
                for one in self.choices
            ],
            narrowed=bool(text or chosen),
            export_url="?" + urlencode({**kept, "format": "csv"}),
        )

    def export(self, request: HttpRequest, rows: QuerySet[Any], name: str) -> StreamingHttpResponse:
        """All of ``rows`` that the filters leave, as CSV, in bounded memory. Cells never become formulas."""
        narrowed, _ = self._narrowed(rows, request.GET, words_asked(request.GET))
        order = self._order(request.GET.get("order", ""))[1]
        found = narrowed.order_by(*order).select_related(*self.related).iterator(chunk_size=1000)
        audience = request.door.audience  # type: ignore[attr-defined]
        response = StreamingHttpResponse(self._lines(found, audience), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return response

    def _lines(self, things: Iterator[Any], audience: str) -> Iterator[str]:
        yield "\ufeff" + _csv_line([str(one.title) for one in self.columns])
        for thing in things:
            row = self.presentation.row(thing)
            refuse_leaks(row, audience=audience, where="the export")
            yield _csv_line([_cell(getattr(row, one.name)) for one in self.columns])

    def _narrowed(
        self, rows: QuerySet[Any], asked: Mapping[str, str], text: str
    ) -> tuple[QuerySet[Any], dict[str, str]]:
        if text and self.search:
            rows = rows.filter(self.search(text))
        chosen = {}
        for one in self.choices:
            value = asked.get(one.name, "")
            if value in {key for key, _ in one.options if key}:
                rows, chosen[one.name] = one.narrows(rows, value), value
        return rows, chosen

    def _order(self, asked: str) -> tuple[str, tuple[str, ...]]:
        name, down = asked.removeprefix("-"), asked.startswith("-")
        column = next((one for one in self.columns if one.name == name and one.sort), None)
        if column is None:
            return "", self.order
        return asked, (*(f"-{one}" if down else one for one in column.sort), *self.order)


def _offered(choice: Choice, request: HttpRequest) -> Iterable[tuple[str, Any]]:
    """The options of a filter that whoever asks is offered."""
    own = choice.offered(actor_of_request(request)) if choice.offered else None
    return choice.options if own is None else [option for option in choice.options if option[0] in own]


def words_asked(asked: Mapping[str, str]) -> str:
    """The words of a search in an address, cut; without NUL, which PostgreSQL refuses with an error."""
    return asked.get("q", "").replace("\x00", "").strip()[:100]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat(timespec="seconds") if hasattr(value, "hour") and is_aware(value) else value)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_BEGINS) and not isinstance(value, int | float) else text


def _csv_line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
