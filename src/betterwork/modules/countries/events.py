"""What happens to country programmes and may matter to higher rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

STATE_CHANGED = "countries.state.changed"
SETTING_CHANGED = "countries.setting.changed"
EVERY_COUNTRY = "world"
"""What stands for the country where a rule is for all of them."""


@dataclass(frozen=True, slots=True)
class StateChanged:
    """A state of a programme was entered or withdrawn; look at the programme to learn how it stands."""

    country: str
    state: str
    first: date


@dataclass(frozen=True, slots=True)
class SettingChanged:
    """A value of a setting was entered for days from ``first`` on, for a country or for every country."""

    country: str
    name: str
    first: date
