"""Whether the cells of a series may be compared when its assessments use more than one tool version."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from betterwork.core.evidence.choice import By
from betterwork.core.evidence.dimensions import Dimensions, QuestionItem

NAMED_AT_MOST = 4


def series_comparable(dimensions: Dimensions, by: By, index: int, versions: Iterable[str]) -> tuple[bool, str]:
    """Whether a question, point or cluster means the same in all ``versions``, and a note that says why not.

    A series of one version always is. A question is comparable when each version asks its family
    (same, reworded or moved). A point or cluster is comparable when the kin of each of its
    questions are asked in all versions inside it: a split or merged question still answers
    "either", an added one does not.
    """
    used = tuple(version for version in dimensions.versions if version in set(versions))
    if len(used) < 2:
        return True, ""
    if by is By.QUESTION:
        item = dimensions.questions[index]
        problem = _question_problem(dimensions, item, used)
        return (not problem, problem or _rewording(dimensions, item, used))
    if by is By.POINT:
        problems = _place_problems(dimensions, used, lambda one: one.point == index)
    else:
        problems = _place_problems(dimensions, used, lambda one: dimensions.points[one.point].cluster == index)
    return (not problems, _joined(problems))


def _joined(problems: list[str]) -> str:
    more = len(problems) - NAMED_AT_MOST
    return "; ".join(problems[:NAMED_AT_MOST]) + (f"; and {more} more" if more > 0 else "")


def _question_problem(dimensions: Dimensions, item: QuestionItem, used: tuple[str, ...]) -> str:
    missing = [version for version in used if version not in dict(item.codes)]
    if not missing and not item.cut:
        return ""
    kin = sorted(
        {one.code for one in dimensions.questions if one.kin == item.kin and one.code != item.code}
    )  # fmt: skip
    for _, to_version, predecessor, successor, relation in dimensions.lineage:
        if item.code not in (predecessor, successor) or relation not in ("split", "merged"):
            continue
        into = item.code == predecessor and predecessor != successor
        linked = {code for link in dimensions.lineage if item.code in link[2:4] for code in link[2:4]}
        others = [code for code in kin if code in linked]
        verb = f"{relation} {'into' if into else 'from'}"
        return f"{item.code} {verb} {', '.join(others) or item.code} in version {to_version}"
    return _asked_in(dimensions, (item,), used)


def _asked_in(dimensions: Dimensions, items: Iterable[QuestionItem], used: tuple[str, ...]) -> str:
    items = tuple(items)
    asked = {version for one in items for version, _ in one.codes}
    codes = ", ".join(sorted({one.code for one in items}))
    present = [version for version in used if version in asked]
    if present and present == list(used[-len(present) :]):
        return f"{codes} asked only since version {present[0]}"
    if present and present == list(used[: len(present)]):
        return f"{codes} asked only until version {present[-1]}"
    return f"{codes} asked only in version {', '.join(present) or 'none of these'}"


def _rewording(dimensions: Dimensions, item: QuestionItem, used: tuple[str, ...]) -> str:
    codes = {code for _, code in item.codes}
    for from_version, to_version, predecessor, successor, relation in dimensions.lineage:
        both = from_version in used and to_version in used and predecessor in codes and successor in codes
        if both and relation in ("reworded", "moved"):
            return f"{relation} in version {to_version}, meaning kept"
    return ""


def _place_problems(dimensions: Dimensions, used: tuple[str, ...], inside: Callable[[QuestionItem], bool]) -> list[str]:
    """One sentence for each group of kin that not all versions ask here."""
    groups: dict[int, list[QuestionItem]] = {}
    for item in dimensions.questions:
        if inside(item):
            groups.setdefault(item.kin, []).append(item)
    problems = []
    for kin, items in groups.items():
        asked = {version for one in items for version, _ in one.codes} & set(used)
        elsewhere = [one for one in dimensions.questions if one.kin == kin and not inside(one)]
        if asked and asked != set(used):
            problems.append(_asked_in(dimensions, items, used))
        elif asked and any(version in used for one in elsewhere for version, _ in one.codes):
            codes = ", ".join(sorted(one.code for one in elsewhere))
            problems.append(f"{', '.join(sorted(one.code for one in items))} also asked elsewhere, as {codes}")
    return problems
