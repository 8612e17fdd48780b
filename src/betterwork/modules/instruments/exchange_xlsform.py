"""A tool as an XLSForm, the workbook that form programs of field teams read: a way out, not back.

Clusters and points become groups, guidance becomes hints, translations become languages. Where a whole point is asked
only where it applies, a first question asks whether it does.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from betterwork.core.instrument import AnswerKind, Question, ToolVersion
from betterwork.foundation.languages.known import KNOWN
from betterwork.modules.instruments.rules import BadTool

OWN = "en"
_ANSWERS = (
    ("compliance", gettext_lazy("In order")),
    ("non_compliance", gettext_lazy("Not in order")),
)
_YES_NO = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))
_OPEN = (("not_applicable", gettext_lazy("Not applicable")), ("not_assessed", gettext_lazy("Not assessed")))
_LISTS = {"finding": (*_ANSWERS, *_OPEN), "yes_no_open": (*_YES_NO, *_OPEN), "yes_no": _YES_NO}
_TYPES = {AnswerKind.NUMBER: "decimal", AnswerKind.SHARE: "decimal", AnswerKind.DAY: "date", AnswerKind.TEXT: "text"}
Row = dict[str, str]


def xlsform_write(version: ToolVersion, *, languages: Sequence[str] = ()) -> bytes:
    """The XLSForm of a version in English and every language that has a translation, or in those of ``languages``.

    The same bytes each time. Raises :class:`BadTool` for a tool without questions or a language nobody knows.
    """
    if not version.questions:
        raise BadTool("a tool without questions makes no form")
    there = sorted({one.language for one in version.translations})
    wanted = [one for one in dict.fromkeys(languages or there) if one != OWN]
    if unknown := [one for one in wanted if one not in KNOWN]:
        raise BadTool(f"no language is called {unknown[0]}; known: {', '.join(KNOWN)}")
    form = _Form(version, [OWN, *wanted])
    return _written(form, version)


class _Form:
    """The rows of a form, made once."""

    def __init__(self, version: ToolVersion, languages: list[str]) -> None:
        self.languages = languages
        self.titles = {one: f"{KNOWN[one].own_name} ({one})" for one in languages}
        self.said = {(one.code, one.field, one.language): one.text for one in version.translations}
        self.names: set[str] = set()
        self.survey: list[Row] = []
        self.choices: list[Row] = []
        for name, options in _LISTS.items():
            self.choices += [{"list_name": name, "name": key, **self._spoken(words)} for key, words in options]
        for (_code, cluster), in_cluster in groupby(version.questions, lambda q: (q.cluster_code, q.cluster)):
            questions = list(in_cluster)
            self._group(f"c_{questions[0].cluster_code or cluster}", cluster)
            for (_point_code, point), in_point in groupby(questions, lambda q: (q.point_code, q.point)):
                self._point(point, list(in_point))
            self.survey.append({"type": "end_group"})

    def _group(self, name: str, title: str, **more: str) -> None:
        self.survey.append({"type": "begin_group", "name": self._name(name), **self._plain("label", title), **more})

    def _point(self, title: str, questions: list[Question]) -> None:
        place = questions[0].point_code or title
        asked_where = [one for one in questions if one.only_where_it_applies]
        relevant = ""
        if asked_where:
            applies = self._name(f"applies_{place}")
            relevant = f"${{{applies}}} = 'yes'"
            words = {}
            for language in self.languages:
                with override(language):
                    words[self._column("label", language)] = f"{_escaped(title)}: {_('does this apply here?')}"
            self.survey.append({"type": "select_one yes_no", "name": applies, "required": "yes", **words})
        whole = len(asked_where) == len(questions)
        self._group(f"p_{place}", title, **({"relevant": relevant} if whole and relevant else {}))
        for question in questions:
            self._question(question, relevant if question.only_where_it_applies and not whole else "")
        self.survey.append({"type": "end_group"})

    def _question(self, question: Question, relevant: str) -> None:
        name = self._name(f"q_{question.code}")
        row: Row = {"type": self._type(question, name), "name": name, "relevant": relevant}
        for language in self.languages:
            label = self._text(question, "text", language)
            row[self._column("label", language)] = f"{_escaped(question.code)} {label}" if label else question.code
            row[self._column("hint", language)] = self._hint(question, language)
        if constraint := _constraint(question):
            row["constraint"] = constraint
        self.survey.append(row)

    def _type(self, question: Question, name: str) -> str:
        if question.answer is AnswerKind.FINDING:
            return "select_one yes_no_open" if question.noncompliant_answer else "select_one finding"
        if question.answer is AnswerKind.YES_NO:
            return "select_one yes_no"
        if question.answer is AnswerKind.CHOICE and question.choices:
            self.choices += [
                {"list_name": f"l_{name}", "name": f"c{at}", **self._plain("label", words)}
                for at, words in enumerate(question.choices, start=1)
            ]
            return f"select_one l_{name}"
        return _TYPES.get(question.answer, "text")

    def _hint(self, question: Question, language: str) -> str:
        parts = [self._text(question, "guidance", language)]
        with override(language):
            if question.answer is AnswerKind.FINDING and question.noncompliant_answer:
                parts.append(
                    _("“Yes” is a finding.") if question.noncompliant_answer == "yes" else _("“No” is a finding.")
                )
            if question.unit:
                parts.append(_("In %(unit)s.") % {"unit": _escaped(question.unit)})
        return " ".join(part for part in parts if part)

    def _text(self, question: Question, field: str, language: str) -> str:
        return _escaped(self.said.get((question.code, field, language)) or getattr(question, field))

    def _spoken(self, words: object) -> Row:
        found = {}
        for language in self.languages:
            with override(language):
                found[self._column("label", language)] = str(words)
        return found

    def _plain(self, what: str, words: str) -> Row:
        return {self._column(what, language): _escaped(words) for language in self.languages}

    def _column(self, what: str, language: str) -> str:
        return f"{what}::{self.titles[language]}"

    def _name(self, wanted: str) -> str:
        """A name that XML takes and no other row has."""
        plain = re.sub(r"[^A-Za-z0-9_]", "_", wanted)[:60]
        name, at = plain, 2
        while name.lower() in self.names:
            name, at = f"{plain}_{at}", at + 1
        self.names.add(name.lower())
        return name


def _constraint(question: Question) -> str:
    """The bounds of a number; words that are none would break the form and are left out."""
    if question.answer not in {AnswerKind.NUMBER, AnswerKind.SHARE}:
        return ""
    bounds = ((">=", question.least), ("<=", question.most))
    return " and ".join(f". {sign} {value}" for sign, value in bounds if re.fullmatch(r"-?\d+(\.\d+)?", value))


def _escaped(text: str) -> str:
    """A text that no form program takes for a reference, in one line."""
    return " ".join(text.replace("${", "$ {").split())


def _written(form: _Form, version: ToolVersion) -> bytes:
    import xlsxwriter

    titles = [form.titles[one] for one in form.languages]
    columns = ["type", "name", *(f"{what}::{one}" for what in ("label", "hint") for one in titles)]
    sheets: dict[str, tuple[list[str], list[Row]]] = {
        "survey": ([*columns, "required", "relevant", "constraint"], form.survey),
        "choices": (["list_name", "name", *(f"label::{one}" for one in titles)], form.choices),
    }
    settings = {
        "form_title": f"{version.tool} {version.version}",
        "form_id": re.sub(r"[^A-Za-z0-9_]", "_", f"tool_{version.tool}_{version.version}"),
        "version": version.version,
        "default_language": titles[0],
    }
    sheets["settings"] = (list(settings), [settings])
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": settings["form_title"], "created": datetime(2000, 1, 1)})
    for name, (headings, rows) in sheets.items():
        sheet = book.add_worksheet(name)
        for at, heading in enumerate(headings):
            sheet.write_string(0, at, heading)
        for number, row in enumerate(rows, start=1):
            for at, heading in enumerate(headings):
                if row.get(heading):
                    sheet.write_string(number, at, row[heading])
    book.close()
    return out.getvalue()
