"""How pairs are shown."""

from __future__ import annotations

from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.modules.countries.queries import country_title
from betterwork.modules.duplicates.models import Pair
from betterwork.modules.duplicates.words import LIKELY, STATES, SURE, reasons_line

PAIR_FOR_STAFF = Presentation(
    "pair of records for the programme",
    model=Pair,
    audience=PROGRAMME,
    fields=(
        *("id", "country", "score", "sure", "reasons", "state", "found_at", "later_until"),
        *("decided_by", "decided_at", "reason", "kept", "left__id", "right__id"),
        *("left__name", "right__name", "left__outside_id", "right__outside_id"),
    ),
    derived={
        "country_name": Derived(("country",), lambda pair: country_title(pair.country)),
        "score_word": Derived(("sure",), lambda pair: str(SURE if pair.sure else LIKELY)),
        "why": Derived(("reasons",), lambda pair: reasons_line(pair.reasons)),
        "state_word": Derived(("state",), lambda pair: STATES[pair.state][0]),
        "state_kind": Derived(("state",), lambda pair: STATES[pair.state][1]),
    },
)
