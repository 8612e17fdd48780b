"""The languages of the platform. Imports nothing that needs settings, because the settings import it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LOCALE_PATH = Path(__file__).parent / "locale"
"""Where the catalogues lie: ``LOCALE_PATHS = [LOCALE_PATH]``."""

NEEDS_REVIEW = "needs review by a native speaker"
"""The words by which a catalogue, and each entry of it, says that no native speaker has read it."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language people can choose.

    ``own_name`` is how its speakers write it, ``country`` the country programme it is read in, unless one says
    another. ``plurals`` is the number of plural forms and the rule that chooses one, as gettext writes it.
    ``instead`` are the languages tried, in order, where content has no translation, before its own language.
    """

    code: str
    name: str
    own_name: str
    country: str
    plurals: tuple[int, str] = (2, "(n != 1)")
    right_to_left: bool = False
    reviewed: bool = False
    instead: tuple[str, ...] = ()

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``, as the attribute ``dir`` of a page wants it."""
        return "rtl" if self.right_to_left else "ltr"


ONE_FORM = (1, "0")
ARABIC_FORMS = (
    6,
    "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5)",
)

KNOWN: dict[str, Language] = {
    one.code: one
    for one in (
        Language("en", "English", "English", "", reviewed=True),
        Language("fr", "French", "Français", "HT", (2, "(n > 1)")),
        Language("es", "Spanish", "Español", "NI"),
        Language("vi", "Vietnamese", "Tiếng Việt", "VN", ONE_FORM),
        Language("km", "Khmer", "ខ្មែរ", "KH", ONE_FORM),
        Language("id", "Indonesian", "Bahasa Indonesia", "ID", ONE_FORM),
        Language("ar", "Arabic", "العربية", "JO", ARABIC_FORMS, right_to_left=True),
        Language("bn", "Bangla", "বাংলা", "BD"),
        Language("ht", "Haitian Creole", "Kreyòl ayisyen", "HT", (2, "(n > 1)"), instead=("fr",)),
        Language("st", "Sesotho", "Sesotho", "LS"),
    )
}

LANGUAGES: list[tuple[str, str]] = [(one.code, one.own_name) for one in KNOWN.values()]
"""For the setting of that name: what a person can choose, in the languages' own words."""

SOURCE_LANGUAGE = "en"
"""The language in which the program's texts are written."""

TRANSLATED: tuple[str, ...] = tuple(code for code in KNOWN if code != SOURCE_LANGUAGE)
"""The languages that have a catalogue."""


def language_of(code: str | None) -> Language:
    """The language of a code as browsers and Django write it (``fr``, ``fr-HT``); English for one not known."""
    return KNOWN.get((code or SOURCE_LANGUAGE).replace("_", "-").partition("-")[0].lower(), KNOWN[SOURCE_LANGUAGE])


def content_chain(language: str) -> tuple[str, ...]:
    """The languages in which content is looked for, best first. The content's own language comes after all of them."""
    known = language_of(language)
    return (known.code, *known.instead)


def languages_register() -> None:
    """Tell Django of Haitian Creole and Sesotho, which it does not know, and of own names it writes otherwise."""
    from django.conf.locale import LANG_INFO

    for one in KNOWN.values():
        LANG_INFO[one.code] = {
            "bidi": one.right_to_left,
            "code": one.code,
            "name": one.name,
            "name_local": one.own_name,
        }
