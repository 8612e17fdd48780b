"""Rules, reasons and what could not be placed, in words for people. The planner speaks in codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from betterwork.core.planning.values import Because, Broken, Cause, Rule
from betterwork.foundation.languages.formats import day, listed
from betterwork.modules.staff.presentations import language_words
from betterwork.modules.staff.rules import COMPETENCES

Names = Mapping[str, str]
"""Opaque id → how the person is called."""

RULES: dict[str, Any] = {
    Rule.PAIR: _lazy("As many advisors as the country's rule says"),
    Rule.LEAD: _lazy("One of them assesses alone already"),
    Rule.LANGUAGE: _lazy("Somebody leads interviews in each language that is needed"),
    Rule.COMPETENCE: _lazy("Somebody has each competence that is needed"),
    Rule.CONFLICT: _lazy("Nobody with a conflict of interest"),
    Rule.ROTATION: _lazy("Nobody who assessed it the last time"),
    Rule.LEAVE: _lazy("Nobody who is on leave"),
    Rule.CAPACITY: _lazy("No more visits for each than the country's rule allows"),
    Rule.WINDOW: _lazy("Within the weeks around the day it is due"),
    Rule.ONCE: _lazy("One assessment of a factory at a time"),
}
"""The hard rules."""
TO_DO: dict[str, Any] = {
    Rule.PAIR: _lazy("Give more people the role of advisor in this country."),
    Rule.LEAD: _lazy("Attest who assesses alone by now, or let somebody come from another country."),
    Rule.LANGUAGE: _lazy("Enter the languages of your advisors, or find somebody who leads interviews in it."),
    Rule.COMPETENCE: _lazy("Attest the competence of those who have it by now, or train somebody."),
    Rule.CONFLICT: _lazy("Somebody without a conflict of interest must be found: this rule is never overruled."),
    Rule.ROTATION: _lazy("Let somebody else come, or overrule the rule with a reason."),
    Rule.LEAVE: _lazy("Plan it for other days by hand."),
    Rule.CAPACITY: _lazy("Plan it for a later week by hand, or let somebody do more visits, with a reason."),
    Rule.WINDOW: _lazy("Plan it for another week by hand, with a reason."),
    Rule.ONCE: _lazy("Finish or call off the assessment that is agreed."),
}
"""What can be done where a rule leaves a factory without a visit."""


def _names(ids: Any, names: Names) -> str:
    if isinstance(ids, str):
        ids = (ids,)
    return _listed([names.get(one) or _("somebody who is gone") for one in ids])


def _listed(parts: Iterable[str]) -> str:
    return listed(parts, language=get_language() or "en")


def _competences(codes: Any) -> str:
    return _listed([str(COMPETENCES.get(one, one)) for one in _tuple(codes)])


def _languages(codes: Any) -> str:
    return _listed([language_words(one) for one in _tuple(codes)])


def _tuple(value: Any) -> Sequence[str]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _day(value: Any) -> str:
    return day(date.fromisoformat(str(value)), language=get_language() or "en")


def _weeks(detail: Mapping[str, Any]) -> str:
    """The weeks of a sentence: between the first and the last of them."""
    weeks = _tuple(detail.get("weeks"))
    if not weeks:
        return _("in the weeks of the plan")
    if len(weeks) == 1:
        return _("in the week of %(first)s") % {"first": _day(weeks[0])}
    return _("between %(first)s and %(last)s") % {"first": _day(min(weeks)), "last": _day(max(weeks))}


def reason_words(reason: Mapping[str, Any], names: Names) -> str:
    """Why a visit is proposed as it is: one reason in a sentence; "" where there is nothing to say."""
    detail = reason.get("detail", {})
    made = _REASONS.get(str(reason.get("because")))
    return made(detail, names) if made else ""


def _overdue(detail: Mapping[str, Any], names: Names) -> str:
    weeks = int(detail.get("weeks", 0))
    words = ngettext(
        "Due since %(day)s: %(weeks)d week overdue by then.",
        "Due since %(day)s: %(weeks)d weeks overdue by then.",
        weeks,
    )
    return words % {"day": _day(detail["since"]), "weeks": weeks}


def _due(detail: Mapping[str, Any], names: Names) -> str:
    if not detail.get("since"):
        return _("Never assessed here.")
    return _("Due on %(day)s.") % {"day": _day(detail["since"])}


def _speak(detail: Mapping[str, Any], names: Names) -> str:
    said = [
        _("Interviews in %(language)s: %(who)s") % {"who": _names(persons, names), "language": language_words(code)}
        for code, persons in sorted(detail.items())
    ]
    return "; ".join(said) + "." if said else ""


def _able(detail: Mapping[str, Any], names: Names) -> str:
    said = [
        _("%(competence)s: %(who)s") % {"who": _names(persons, names), "competence": _competences(code)}
        for code, persons in sorted(detail.items())
    ]
    return "; ".join(said) + "." if said else ""


def _others(detail: Mapping[str, Any], names: Names) -> str:
    if not detail.get("last"):
        return ""
    return _("Others than the last time (%(who)s).") % {"who": _names(detail["last"], names)}


def _again(detail: Mapping[str, Any], names: Names) -> str:
    return _("%(who)s comes again: nobody else could.") % {"who": _names(detail.get("advisors", ()), names)}


def _near(detail: Mapping[str, Any], names: Names) -> str:
    count = len(_tuple(detail.get("factories")))
    words = ngettext(
        "One more factory in %(place)s in the same week.",
        "%(count)d more factories in %(place)s in the same week.",
        count,
    )
    return words % {"place": str(detail.get("place", "")).title(), "count": count}


def _load(detail: Mapping[str, Any], names: Names) -> str:
    said = [
        _("%(who)s: visit %(count)s of the plan") % {"who": _names(person, names), "count": count}
        for person, count in sorted(detail.items())
    ]
    return "; ".join(said) + "." if said else ""


_REASONS = {
    Because.OVERDUE.value: _overdue,
    Because.DUE.value: _due,
    Because.LANGUAGES.value: _speak,
    Because.COMPETENCES.value: _able,
    Because.OTHERS_THAN_LAST.value: _others,
    Because.AGAIN.value: _again,
    Because.SAME_PLACE.value: _near,
    Because.LOAD.value: _load,
}


def unplaced_words(one: Mapping[str, Any], names: Names) -> str:
    """Why a factory has no visit in a plan: one sentence."""
    detail, cause = one.get("detail", {}), str(one.get("cause"))
    words = _CAUSES.get(cause)
    if words is None:
        return str(RULES.get(str(one.get("rule")), ""))
    places = {
        "who": _names(_tuple(detail.get("advisors")), names) if _tuple(detail.get("advisors")) else _("nobody"),
        "languages": _languages(detail.get("languages")),
        "competences": _competences(detail.get("competences")),
        "weeks": _weeks(detail),
        "needed": detail.get("needed", 2),
    }
    said = str(words) % places
    if detail.get("other_week"):
        said += " " + _("In the week of %(day)s it could be.") % {"day": _day(detail["other_week"])}
    return said


_CAUSES: dict[str, Any] = {
    Cause.TOO_FEW_ADVISORS.value: _lazy("There are fewer advisors than the %(needed)s that a visit takes."),
    Cause.NOBODY_INTERVIEWS.value: _lazy("Nobody leads interviews in %(languages)s."),
    Cause.NOBODY_LEFT_INTERVIEWS.value: _lazy(
        "Nobody who leads interviews in %(languages)s is free %(weeks)s. Who does: %(who)s."
    ),
    Cause.NOBODY_HAS.value: _lazy("Nobody has this competence: %(competences)s."),
    Cause.NOBODY_LEFT_HAS.value: _lazy(
        "Nobody with this competence is free %(weeks)s: %(competences)s. Who has it: %(who)s."
    ),
    Cause.NOBODY_LEADS.value: _lazy("Nobody who assesses alone is free %(weeks)s. Who does: %(who)s."),
    Cause.IN_CONFLICT.value: _lazy("Without a conflict of interest too few are left. Who has one: %(who)s."),
    Cause.BARRED.value: _lazy("Too few are left besides those who assessed it the last time: %(who)s."),
    Cause.AWAY.value: _lazy("Too many are on leave %(weeks)s: %(who)s."),
    Cause.FULL.value: _lazy("All who could go have as many visits as the country's rule allows %(weeks)s: %(who)s."),
    Cause.NO_WEEK.value: _lazy("No week of the plan lies within its weeks around the day it is due."),
}


def broken_words(one: Broken, names: Names) -> str:
    """Which rule somebody's own choice breaks, in a sentence."""
    detail = one.detail
    who = {"who": _names(one.advisors, names)}
    if one.rule == Rule.CONFLICT:
        return _("%(who)s: conflict of interest with this factory.") % who
    if one.rule == Rule.LEAVE:
        return _("%(who)s: on leave on one of these days.") % who
    if one.rule == Rule.ROTATION:
        return _("%(who)s: assessed it the last time.") % who
    if one.rule == Rule.CAPACITY:
        return _("%(who)s: more visits than the country's rule allows (%(visits)s, most %(most)s).") % {
            **who, "visits": detail.get("visits"), "most": detail.get("most"),
        }  # fmt: skip
    if one.rule == Rule.LANGUAGE:
        return _("Nobody of them leads interviews in %(language)s.") % {"language": _languages(detail.get("language"))}
    if one.rule == Rule.COMPETENCE:
        return _("Nobody of them has this competence: %(competence)s.") % {
            "competence": _competences(detail.get("competence"))
        }
    return str(_BROKEN[one.rule])


_BROKEN: dict[str, Any] = {
    Rule.PAIR: _lazy("An assessment takes as many advisors of this country as its rule says, no more and no less."),
    Rule.LEAD: _lazy("Nobody of them assesses alone already."),
    Rule.WINDOW: _lazy("These days are outside the weeks around the day on which the factory is due."),
    Rule.ONCE: _lazy("The factory has an assessment to come already."),
}


def rules_words(codes: Iterable[str]) -> list[str]:
    """Rules by their codes, in words."""
    return [str(RULES.get(code, code)) for code in codes]
