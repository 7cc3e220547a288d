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
