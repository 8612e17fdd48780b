"""What the countries add to shared pages: their scopes, and who may ask for an account."""

from __future__ import annotations

from betterwork.foundation.people.hooks import COUNTRIES_OPEN
from betterwork.modules.countries.queries import countries_open
from betterwork.modules.countries.scopes import scopes_declare

scopes_declare()
COUNTRIES_OPEN.append(countries_open)
