"""Writing a version, as pure functions: each step that changes a draft, with its lineage. See also ``merging``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from betterwork.core.instrument import CountryMark, Known, Question, Relation
from betterwork.modules.instruments.drafting_parts import (
    asked,
    inserted,
    new_code_check,
    place_check,
    placed,
    placed_like_now,
    upper_refusal,
    with_questions,
    without_codes,
)
from betterwork.modules.instruments.lineage import STRUCTURAL, Content, Frame, NotInADraft, relinked

EDITED = (
    *("text", "guidance", "tags", "reporting_level", "noncompliant_answer", "publicly_reported", "zero_tolerance"),
    *("only_where_it_applies", "source", "answer", "unit", "choices", "least", "most", "standard_kind", "legal_basis"),
)
"""What is changed of a question in place. Its code and kind never are; its point is, by moving it."""


def question_edited(frame: Frame, content: Content, code: str, changes: Mapping[str, Any], reason: str = "") -> Content:
    """Change fields of a question in place; the lineage says reworded or moved where the meaning may have."""
    before = asked(content, code)
    if unknown := set(changes) - set(EDITED):
        raise NotInADraft(_("%(fields)s of a question does not change.") % {"fields": ", ".join(sorted(unknown))})
    if "text" in changes and not str(changes["text"]).strip():
        raise NotInADraft(_("A question needs a text. To ask it no longer, withdraw it."))
    if frame.national and "standard_kind" in changes and changes["standard_kind"] != before.standard_kind:
        raise NotInADraft(upper_refusal(before.cluster))
    after = replace(before, **changes)
    return relinked(frame, with_questions(content, {code: after}), code, reason)


def question_added(frame: Frame, content: Content, question: Question, *, after: str = "", reason: str = "") -> Content:
    """Ask something new, behind the question ``after`` or last of its point."""
    new_code_check(frame, content, question.code)
    if not (question.text.strip() and question.point.strip() and question.cluster.strip()):
        raise NotInADraft(_("A question needs a text, a cluster and a compliance point."))
    place_check(frame, content, question)
    questions = inserted(content.questions, question, after)
    link = frame.link("", question.code, Relation.ADDED, reason)
    return replace(content, questions=questions, links=(*content.links, link))


def question_withdrawn(frame: Frame, content: Content, code: str, reason: str) -> Content:
    """Ask it no longer, and say why."""
    question = asked(content, code)
    if not reason.strip():
        raise NotInADraft(_("Say why it is no longer asked: the committee will read it."))
    mine = [link for link in content.links if link.successor == code]
    links = [link for link in content.links if link.successor != code]
    for link in mine:
        if link.relation is Relation.SPLIT and sum(one.predecessor == link.predecessor for one in links) < 2:
            raise NotInADraft(
                _("%(code)s is one of two parts of %(whole)s. Put the split back together instead.")
                % {"code": code, "whole": link.predecessor}
            )
    ended = {link.predecessor for link in mine if link.relation is Relation.MERGED}
    if code in frame.asked and not any(link.relation in STRUCTURAL for link in mine):
        ended.add(code)
    links += [frame.link(one, "", Relation.WITHDRAWN, reason) for one in sorted(ended)]
    left = without_codes(content, {code})
    if frame.national and not any(one.point_code == question.point_code for one in left.questions):
        raise NotInADraft(
            _("%(point)s would be left without a question. Compliance points are the same in all countries.")
            % {"point": question.point}
        )
    return replace(left, links=tuple(links))


def question_restored(frame: Frame, content: Content, code: str) -> Content:
    """Ask a withdrawn question again, as the base asks it."""
    gone = [link for link in content.links if link.predecessor == code and link.relation is Relation.WITHDRAWN]
    if code not in frame.asked or not gone:
        raise NotInADraft(_("%(code)s was not withdrawn in this draft.") % {"code": code})
    question = placed_like_now(content, frame.asked[code])
    links = tuple(link for link in content.links if link not in gone)
    order = [one.code for one in frame.base.questions] if frame.base else []
    before = set(order[: order.index(code)])
    last = next((one.code for one in reversed(content.questions) if one.code in before), "")
    restored = replace(content, questions=inserted(content.questions, question, last), links=links)
    return relinked(frame, restored, code)


def question_moved(
    frame: Frame, content: Content, code: str, point_code: str, *, after: str = "", reason: str = ""
) -> Content:
    """Ask it under another point of the draft, or at another place of its own."""
    question = asked(content, code)
    like = next((one for one in content.questions if one.point_code == point_code and one.code != code), None)
    if like is None and point_code != question.point_code:
        raise NotInADraft(_("No question stands under point %(point)s.") % {"point": point_code})
    if after and (after == code or asked(content, after).point_code != point_code):
        raise NotInADraft(_("A question is placed behind another one of the same point."))
    others = tuple(one for one in content.questions if one.code != code)
    alone = not any(one.point_code == question.point_code for one in others)
    if frame.national and alone and point_code != question.point_code:
        raise NotInADraft(
            _("%(point)s would be left without a question. Compliance points are the same in all countries.")
            % {"point": question.point}
        )
    moved = placed(question, like) if like else question
    if after == "" and like is not None:  # first of its point
        where = next(n for n, one in enumerate(others) if one.point_code == point_code)
        questions = (*others[:where], moved, *others[where:])
    else:
        questions = inserted(others, moved, after)
    return relinked(frame, replace(content, questions=questions), code, reason)


def labels_set(frame: Frame, content: Content, *, level: str, code: str, label: str) -> Content:
    """Call a cluster or a point otherwise. ``level`` is ``cluster`` or ``point``."""
    if level not in ("cluster", "point"):
        raise NotInADraft(_("Only clusters and points have labels."))
    of = f"{level}_code"
    now = next((one for one in content.questions if getattr(one, of) == code), None)
    if now is None or not label.strip():
        raise NotInADraft(_("Say which cluster or point, and what it is called."))
    if frame.national and getattr(now, level) != label:
        raise NotInADraft(upper_refusal(getattr(now, level)))
    called: dict[str, Any] = {level: label.strip()}
    changed = {one.code: replace(one, **called) for one in content.questions if getattr(one, of) == code}
    return with_questions(content, changed)


def laws_set(content: Content, code: str, references: Iterable[str]) -> Content:
    """Say on which references of the register a question rests, in the place of those it rested on."""
    asked(content, code)
    others = {one for one in content.legal if one[0] != code}
    return replace(content, legal=frozenset(others | {(code, key) for key in references}))


def mark_set(content: Content, mark: CountryMark) -> Content:
    """Say how a country marks a question; as the tool says where both are not known."""
    asked(content, mark.code)
    others = [one for one in content.marks if (one.code, one.country) != (mark.code, mark.country)]
    says = mark.publicly_reported is not Known.UNKNOWN or mark.zero_tolerance is not Known.UNKNOWN
    found = sorted([*others, *([mark] if says else [])], key=lambda one: (one.code, one.country))
    return replace(content, marks=tuple(found))


def reasons_set(content: Content, code: str, reason: str) -> Content:
    """Say why what became of a question became of it: the reason of each link that names it."""
    if not any(code in (link.predecessor, link.successor) for link in content.links):
        raise NotInADraft(_("%(code)s is the same as before: there is nothing to give a reason for.") % {"code": code})
    links = tuple(
        replace(link, reason=reason.strip()) if code in (link.predecessor, link.successor) else link
        for link in content.links
    )
    return replace(content, links=links)
