"""Judging what was given: which planted words stand where they may not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models

from betterwork.foundation.audiences.names import NOBODY, OWN_PERSON
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors.audience_table import IS_SHE, audiences_for
from tests.trust.canaries import Origin
from tests.trust.crawl import Given
from tests.trust.owners import Sight, rows_by_key
from tests.trust.world import World


@dataclass(frozen=True, slots=True)
class Leak:
    """A planted word that stands where it may not."""

    what: str
    place: str
    to: str
    why: str

    def __str__(self) -> str:
        return f"{self.what} stands in {self.place} for {self.to}: {self.why}"


class Judge:
    """Knows where every planted word may stand."""

    def __init__(self, world: World) -> None:
        self.world, self.canaries = world, world.canaries
        self.rows = rows_by_key(one for found in world.canaries.origins.values() for one in found)
        ids = list(get_user_model().objects.values_list("public_id", flat=True))
        said = " ".join(person_names(ids).values())
        self.names_said = self.canaries.found_in([said])
        self._may: dict[tuple[str, str], str] = {}

    def leaks(self, given: Iterable[Given]) -> list[Leak]:
        """What stands in pages and the like and may not be there."""
        found = []
        for one in given:
            for word in self.canaries.found_in(one.texts()) - self.canaries.found_in([one.typed]):
                why = self.refusal(word, one.to)
                if why and not self._is_hers(word, one.holder):
                    found.append(Leak(self.name_of(word), one.place, one.to, why))
        return found

    def leaks_of_herself(self, given: Iterable[Given]) -> list[Leak]:
        """What is handed to a person who asks what is kept of her, and may not be.

        It is hers by right, whoever else may see it: every field of rows about her, but those that are for nobody.
        """
        found = []
        for one in given:
            me = self.world.sight(one.to).actor.id
            for word in self.canaries.found_in(one.texts()):
                origins = self.canaries.origins.get(word, [])
                if any(me in origin.persons and origin.audiences != NOBODY for origin in origins):
                    continue
                if why := self.refusal(word, one.to):
                    found.append(Leak(self.name_of(word), one.place, one.to, why))
        return found

    def refusal(self, word: str, to: str) -> str:
        """Why a word may not be shown to a person; empty where it may."""
        if (word, to) not in self._may:
            self._may[word, to] = self._refusal(word, self.world.sight(to))
        return self._may[word, to]

    def _refusal(self, word: str, sight: Sight) -> str:
        if word in self.canaries.loose:
            _what, allowed, persons = self.canaries.loose[word]
            own = sight.actor.id in persons and (not allowed or OWN_PERSON in allowed)
            return "" if own or allowed & self._anywhere(sight) else f"it is for {_list(allowed or persons)}"
        origins = self.canaries.origins[word]
        fitting = [one for one in origins if sight.audience_fits(one, self._row(one))]
        if not fitting:
            return f"it is for {_list(origins[0].audiences)}"
        if word in self.names_said or any(sight.reaches(one, self._row(one)) for one in fitting):
            return ""
        return "no policy lets her reach this row"

    def _is_hers(self, word: str, holder: str) -> bool:
        """Whether a word is for the person whose link was followed."""
        origins = self.canaries.origins.get(word, []) if holder else []
        return any(OWN_PERSON in one.audiences and holder in one.persons for one in origins)

    def _anywhere(self, sight: Sight) -> frozenset[str]:
        """Her audiences; what she assesses and what she is counts for what lies in no column."""
        from betterwork.foundation.doors.audience_table import ASSESSES

        team = [ASSESSES] if sight.actor.id in self.world.things.get("team", ()) else []
        return audiences_for(sight.actor, *team)

    def leaks_in_mail(self, given: Given, addresses: list[str]) -> list[Leak]:
        """What a mail says that one of its recipients may not see, or that is for nobody at all."""
        found = []
        for word in self.canaries.found_in(given.texts()):
            for address in addresses:
                why = self.refusal_to_address(word, address)
                if why:
                    found.append(Leak(self.name_of(word), given.place, address, why))
        return found

    def refusal_to_address(self, word: str, address: str) -> str:
        """The same for whom a mail goes to; one who was invited is nobody yet but herself."""
        person = _person_of(address)
        sight = self.world.sight_of(person)
        if word in self.canaries.loose:
            _what, allowed, _persons = self.canaries.loose[word]
            return self._refusal(word, sight) if allowed else "what lies in the vault is not mailed, to nobody"
        for one in self.canaries.origins[word]:
            facts = [IS_SHE] if person and person.public_id in one.persons else []
            if one.audiences & audiences_for(sight.actor, *facts):
                return ""
        return f"it is for {_list(self.canaries.origins[word][0].audiences)}"

    def leaks_in_logs(self, text: str) -> list[Leak]:
        """What stands in the logs: no planted word at all, and no secret."""
        words = self.canaries.found_in([text])
        named = [one for one in words if not self._is_only_a_key(one)]
        return [Leak(self.name_of(one), _line_with(one, text), "the operator", "logs name nobody") for one in named]

    def leaks_in_file(self, given: Given) -> list[Leak]:
        """What stands in a file on the disk: nothing but the content of a stored file in the file itself."""
        found = []
        for word in self.canaries.found_in(given.texts()):
            given_so = word in self.canaries.filed or (word in self.canaries.loose and self.canaries.loose[word][1])
            own = given_so and given.place.startswith(("the file files/", "the file uploads/"))
            if not own and not (word in self.canaries.origins and self._is_only_a_key(word)):
                found.append(Leak(self.name_of(word), given.place, "whoever reads the disk", "it lies in no database"))
        return found

    def name_of(self, word: str) -> str:
        """Model and field of a word, for the message."""
        if word in self.canaries.loose:
            return self.canaries.loose[word][0]
        one = self.canaries.origins[word][0]
        return f"{one.model._meta.label}.{one.field}"

    def _is_only_a_key(self, word: str) -> bool:
        origins = self.canaries.origins.get(word, [])
        return bool(origins) and any(one.key and one.audiences != NOBODY for one in origins)

    def _row(self, origin: Origin) -> models.Model | None:
        return self.rows.get((origin.model, origin.pk))


def told(leaks: Iterable[Leak]) -> str:
    """The leaks as lines for a person who must mend them, alike ones once with the places counted."""
    count = Counter((one.what, one.place.partition(" (")[2] or one.place, one.to, one.why) for one in leaks)
    first: dict[Any, Leak] = {}
    for one in leaks:
        first.setdefault((one.what, one.place.partition(" (")[2] or one.place, one.to, one.why), one)
    return "\n".join(f"{first[key]}" + (f" (and {n - 1} more)" if n > 1 else "") for key, n in count.items())


def _person_of(address: str) -> Any:
    from allauth.account.models import EmailAddress

    person = get_user_model().objects.filter(email__iexact=address).first()
    other = EmailAddress.objects.filter(email__iexact=address).select_related("user").first()
    return person or (other.user if other else None)


def _line_with(word: str, text: str) -> str:
    line = next((one for one in text.splitlines() if word in one), "")
    return f"the log line {line[:300]}"


def _list(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nobody"
