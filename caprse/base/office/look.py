"""What Word, slides and workbooks share of our look, and texts that their XML can hold.

Colours are those of static/css/tokens.css. A machine without our font takes the next one.
"""

import re

FONT, NEXT_FONT = "Source Sans 3", "Calibri"
INK, INK_SOFT, HAIRLINE, SUNKEN, WHITE = "1C2321", "444E4A", "E3DCCF", "F3EEE4", "FFFFFF"
ACCENT, ACCENT_STRONG, ACCENT_SOFT, ACCENT_LINE = "0E5A5C", "083F41", "E2EFED", "B5D3D0"
TURN, TURN_SOFT = "9A4A0C", "FDF0E0"
SERIES = (ACCENT, TURN, "1D4F91", "6B4C00")  # as in caprse.base.svg
LANGUAGE = "fr-FR"
MISSING = "—"
# What XML 1.0 has no way to write, and what software would not show.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without what office files cannot hold, its lines ended by one character."""
    return UNWRITABLE.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n"))


def in_one_line(text: str) -> str:
    """The same, on one line: titles, names, properties."""
    return " ".join(clean(text).split(" ")).replace("\n", " ").replace("\t", " ").strip()


def told_once(parts) -> list[str]:
    """The parts of an opening, each on one line, without those that another one says already."""
    told: list[str] = []
    for part in map(in_one_line, parts):
        if part and not any(part in one for one in told):
            told = [one for one in told if one not in part] + [part]
    return told


def shared_out(whole: float, floors: list[float], needs: list[float]) -> list[float]:
    """Share a width as the needs say, nothing under its floor; the floors alone when they take it all."""
    spare = whole - sum(floors)
    wanting = [max(0.0, whole * need / sum(needs) - floor) for floor, need in zip(floors, needs, strict=True)]
    if spare <= 0 or not any(wanting):
        return [whole * floor / sum(floors) for floor in floors]
    return [floor + spare * want / sum(wanting) for floor, want in zip(floors, wanting, strict=True)]
