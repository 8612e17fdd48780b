"""What is missing before a draft can be put before the body: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from betterwork.core.instrument import AnswerKind, Kind, Relation, ToolVersion
from betterwork.modules.instruments.lineage import Content, Frame, lineage_total
from betterwork.modules.instruments.rules import BadTool, version_check

Laws = Mapping[str, tuple[date | None, date | None]]
"""First and last day of each reference, by its key; None where it is not known or still holds."""
NATIONAL_LAW = "national law"
"""How the shipped tool says that a country's law applies, without naming it."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something to do. ``blocks``: the draft cannot be submitted before; otherwise it is advice.

    ``step`` is the page of a question on which it is done.
    """

    words: str
    codes: tuple[str, ...] = ()
    blocks: bool = True
    step: str = "edit"


def lineage_faults(frame: Frame, content: Content) -> list[str]:
    """What the lineage leaves open: a question of the base without a fate, or one of the draft without an origin."""
    total = lineage_total(frame, content)
    now, then = set(content.by_code), set(frame.asked)
    ends, begins = {old for old, _new in total} - {""}, {new for _old, new in total} - {""}
    faults = [f"{code} has no fate" for code in sorted(then - ends)]
    faults += [f"{code} has no origin" for code in sorted(now - begins)]
    faults += [f"{code} is not of the base" for code in sorted(ends - then)]
    faults += [f"{code} is not asked" for code in sorted(begins - now)]
    for (old, new), relation in total.items():
        if (relation is Relation.ADDED) != (old == "") or (relation is Relation.WITHDRAWN) != (new == ""):
            faults.append(f"{old or new} is {relation} and cannot be")
        if relation is Relation.WITHDRAWN and old in now:
            faults.append(f"{old} is withdrawn and asked")
    return faults


def still_missing(
    frame: Frame,
    content: Content,
    version: ToolVersion,
    begins: date | None,
    laws: Laws,
    *,
    same: bool = False,
) -> list[Missing]:
    """What is to be done, what blocks first. ``laws`` are the days on which each reference holds, by its key.

    ``same``: nothing differs from the base.
    """
    found: list[Missing] = []
    try:
        version_check(version, content.links)
    except BadTool as error:
        found.append(Missing(_("The tool cannot be used as it stands: %(why)s.") % {"why": error}))
    if frame.base and same:
        found.append(Missing(_("Nothing differs from version %(base)s yet.") % {"base": frame.base.version}))
    if faults := lineage_faults(frame, content):
        found.append(Missing(_("The lineage is not whole: %(why)s.") % {"why": "; ".join(faults[:5])}))
    found += [*_reasons(frame, content), *_law(content, begins, laws)]
    if begins is None:
        found.append(Missing(_("Say from which day it is to be in force.")))
    found += _advice(content)
    return sorted(found, key=lambda one: not one.blocks)


def _reasons(frame: Frame, content: Content) -> Iterable[Missing]:
    silent = {link.successor or link.predecessor for link in content.links if not link.reason.strip()}
    codes = tuple(sorted(silent)) if frame.base else ()
    if codes:
        words = ngettext(
            "One change has no reason. The committee reads why each question changed.",
            "%(number)d changes have no reason. The committee reads why each question changed.",
            len(codes),
        )
        yield Missing(words % {"number": len(codes)}, codes, step="reason")


def _law(content: Content, begins: date | None, laws: Laws) -> Iterable[Missing]:
    asked = [one for one in content.questions if one.kind is Kind.COMPLIANCE]
    named = {code for code, _key in content.legal}
    bare = tuple(one.code for one in asked if one.code not in named and not one.legal_basis)
    if bare:
        yield Missing(_("These questions name no legal basis."), bare, step="law")
    if begins is not None:
        over = {
            code
            for code, key in content.legal
            if key in laws and not ((laws[key][0] or date.min) <= begins and (laws[key][1] or date.max) >= begins)
        }
        if over:
            words = _("These questions rest on law that does not hold on the day the version begins.")
            yield Missing(words, tuple(sorted(over)), step="law")
    vague = tuple(one.code for one in asked if one.code not in named and one.legal_basis == (NATIONAL_LAW,))
    if vague:
        words = _("These questions say only “national law”. Name the article, so that a change of the law finds them.")
        yield Missing(words, vague, blocks=False, step="law")


def _advice(content: Content) -> Iterable[Missing]:
    def told(words: Any, codes: list[str]) -> Iterable[Missing]:
        if codes:
            yield Missing(words, tuple(codes), blocks=False)

    facts = [one.code for one in content.questions if one.kind is Kind.FACT and one.answer is AnswerKind.FINDING]
    yield from told(_("These facts do not say what kind of answer is written down."), facts)
    asked = [one for one in content.questions if one.kind is Kind.COMPLIANCE]
    directions = [one.code for one in asked if not one.noncompliant_answer]
    yield from told(_("These questions do not say which answer is the finding."), directions)
