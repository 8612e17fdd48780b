"""What the two advisors of the story write: words that stand nowhere else, photos, a document, many answers."""

from __future__ import annotations

import io
import random
from collections.abc import Collection
from pathlib import Path
from typing import Any

TYPED = {
    "reason": "SIMULATED the quincebarrel door was chained on both sides",
    "note": "SIMULATED a marzipanledger of drills that nobody held",
    "words": "SIMULATED the thistlewhistle locks us in after supper",
    "summary": "SIMULATED a day in the saffronhangar, calm and open",
    "concern": "SIMULATED they keep the tamarindpassports in a drawer",
    "caption": "SIMULATED the juniperstair from below",
    "two": "SIMULATED the velvetgenerator blocks the way out",
    "again": "SIMULATED the liquoriceladder is back in its place",
}
"""What is typed into the screens: words that stand nowhere else, so that one of them on a disk is a find."""
PLACE = b"SIMULATED nutmegmeridian"
UNSAVED = {
    "search": "pomegranatefuse",
    "concern": "SIMULATED not raised after all, the walnutcurtain was open",
    "reason": "SIMULATED half a sentence about the cinnamonvalve",
}
"""What is typed and never saved: in boxes that save nothing, and in the moment in which the browser is killed."""
MASS = """async ([half, tag, but]) => {
    // As the screens write: one field after the other, each awaited. A person would press for two days.
    // What stands already is not written again: begun anew it goes on where it was cut off.
    const view = engine.open(engine.captures()[0].capture);
    const asked = view.package.tool.clusters.flatMap((c) => c.points.flatMap((p) => p.questions));
    const answer = (one) => {
        switch (one.answer) {
            case "yes or no": return true;
            case "choice": return one.choices.find((each) => typeof each === "string") ?? null;
            case "day": return one.least || one.most || "2026-01-15";
            case "number": case "share": return String(one.least || "1");
            default: return `SIMULATED ${tag} ${one.code}`;
        }
    };
    for (const [at, one] of asked.entries()) {
        const about = `question:${one.code}`;
        if (at % 2 !== half || but.includes(one.code)) continue;
        if (one.kind === "fact") await view.write(about, "answer", answer(one));
        else {
            await view.write(about, "determination", at % 7 ? "compliant" : "non-compliant");
            await view.write(about, "reason", `SIMULATED ${tag} saw ${one.code}`);
            await view.write(about, "source.observation", true);
        }
        console.info(`saved ${one.code}`);
    }
    return view.progress().answered;
}"""


def mass_entered(asked: list[dict[str, Any]], half: int, tag: str, but: Collection[str]) -> dict[str, Any]:
    """What MASS writes, place by place."""
    found: dict[str, Any] = {}
    for at, one in enumerate(asked):
        about = f"question:{one['code']}"
        if at % 2 != half or one["code"] in but:
            continue
        if one["kind"] == "fact":
            match one["answer"]:
                case "yes or no":
                    value: Any = True
                case "choice":
                    value = next(each for each in one["choices"] if isinstance(each, str))
                case "day":
                    value = one["least"] or one["most"] or "2026-01-15"
                case "number" | "share":
                    value = str(one["least"] or "1")
                case _:
                    value = f"SIMULATED {tag} {one['code']}"
            found[f"{about} answer"] = value
            continue
        found[f"{about} determination"] = "compliant" if at % 7 else "non-compliant"
        found[f"{about} reason"] = f"SIMULATED {tag} saw {one['code']}"
        found[f"{about} source.observation"] = True
    return found


BYTES = """async (name) => {
    const found = await engine.open(engine.captures()[0].capture).file(name);
    let text = "";
    for (let at = 0; at < found.length; at += 8192) text += String.fromCharCode(...found.subarray(at, at + 8192));
    return btoa(text);
}"""
"""The bytes of a file, as the app has them."""


def photo(folder: Path, number: int) -> Path:
    """A photo as a telephone makes it, with noise, so that it is large; and with its place in it."""
    from PIL import Image

    chance = random.Random(number)
    image = Image.frombytes("RGB", (160, 120), chance.randbytes(160 * 120 * 3)).resize((1800, 1350))
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    held = io.BytesIO()
    image.save(held, "JPEG", quality=88, exif=exif)
    path = folder / f"IMG_{number:04}.jpg"
    path.write_bytes(held.getvalue())
    return path


def document(folder: Path) -> Path:
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    )
    made, places = b"%PDF-1.4\n", list[int]()
    for number, one in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    begins = len(made)
    made += b"xref\n0 4\n0000000000 65535 f \n" + table
    made += b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % begins
    path = folder / "register.pdf"
    path.write_bytes(made)
    return path
