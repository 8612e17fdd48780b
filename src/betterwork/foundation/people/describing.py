"""How entries name and describe a person, and what is taken for an address, a name and a language."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.languages.known import KNOWN
from betterwork.foundation.ledger.personal import personal, subject_of
from betterwork.foundation.people import rules
from betterwork.foundation.people.models import Person


def person_state(person: Person) -> dict[str, Any]:
    """What an entry of the ledger keeps of a person: who she is under her own key, the rest open."""
    return {
        "state": person.state,
        "name": personal(person.public_id, person.name),
        "email": personal(person.public_id, person.email),
        "language": person.language,
    }


def person_subject(person: Person) -> str:
    """How an entry names a person."""
    return subject_of(person.public_id)


def email_checked(email: str) -> str:
    """An address as it is stored. Raises WrongUse for one that is none."""
    address = rules.email_cleaned(email)
    try:
        validate_email(address)
    except ValidationError as error:
        raise WrongUse(_("this is no e-mail address: write it like name@organisation.example")) from error
    return address


def name_checked(name: str) -> str:
    """A name as it is stored. Raises WrongUse for one that is none."""
    try:
        return rules.name_cleaned(name)
    except ValueError as error:
        raise WrongUse(_("a name has 1 to 150 characters and no links in it")) from error


def language_checked(language: str) -> str:
    """The code of a language, or nothing. Raises WrongUse for one not known."""
    if language and language not in KNOWN:
        known = ", ".join(KNOWN)
        raise WrongUse(_("no language is called {code}; known: {known}").format(code=language, known=known))
    return language
