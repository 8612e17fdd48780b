"""What a page is given: every way that we know by which a row of the database could reach a template is refused."""

from __future__ import annotations

from collections import OrderedDict, deque, namedtuple
from collections.abc import Mapping
from dataclasses import dataclass, make_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from types import MappingProxyType, SimpleNamespace
from uuid import uuid4

import pytest
from django import forms
from django.core.paginator import Paginator
from django.db.models import TextChoices
from django.forms import formset_factory, modelform_factory
from django.utils.functional import SimpleLazyObject, lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from betterwork.foundation.audiences.names import BUYER, EVERYBODY, FACTORY, PROGRAMME, PUBLIC
from betterwork.foundation.audiences.presentations import Leak, Presentation, Row
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.leaks import refuse_leaks
from betterwork.foundation.people.models import Person

pytestmark = pytest.mark.capability("A4", "P5")


class Words(TextChoices):
    ONE = "one", "One"


class Choosing(forms.Form):
    """A form with nothing of the database in it."""

    word = forms.ChoiceField(choices=[("a", "A")])
    why = forms.CharField(required=False, initial="because")


class ChoosingRows(forms.Form):
    person = forms.ModelChoiceField(queryset=Person.objects.all())


class ChoosingSeveralRows(forms.Form):
    persons = forms.ModelMultipleChoiceField(queryset=Person.objects.all())


def person() -> Person:
    return Person(public_id="p-secret", email="secret@cast.example", name="SECRET")


def row(audience: str, **values) -> Row:
    shown = Presentation.__new__(Presentation)
    shown.name, shown.audience = "made up", audience
    return Row(shown, values)


@dataclass
class Holder:
    what: object


Pair = namedtuple("Pair", "one two")
HARMLESS = [
    None,
    True,
    1,
    1.5,
    "text",
    SafeString("<b>"),
    b"bytes",
    Decimal("1.5"),
    date(2026, 1, 1),
    datetime(2026, 1, 1, tzinfo=UTC),
    uuid4(),
    range(3),
    Words.ONE,
    Words,
    gettext_lazy("words"),
    lazy(str, str)("words"),
    Actor("p-one"),
    Holder("text"),
    Pair(1, "two"),
    SimpleNamespace(a=1),
    deque([1]),
    OrderedDict(a=1),
    MappingProxyType({"a": 1}),
    {"a": 1}.items(),
    {"a": [("b", {"c": {1, 2}})]},
    Choosing(),
    Choosing({"word": "no such"}),
    Choosing()["word"],
    formset_factory(Choosing, extra=2)(),
    Paginator(["a", "b", "c"], 2).page(1),
]


@pytest.mark.parametrize("value", HARMLESS, ids=lambda value: type(value).__name__)
def test_plain_values_are_shown(value):
    refuse_leaks(value, audience=PUBLIC)


def _with(form, **attributes):
    for name, value in attributes.items():
        setattr(form, name, value)
    return form


class Callable_:
    def __call__(self):
        return person()


class Iterates:
    def __iter__(self):
        yield person()


class Indexed:
    def __getitem__(self, key):
        return person()


class Plain:
    """An object of which nothing is known."""

    def __init__(self):
        self.person = person()


class Listed(list):
    """A list with something hanging on it."""


def listed():
    found = Listed(["a"])
    found.person = person()
    return found


