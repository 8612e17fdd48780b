"""The words and the screens of the capture app: one source, nothing left over, nothing that browsers would keep."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from betterwork.core.capture.fields import CAUSES, DETERMINATIONS, LIST, REASONS, SOURCES
from betterwork.foundation.languages.known import KNOWN
from betterwork.modules.alerts.kinds import kinds
from betterwork.modules.capture.words import WORDS, words_file, words_in

FRONTEND = Path(__file__).resolve().parents[5] / "frontend" / "capture" / "src"
UI = FRONTEND / "ui"
SCREENS = sorted([*UI.glob("*.tsx"), *UI.glob("*.ts")])
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in SCREENS)
STYLES = sorted((FRONTEND / "styles").glob("*.scss"))
MAKE = (
    "from betterwork.modules.capture.words import words_file; write its bytes to frontend/capture/src/ui/words.en.json"
)

pytestmark = pytest.mark.capability("C2")


def test_the_app_carries_the_english_of_today() -> None:
    assert (UI / "words.en.json").read_bytes() == words_file(), MAKE


def test_every_text_is_used_and_every_key_used_is_a_text() -> None:
    said = set(re.findall(r'"([a-z-]+\.[\w. -]+)"', SOURCE)) & set(WORDS)
    asked = set(re.findall(r'\bw\("([^"]+)"', SOURCE))
    assert asked - set(WORDS) == set()
    # Put together from a code: named("refusal", …), w(`source.${…}`), `${code}.title`.
    made = {*re.findall(r'named\("([^"]+)"', SOURCE), *re.findall(r"w\(`([\w.-]+)\.\$\{", SOURCE)}
    ends = {"title", "lead"}
    left = {
        key
        for key in set(WORDS) - said - asked
        if key.rpartition(".")[0] not in made
        and key.partition(".")[0] not in made
        and key.rpartition(".")[2] not in ends
    }
    assert left == set()


def test_every_code_of_the_server_has_its_word() -> None:
    assert {f"determination.{one}" for one in DETERMINATIONS} <= set(WORDS)
    assert {f"{part}.{one}" for part in ("source", "note", "sample") for one in SOURCES} <= set(WORDS)
    assert {key for key in WORDS if key.startswith("cause.")} == {f"cause.{one.code}" for one in CAUSES}
    for one in LIST["fields"]:
        assert f"field-name.{one['name'].partition('.')[0]}" in WORDS
        if one["kind"] == "choice" and one["name"] in {"access", "method"}:
            assert {f"{one['name']}.{choice}" for choice in one["choices"]} <= set(WORDS)
    assert REASONS


def test_the_kinds_of_concern_are_those_of_the_room_of_alerts() -> None:
    names = [one.name for one in kinds()]
    listed = re.search(r"export const KINDS = \[(.*?)\]", (UI / "concern.tsx").read_text(encoding="utf-8"), re.S)
    assert listed and re.findall(r'"([^"]+)"', listed[1]) == names
    assert {key for key in WORDS if key.startswith("concern-kind.")} == {f"concern-kind.{name}" for name in names}


def test_the_languages_on_the_device_are_those_of_the_platform() -> None:
    text = (UI / "words.ts").read_text(encoding="utf-8")
    listed = re.search(r"LANGUAGES[^{]*\{(.*?)\}", text, re.S)
    assert listed and dict(re.findall(r'(\w+): "([^"]+)"', listed[1])) == {
        one.code: one.own_name for one in KNOWN.values()
    }
    right_to_left = re.search(r"RIGHT_TO_LEFT = new Set\((\[.*?\])\)", text)
    assert right_to_left
    assert {one.code for one in KNOWN.values() if one.right_to_left} <= set(json.loads(right_to_left[1]))


@pytest.mark.capability("P3")
def test_days_are_written_as_the_console_writes_them() -> None:
    assert words_in("en")["month.11"] == "{day} Nov {year}"
    assert words_in("km")["month.11"].startswith("{day} ") and words_in("bn")["month.1"].endswith("{year}")
    assert len({words_in("st")[f"month.{month}"] for month in range(1, 13)}) == 12


@pytest.mark.parametrize("language", KNOWN)
def test_each_language_has_every_key_and_keeps_the_places_for_values(language: str) -> None:
    told, english = words_in(language), words_in("en")
    assert told.keys() == english.keys()
    for key, text in told.items():
        assert text
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[key])), key


@pytest.mark.capability("C3")
def test_nothing_that_is_typed_is_kept_or_offered_by_the_browser() -> None:
    for path in SCREENS:
        text = path.read_text(encoding="utf-8")
        assert "<form" not in text, "a form that is submitted is remembered"
        for control in re.findall(r"<(?:input|textarea)\b.*?/?>(?=\s|\)|;|$)", text, re.S):
            assert "KEPT_NOWHERE" in control or 'autocomplete="off"' in control or "{...shared}" in control, (
                path,
                control,
            )
        for shared in re.findall(r"const shared = \{(.*?)\n\s*\};", text, re.S):
            assert 'class: "text"' not in shared or "...KEPT_NOWHERE" in shared, path
    assert "localStorage" not in SOURCE.replace((UI / "words.ts").read_text(encoding="utf-8"), "")
    assert "sessionStorage" not in SOURCE
    assert "pushState({ depth }" in SOURCE, "the history holds how deep she is, and nothing else"


@pytest.mark.capability("P3")
def test_the_screens_bring_no_inline_styles_and_the_styles_no_sides_and_no_colours_of_their_own() -> None:
    assert not re.search(r"\bstyle=|dangerouslySetInnerHTML|innerHTML", SOURCE)
    for path in STYLES:
        text = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"(?:margin|padding|border|inset)-(?:left|right)|text-align: (?:left|right)", text), path
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?!\{)", text), path
    fonts = (FRONTEND / "styles" / "_fonts.scss").read_text(encoding="utf-8")
    served = Path(__file__).resolve().parents[3] / "foundation" / "console" / "static" / "console" / "fonts"
    for name, weights in re.findall(r'face\("[^"]+", "([^"]+)", \(([\d, ]+)\)', fonts):
        for weight in re.findall(r"\d+", weights):
            assert (served / f"{name}-{weight}-normal.woff2").exists()
