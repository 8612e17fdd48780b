"""What the steps of drafting share: finding, placing and refusing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from betterwork.core.instrument import Kind, Question, Relation
from betterwork.modules.instruments.lineage import Content, Frame, NotInADraft

LONGEST_CODE = 40


def asked(content: Content, code: str) -> Question:
    """The question of this code in the draft. Raises :class:`NotInADraft`."""
    found = content.by_code.get(code)
    if found is None:
        raise NotInADraft(_("The draft does not ask %(code)s.") % {"code": code})
    return found


def plain(frame: Frame, content: Content, code: str) -> Question:
    """A question that no split or merge of this draft made: a second one on top could not be told in one link."""
    question = asked(content, code)
    if any(
        link.relation in (Relation.SPLIT, Relation.MERGED) and code in (link.predecessor, link.successor)
        for link in content.links
    ):
        raise NotInADraft(
            _("%(code)s was split or merged in this draft already. Take that back first, then do it at once.")
            % {"code": code}
        )
    return question


def new_code_check(frame: Frame, content: Content, code: str) -> None:
    """Refuse a code that cannot be one, stands in the draft, or ever was another question."""
    if (
        not (code and code.isascii() and code.isprintable() and not set(code) & set(" @/?#"))
        or len(code) > LONGEST_CODE
    ):
        raise NotInADraft(_("A code is 1 to 40 letters, digits and signs, without spaces: CHL-1-12."))
    if code in content.by_code:
        raise NotInADraft(_("%(code)s stands in the draft already.") % {"code": code})
    if code in frame.asked or code in frame.used:
        raise NotInADraft(
            _("%(code)s was another question in an earlier version. A code keeps its meaning: choose another one.")
            % {"code": code}
        )


def place_check(frame: Frame, content: Content, question: Question) -> None:
    """Refuse a point with two labels, and a new point in a country's draft of a tool for all countries."""
    place = (question.cluster_code, question.cluster, question.point)
    for one in content.questions:
        if one.point_code == question.point_code:
            if (one.cluster_code, one.cluster, one.point) != place:
                raise NotInADraft(_("Point %(point)s has another label or cluster.") % {"point": question.point_code})
            return
    if frame.national and question.kind is Kind.COMPLIANCE:
        raise NotInADraft(upper_refusal(question.point))


def upper_refusal(label: str) -> str:
    """Why a country does not change a cluster or point."""
    return _(
        "“%(label)s” is of the upper levels: clusters and compliance points are the same in all countries, so that "
        "figures can be compared. A country writes questions under them; ask the global team for a new point."
    ) % {"label": label}


def placed(question: Question, like: Question) -> Question:
    """A question under the cluster and point of another."""
    names = ("cluster_code", "cluster", "point_code", "point", "standard_kind")
    return replace(question, **{name: getattr(like, name) for name in names})


def placed_like_now(content: Content, question: Question) -> Question:
    """A question of the base with the labels that its point and cluster have in the draft now."""
    for one in content.questions:
        if one.point_code == question.point_code:
            return placed(question, one)
    for one in content.questions:
        if one.cluster_code == question.cluster_code:
            return replace(question, cluster=one.cluster)
    return question


def with_questions(content: Content, changed: Mapping[str, Question]) -> Content:
    """With these questions in the place of those of the same codes."""
    return replace(content, questions=tuple(changed.get(one.code, one) for one in content.questions))


def without_codes(content: Content, codes: set[str], *, keep: bool = False) -> Content:
    """Without these codes, their laws and marks; ``keep``: the questions were taken out already."""
    questions = content.questions if keep else tuple(one for one in content.questions if one.code not in codes)
    return replace(
        content,
        questions=questions,
        legal=frozenset(one for one in content.legal if one[0] not in codes),
        marks=tuple(one for one in content.marks if one.code not in codes),
    )


def inserted(questions: tuple[Question, ...], question: Question, after: str) -> tuple[Question, ...]:
    """Behind ``after``; else last of its point, else last of its cluster, else last."""
    for name, wanted in (
        ("code", after),
        ("point_code", question.point_code),
        ("cluster_code", question.cluster_code),
    ):
        found = [n for n, one in enumerate(questions) if getattr(one, name) == wanted]
        if found:
            return (*questions[: found[-1] + 1], question, *questions[found[-1] + 1 :])
    return (*questions, question)