WAYS = {
    "the row itself": lambda: person(),
    "its class": lambda: Person,
    "a query": lambda: Person.objects.all(),
    "a query of values": lambda: Person.objects.values("name"),
    "raw SQL": lambda: Person.objects.raw("SELECT * FROM people_person"),
    "a manager": lambda: Person.objects,
    "a bound manager of a row": lambda: person().logentry_set if hasattr(Person, "logentry_set") else Person.objects,
    "a generator": lambda: (one for one in [person()]),
    "a map": lambda: map(str, [person()]),
    "an iterator over text": lambda: iter(["harmless, and read only once"]),
    "a zip": lambda: zip([1], [person()], strict=True),
    "a lazy object": lambda: SimpleLazyObject(person),
    "a lazy query": lambda: SimpleLazyObject(lambda: Person.objects.all()),
    "a lazy list": lambda: SimpleLazyObject(lambda: [person()]),
    "a lazy call": lambda: lazy(person, Person)(),
    "a lambda": lambda: lambda: person(),
    "a bound method": lambda: person().get_full_name if hasattr(Person, "get_full_name") else person().get_username,
    "a partial": lambda: partial(person),
    "an object that can be called": lambda: Callable_(),
    "an object that iterates": lambda: Iterates(),
    "an object that is indexed": lambda: Indexed(),
    "an object that is unknown": lambda: Plain(),
    "a list": lambda: [person()],
    "a set": lambda: {person()} if person().pk else [person()],
    "a deque": lambda: deque([person()]),
    "a value of a dict": lambda: {"a": person()},
    "a key of a dict": lambda: {Holder: 1, ("a", _saved()): 2},
    "the values of a dict": lambda: {"a": person()}.values(),
    "the items of a dict": lambda: {"a": person()}.items(),
    "a mapping proxy": lambda: MappingProxyType({"a": person()}),
    "a named tuple": lambda: Pair(1, person()),
    "a dataclass": lambda: Holder(person()),
    "a dataclass in a list in a dict": lambda: {"a": [Holder({"b": (person(),)})]},
    "a dataclass made at run time": lambda: make_dataclass("Made", ["who"])(person()),
    "something hung on a dataclass": lambda: _with(Holder(1), person=person()),
    "something hung on a list": listed,
    "a namespace": lambda: SimpleNamespace(a=person()),
    "a page of a query": lambda: Paginator(Person.objects.order_by("pk"), 2),
    "a page of rows": lambda: Paginator([person()], 2).page(1),
    "a paginator behind a page": lambda: _with(Paginator(["a"], 2).page(1), paginator=Paginator([person()], 2)),
    "a model form": lambda: modelform_factory(Person, fields=["name"])(instance=person()),
    "a form that chooses among rows": lambda: ChoosingRows(),
    "a form that chooses several rows": lambda: ChoosingSeveralRows(),
    "a field of such a form": lambda: ChoosingRows()["person"],
    "a form set of such forms": lambda: formset_factory(ChoosingRows, extra=1)(),
    "a form begun with a row": lambda: Choosing(initial={"why": person()}),
    "a form given a row": lambda: _with(Choosing(), person=person()),
    "a form that cleaned a row": lambda: _with(Choosing(), cleaned_data={"person": person()}),
    "a form whose choices are rows": lambda: _form_of_rows(),
    "a request": lambda: _request(),
    "a row made for others": lambda: row(FACTORY, a=1),
    "a row that carries a row of the database": lambda: row(PROGRAMME, who=person()),
    "a row that carries a row made for others": lambda: row(PROGRAMME, inner=[row(BUYER, a=1)]),
}


def _saved() -> Person:
    found = person()
    found.pk = 1
    return found


def _form_of_rows():
    form = Choosing()
    form.fields["word"].choices = [("p-secret", person())]
    return form


def _request():
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.user = person()
    return request


@pytest.mark.parametrize("way", sorted(WAYS))
def test_no_way_leads_from_a_page_to_a_row_of_the_database(way):
    value = WAYS[way]()
    with pytest.raises(Leak):
        refuse_leaks(value, audience=PROGRAMME)
    with pytest.raises(Leak):
        refuse_leaks({"listing": Holder([("deep", value)])}, audience=PROGRAMME)


def test_a_list_that_holds_itself_is_looked_at_once():
    itself: list = ["a"]
    itself.append(itself)
    refuse_leaks(itself, audience=PUBLIC)
    itself.append(person())
    with pytest.raises(Leak):
        refuse_leaks(itself, audience=PUBLIC)


class Fresh(Mapping):
    """A mapping that makes each value anew when it is asked: the last one leaks."""

    def __iter__(self):
        return iter(range(20))

    def __len__(self):
        return 20

    def __getitem__(self, key):
        return [person()] if key == 19 else ["harmless"]


def test_two_lists_made_and_forgotten_at_the_same_place_are_both_looked_at():
    """The memory of what was seen must not let a new object pass that stands where an old one stood."""
    with pytest.raises(Leak):
        refuse_leaks(Fresh(), audience=PUBLIC)


plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.dates()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.builds(Holder, inner),
        st.tuples(inner, inner),
        inner.map(lambda value: SimpleNamespace(value=value)),
        inner.map(lambda value: SimpleLazyObject(lambda: value)),
        inner.map(lambda value: row(PUBLIC, value=value)),
    ),
    max_leaves=8,
)


def _bury(value, path, treasure):
    """The same nest with the treasure at its bottom."""
    for step in path:
        value = [
            lambda inner: [1, inner],
            lambda inner: {"k": inner},
            Holder,
            lambda inner: (inner, "x"),
            lambda inner: SimpleNamespace(a=inner),
            lambda inner: SimpleLazyObject(lambda: inner),
            lambda inner: row(PUBLIC, a=inner),
            lambda inner: {"k": inner}.values(),
        ][step](treasure)
        treasure = value
    return treasure


@given(plain)
def test_any_nest_of_plain_values_is_shown(value):
    refuse_leaks(value, audience=PUBLIC)


@given(plain, st.lists(st.integers(0, 7), max_size=6), st.sampled_from(sorted(WAYS)))
def test_a_row_is_found_however_deep_it_lies(around, path, way):
    with pytest.raises(Leak):
        refuse_leaks([around, _bury(None, path, WAYS[way]())], audience=PROGRAMME)


@given(st.sampled_from(sorted(EVERYBODY)), st.sampled_from(sorted(EVERYBODY)), st.lists(st.integers(0, 7), max_size=4))
def test_rows_are_shown_to_their_own_audience_and_public_ones_to_all(page_for, made_for, path):
    value = _bury(None, path, row(made_for, a=1))
    if made_for in {page_for, PUBLIC}:
        refuse_leaks(value, audience=page_for)
    else:
        with pytest.raises(Leak, match="made for"):
            refuse_leaks(value, audience=page_for)
