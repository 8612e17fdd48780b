"""Names of factories that can be taken for nothing but simulated ones, awkward ones among them."""

from __future__ import annotations

import numpy as np

LATIN = "Simulated Garments {:04d}"
LOCAL: dict[str, tuple[str, ...]] = {
    "KH": ("រោងចក្រកាត់ដេរក្លែងធ្វើ {:04d}",),
    "VN": ("Công ty May Mô Phỏng {:04d}",),
    "BD": ("নকল পোশাক কারখানা {:04d}",),
    "ID": ("PT Garmen Simulasi {:04d}",),
    "JO": ("مصنع ألبسة محاكاة {:04d}",),
    "HT": ("Manufacture simulée n° {:04d}",),
    "NI": ("Confección Simulada Ñ {:04d}, S.A.",),
    "LS": ("Simulated 'Mele Garments {:04d}",),
}
AWKWARD = (
    '=HYPERLINK("x") Simulated {:04d}',
    "+Simulated Stitching {:04d}",
    "-Simulated Knits {:04d}",
    "@Simulated Denim {:04d}",
    'Simulated "Quoted" Garments {:04d}',
    "Simulated Garments {:04d}, Unit 2, Ltd",
    "Simulated; Semicolon Wear {:04d}",
    "Simulated  Double  Space {:04d}",
)
OBSOLETE = " (Obsolete)"
SIMULATED_WORDS = ("Simulated", "ក្លែងធ្វើ", "Mô Phỏng", "নকল", "Simulasi", "محاكاة", "simulée", "Simulada")
"""One of these stands in every name."""

LOCAL_SHARE, AWKWARD_SHARE = 0.16, 0.06


def factory_names(generator: np.random.Generator, code: str, numbers: np.ndarray) -> list[str]:
    """One name per number: mostly Latin, some in the country's script, some that trip careless software.

    Each country has at least one local and two awkward names (those that start like a formula first).
    """
    which = generator.random(len(numbers))
    names = []
    for place, number in enumerate(numbers):
        pattern = LATIN
        if place < 3:
            pattern = (LOCAL[code][0], AWKWARD[0], AWKWARD[4])[place]
        elif which[place] < LOCAL_SHARE:
            pattern = LOCAL[code][place % len(LOCAL[code])]
        elif which[place] < LOCAL_SHARE + AWKWARD_SHARE:
            pattern = AWKWARD[place % len(AWKWARD)]
        names.append(pattern.format(int(number)))
    return names
