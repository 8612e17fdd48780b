"""The tool that makes catalogues, and the catalogues themselves."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.utils.translation import gettext, ngettext, override

from betterwork.foundation.languages.catalogue.checking import entry_faults, faults_of, faults_of_all
from betterwork.foundation.languages.catalogue.coverage import BEGIN, END, page_with_coverage
from betterwork.foundation.languages.catalogue.extracting import KEYWORDS, Texts, texts_of_file, texts_of_folder
from betterwork.foundation.languages.catalogue.files import (
    OurCatalog,
    catalogue_bytes,
    catalogue_read,
    compile_all,
    compiled_bytes,
    entries,
    is_translated,
    merged,
    needs_review,
    po_path,
)
from betterwork.foundation.languages.catalogue.must import MUST
from betterwork.foundation.languages.known import KNOWN, LOCALE_PATH, NEEDS_REVIEW, TRANSLATED

pytestmark = pytest.mark.capability("P3")
ROOT = Path(__file__).parents[5]

TEMPLATE = """{% load i18n %}<c-sheet title="{% translate 'Notices' %}" :rows="rows">
{# Translators: on the button #}
<p>{% blocktranslate trimmed with name=who.name %}
  Hello {{ name }},
  100% yours
{% endblocktranslate %}</p>
{% blocktranslate count number=rows|length %}{{ number }} file{% plural %}{{ number }} files{% endblocktranslate %}
<c-button>{% translate "May" context "month" %}</c-button>{{ _("Late")|upper }}
{% comment %}{% translate "never said" %}{% endcomment %}
it's "quoted' (and not Python {% if x %}</c-sheet>
"""
MODULE = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
A = _("Sign in")
B = ngettext("%(n)s day", "%(n)s days", 3)
C = pgettext_lazy("verb", "Open")
D = _("one "
      "sentence")
E = _(A)
"""


def folder_with(tmp_path: Path, **files: str) -> Path:
    for name, text in {"templates/x.html": TEMPLATE, "x.py": MODULE, "tests/test_x.py": '_("a test")', **files}.items():
        path = tmp_path / "room" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "room"


def found(texts: Texts) -> set[tuple[str | None, tuple[str, ...]]]:
    return {(text.context, text.forms) for text in texts.values()}


def test_texts_are_found_in_templates_components_and_python(tmp_path: Path) -> None:
    assert found(texts_of_folder(folder_with(tmp_path), tmp_path)) == {
        (None, ("Notices",)),
        (None, ("Hello %(name)s, 100%% yours",)),
        (None, ("%(number)s file", "%(number)s files")),
        ("month", ("May",)),
        (None, ("Late",)),
        (None, ("Sign in",)),
        (None, ("%(n)s day", "%(n)s days")),
        ("verb", ("Open",)),
        (None, ("one sentence",)),
    }


def test_no_other_name_of_gettext_hides_texts_from_the_catalogues() -> None:
    called = re.compile(r"\bn?p?gettext(?:_lazy|_noop)? as (\w+)")
    names = {
        name
        for path in sorted((ROOT / "src").rglob("*.py"))
        if "tests" not in path.parts
        for name in called.findall(path.read_text(encoding="utf-8"))
    }
    assert names and names <= set(KEYWORDS), "extracting.py knows no such name: its texts are never translated"


def test_a_block_that_cannot_be_translated_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_text("{% blocktranslate %}{% if x %}{% endif %}{% endblocktranslate %}", encoding="utf-8")
    with pytest.raises(SyntaxError):
        list(texts_of_file(path))


def a_catalogue(language: str = "fr") -> OurCatalog:
    catalogue = OurCatalog(language)
    catalogue.add("Sign in", "Se connecter", user_comments=[NEEDS_REVIEW])
    catalogue.add("Gone", "Parti")
    return catalogue


def test_merging_keeps_translations_and_what_is_no_longer_said(tmp_path: Path) -> None:
    texts = texts_of_folder(folder_with(tmp_path), tmp_path)
    new = merged(a_catalogue(), texts)
    assert new["Sign in"].string == "Se connecter"
    assert needs_review(new["Sign in"])
    assert "Gone" not in new
    assert [one.string for one in new.obsolete.values()] == ["Parti"]
    path = po_path("fr", tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(catalogue_bytes(new))
    again = merged(catalogue_read("fr", tmp_path), texts)
    assert catalogue_bytes(again) == path.read_bytes(), "extracting twice changes nothing"
    back = texts_of_folder(folder_with(tmp_path, **{"y.py": '_("Gone")'}), tmp_path)
    assert merged(catalogue_read("fr", tmp_path), back)["Gone"].string == "Parti"


def test_the_same_catalogue_gives_the_same_bytes() -> None:
    assert compiled_bytes(a_catalogue()) == compiled_bytes(a_catalogue())
    for language in TRANSLATED:
        assert b"Generated-By" not in catalogue_bytes(catalogue_read(language))


def test_half_a_plural_is_not_compiled() -> None:
    catalogue = OurCatalog("fr")
    catalogue.add(("%(n)s day", "%(n)s days"), ("%(n)s jour", ""))
    catalogue.add("Sign in", "Se connecter")
    assert b"jour" not in compiled_bytes(catalogue)
    assert b"Se connecter" in compiled_bytes(catalogue)


@pytest.mark.parametrize(
    ("language", "entry", "why"),
    [
        ("fr", Message("Hello %(name)s", "Bonjour"), "lacks %(name)s"),
        ("fr", Message("Hello", "Bonjour %(name)s"), "has %(name)s"),
        ("fr", Message("100%% sure", "sûr"), "lacks %%"),
        ("fr", Message("<b>Now</b>", "Maintenant"), "other tags"),
        ("fr", Message("\nNow", "Maintenant"), "new line"),
        ("fr", Message(("%(n)s day", "%(n)s days"), ("%(n)s jour", "")), "1 plural forms"),
        ("fr", Message(("%(n)s day", "%(n)s days"), ("un jour", "%(n)s jours")), "lacks %(n)s"),
        ("ar", Message(("%(n)s day", "%(n)s days"), ("%(n)s",) * 5), "6 are needed"),
        ("ar", Message(("%(n)s day", "%(n)s days"), ("0", "يوم", "يومان", "أيام", "%(n)s", "%(n)s")), "lacks %(n)s"),
    ],
)
def test_what_is_wrong_with_an_entry_is_said(language: str, entry: Message, why: str) -> None:
    assert any(why in fault for fault in entry_faults(entry, language))


@pytest.mark.parametrize(
    ("language", "entry"),
    [
        ("fr", Message("Hello %(name)s", "Bonjour %(name)s")),
        ("fr", Message("Hello %(name)s", "")),
        # One day and two days are words of their own: the number need not be said.
        ("ar", Message(("%(n)s day", "%(n)s days"), ("لا أيام", "يوم", "يومان", "%(n)s", "%(n)s", "%(n)s"))),
        ("vi", Message(("%(n)s day", "%(n)s days"), ("%(n)s ngày",))),
        ("en", Message(("one day", "%(n)s days"), ("one day", "%(n)s days"))),
    ],
)
def test_what_is_right_is_left_alone(language: str, entry: Message) -> None:
    assert list(entry_faults(entry, language)) == []


def test_a_missing_word_an_old_file_and_a_wrong_header_are_found(tmp_path: Path) -> None:
    path = po_path("fr", tmp_path)
    assert "no catalogue" in next(faults_of("fr", tmp_path))
    path.parent.mkdir(parents=True)
    catalogue = a_catalogue()
    catalogue.add("Sign out", "")
    path.write_bytes(catalogue_bytes(catalogue))
    said = list(faults_of("fr", tmp_path, must=("Sign in", "Sign out", "said nowhere")))
    assert [fault.partition(": ")[2] for fault in said] == [
        "django.mo is not what django.po compiles to: run scripts/messages compile",
        "'Sign out' must be translated",
    ]
    path.write_bytes(path.read_bytes().replace(b"nplurals=2; plural=(n > 1);", b"nplurals=2; plural=(n != 1);"))
    assert "the header must say" in next(faults_of("fr", tmp_path, must=()))


# What stands in the repository.


def test_the_catalogues_are_in_order() -> None:
    assert faults_of_all() == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_entry_says_that_no_native_speaker_has_read_it(language: str) -> None:
    """Until one has: then this test is told, entry by entry, by the field ``reviewed`` of the language."""
    catalogue = catalogue_read(language)
    assert NEEDS_REVIEW.encode() in po_path(language).read_bytes().partition(b"\n\n")[0]
    translated = [one for one in entries(catalogue) if is_translated(one)]
    assert translated
    assert KNOWN[language].reviewed or all(needs_review(one) for one in translated)


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_words_one_cannot_do_without_are_said_in_the_language(language: str) -> None:
    same = []
    with override(language):
        for word in MUST:
            if gettext(word) == word:
                same.append(word)
    assert len(same) <= 3, f"{language} says these as English does: {same}"


def test_arabic_counts_in_six_forms() -> None:
    with override("ar"):
        said = {ngettext("%(points)s pt", "%(points)s pts", number) for number in (0, 1, 2, 3, 11, 100)}
    assert all("%(points)s" in one for one in said)
    assert len(said) >= 3


def test_no_catalogue_is_ignored_for_being_unsure() -> None:
    """gettext leaves out what is marked fuzzy; the mark of these is a comment, which it reads over."""
    for language in TRANSLATED:
        assert "#, fuzzy" not in po_path(language).read_text(encoding="utf-8")


def test_compiling_again_changes_no_byte(tmp_path: Path) -> None:
    for language in TRANSLATED:
        path = po_path(language, tmp_path)
        path.parent.mkdir(parents=True)
        path.write_bytes(po_path(language).read_bytes())
    compile_all(tmp_path)
    for language in TRANSLATED:
        compiled = po_path(language).with_suffix(".mo").read_bytes()
        assert po_path(language, tmp_path).with_suffix(".mo").read_bytes() == compiled


def test_the_page_of_coverage_is_current() -> None:
    page = ROOT / "docs" / "reference" / "languages.md"
    assert page_with_coverage(page.read_text(encoding="utf-8")) == page.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="no place for the table"):
        page_with_coverage("nothing")
    assert "Kreyòl" in page_with_coverage(f"{BEGIN}{END}", LOCALE_PATH)


def test_the_script_says_what_it_can_do() -> None:
    script = [sys.executable, str(ROOT / "scripts" / "messages")]
    asked = subprocess.run(script, capture_output=True, text=True)
    assert asked.returncode == 2
    assert "extract" in asked.stdout
    checked = subprocess.run([*script, "check"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
