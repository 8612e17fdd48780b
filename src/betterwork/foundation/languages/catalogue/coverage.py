"""How much of the program each language has, as the page docs/reference/languages.md tells it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from betterwork.core.wording import per_cent
from betterwork.foundation.languages.catalogue.files import catalogue_read, entries, is_translated, needs_review
from betterwork.foundation.languages.catalogue.must import MUST
from betterwork.foundation.languages.known import KNOWN, LOCALE_PATH, TRANSLATED

BEGIN, END = "<!-- coverage: written by scripts/messages coverage -->", "<!-- end of coverage -->"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of one catalogue: its texts, those translated, those of them not read by a native speaker."""

    language: str
    texts: int
    translated: int
    unread: int
    must: int


def coverage_of(language: str, locale: Path = LOCALE_PATH) -> Coverage:
    """Count one catalogue."""
    all_of_it = list(entries(catalogue_read(language, locale)))
    have = [one for one in all_of_it if is_translated(one)]
    said = {one.id if isinstance(one.id, str) else one.id[0] for one in have}
    return Coverage(
        language=language,
        texts=len(all_of_it),
        translated=len(have),
        unread=sum(needs_review(one) for one in have),
        must=sum(word in said for word in MUST),
    )


def coverage_table(locale: Path = LOCALE_PATH) -> str:
    """The table in Markdown."""
    lines = [
        "| language | own name | direction | texts | translated | not read by a native speaker |",
        "|---|---|---|---|---|---|",
    ]
    for language in TRANSLATED:
        one, known = coverage_of(language, locale), KNOWN[language]
        share = per_cent(one.translated / one.texts) if one.texts else "–"
        lines.append(
            f"| {known.name} (`{language}`) | {known.own_name} | {known.direction} | {one.texts} "
            f"| {one.translated} ({share}) | {one.unread} |"
        )
    return "\n".join(lines)


def page_with_coverage(page: str, locale: Path = LOCALE_PATH) -> str:
    """The page with its table made anew between the two marks. Raises ValueError where it has no marks."""
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no place for the table: write {BEGIN} and {END} in it")
    return f"{before}{BEGIN}\n\n{coverage_table(locale)}\n\n{END}{after}"
