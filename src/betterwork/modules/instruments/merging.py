"""Splitting a question, merging several, and taking either back: pure steps of drafting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from betterwork.core.instrument import Relation
from betterwork.modules.instruments.drafting_parts import new_code_check, placed, placed_like_now, plain, without_codes
from betterwork.modules.instruments.lineage import Content, Frame, NotInADraft, relinked


def question_split(frame: Frame, content: Content, code: str, parts: Sequence[tuple[str, str]], reason: str) -> Content:
    """Ask one question as several: (code, text) of each. One of them may keep the code."""
    whole = plain(frame, content, code)
    codes = [one for one, _text in parts]
    if len(parts) < 2 or len(set(codes)) < len(codes):
        raise NotInADraft(_("A question is split into two or more, each with a code of its own."))
    if not reason.strip():
        raise NotInADraft(_("Say why it is asked as several: the committee will read it."))
    made = []
    for part, text in parts:
        if part != code:
            new_code_check(frame, content, part)
        if not text.strip():
            raise NotInADraft(_("Each part needs its text."))
        made.append(replace(whole, code=part, text=text.strip()))
    where = content.questions.index(whole)
    questions = (*content.questions[:where], *made, *content.questions[where + 1 :])
    links = [link for link in content.links if code not in (link.predecessor, link.successor)]
    old, relation = (code, Relation.SPLIT) if code in frame.asked else ("", Relation.ADDED)
    links += [frame.link(old, part, relation, reason) for part in codes]
    laws = {(part, key) for one, key in content.legal if one == code for part in codes}
    marks = [replace(mark, code=part) for mark in content.marks if mark.code == code for part in codes]
    left = without_codes(replace(content, questions=questions), {code} - set(codes), keep=True)
    rest = tuple(mark for mark in left.marks if mark.code not in codes)
    return replace(left, links=tuple(links), legal=left.legal | laws, marks=(*rest, *marks))


def questions_merged(
    frame: Frame, content: Content, codes: Sequence[str], successor: str, text: str, reason: str
) -> Content:
    """Ask several questions as one, under the code of one of them or a new one, where the first of them stood."""
    if len(set(codes)) < 2:
        raise NotInADraft(_("Choose two questions or more to merge."))
    if not reason.strip() or not text.strip():
        raise NotInADraft(_("Write the question that is asked instead, and why: the committee will read it."))
    found = [plain(frame, content, one) for one in dict.fromkeys(codes)]
    if len({one.kind for one in found}) > 1:
        raise NotInADraft(_("A fact and a compliance question cannot be merged: only one of them enters a rate."))
    if successor not in codes:
        new_code_check(frame, content, successor)
    where = min(content.questions.index(one) for one in found)
    like = content.by_code.get(successor) or content.questions[where]
    made = placed(replace(like, code=successor, text=text.strip()), content.questions[where])
    gone = {one.code for one in found}
    emptied = {one.point_code for one in found} - {
        one.point_code for one in (*content.questions, made) if one.code not in gone or one is made
    }
    if frame.national and emptied:
        raise NotInADraft(
            _("%(point)s would be left without a question. Compliance points are the same in all countries.")
            % {"point": ", ".join(sorted(emptied))}
        )
    laws = {(successor, key) for one, key in content.legal if one in gone}
    before, behind = content.questions[:where], content.questions[where:]
    questions = (*before, made, *(one for one in behind if one.code not in gone))
    links = [link for link in content.links if not {link.predecessor, link.successor} & gone]
    old = [one.code for one in found if one.code in frame.asked]
    links += [frame.link(one, successor, Relation.MERGED, reason) for one in old]
    links += [] if old else [frame.link("", successor, Relation.ADDED, reason)]
    left = without_codes(replace(content, questions=questions), gone - {successor}, keep=True)
    return replace(left, links=tuple(links), legal=frozenset(one for one in left.legal if one[0] != successor) | laws)


def parts_joined(frame: Frame, content: Content, code: str) -> Content:
    """Take back a split or a merge of base questions: ask them as the base does. ``code``: any of those concerned."""
    whole = {
        link.predecessor
        for link in content.links
        if link.relation in (Relation.SPLIT, Relation.MERGED) and code in (link.predecessor, link.successor)
    }
    if not whole:
        raise NotInADraft(_("%(code)s was neither split nor merged in this draft.") % {"code": code})
    made = {link.successor for link in content.links if link.predecessor in whole}
    back = [placed_like_now(content, frame.asked[one]) for one in frame.asked if one in whole]
    where = min(n for n, one in enumerate(content.questions) if one.code in made)
    kept = [one for one in content.questions[where:] if one.code not in made]
    questions = (*content.questions[:where], *back, *kept)
    links = tuple(link for link in content.links if link.predecessor not in whole)
    left = without_codes(replace(content, questions=tuple(questions)), made - whole, keep=True)
    left = replace(left, links=links)
    for one in sorted(whole):
        left = relinked(frame, left, one)
    return left
