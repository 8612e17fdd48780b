"""The audiences: sets of people with the same right to see, and neither above nor below each other."""

from __future__ import annotations

PUBLIC = "public"
BUYER = "buyer"
FACTORY = "factory"
COMMITTEE = "committee"
AUTHORITY = "authority"
PROGRAMME = "programme"
ASSESSING_TEAM = "assessing team"
CONCERN_CIRCLE = "circle of a concern"
"""Who raised a concern, and who answers it."""
SURVEY_CUSTODIAN = "survey custodian"
RESEARCH = "research"
OWN_PERSON = "own person"

Audiences = frozenset[str]

EVERYBODY: Audiences = frozenset(
    {
        PUBLIC,
        BUYER,
        FACTORY,
        COMMITTEE,
        AUTHORITY,
        PROGRAMME,
        ASSESSING_TEAM,
        CONCERN_CIRCLE,
        SURVEY_CUSTODIAN,
        RESEARCH,
        OWN_PERSON,
    }
)
"""Every audience: for what may be on a public page."""

NOBODY: Audiences = frozenset()
"""For what is stored and shown to no person: hashes, secrets, ciphertext."""


def audiences(*names: str) -> Audiences:
    """A set of audiences. Raises ValueError for a word that is none."""
    unknown = set(names) - EVERYBODY
    if unknown:
        raise ValueError(f"no audience is called {', '.join(sorted(unknown))}; known: {', '.join(sorted(EVERYBODY))}")
    return frozenset(names)
