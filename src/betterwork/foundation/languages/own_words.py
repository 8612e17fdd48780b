"""Words of dates that Babel's data has not: it writes Haitian Creole in French and knows Sesotho as it is spelled
in South Africa, without lists or relative times. These need review by a native speaker, as the catalogues do.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The months from January, the days from Monday, and the word between the last two of a list."""

    months: tuple[str, ...]
    days: tuple[str, ...]
    and_: str


OWN_WORDS: dict[str, OwnWords] = {
    "ht": OwnWords(
        months=(
            *("janvye", "fevriye", "mas", "avril", "me", "jen"),
            *("jiyè", "out", "septanm", "oktòb", "novanm", "desanm"),
        ),
        days=("lendi", "madi", "mèkredi", "jedi", "vandredi", "samdi", "dimanch"),
        and_="ak",
    ),
    "st": OwnWords(
        months=(
            *("Pherekhong", "Hlakola", "Hlakubele", "’Mesa", "Motšeanong", "Phupjane"),
            *("Phupu", "Phato", "Loetse", "Mphalane", "Pulungoana", "Tšitoe"),
        ),
        days=("Mantaha", "Labobeli", "Laboraro", "Labone", "Labohlano", "Moqebelo", "Sontaha"),
        and_="le",
    ),
}
