"""Free text that people type; French words for dates, numbers and sizes (no locale module, no surprise)."""

import datetime
import math
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

PARIS = ZoneInfo("Europe/Paris")
NBSP = "\u00a0"
NARROW_NBSP = "\u202f"
MINUS = "\u2212"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
SIZE_UNITS = ("octet", "ko", "Mo", "Go", "To")
FILENAME_MAX = 80
DEVICE_NAMES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}

# Looked for in this order. U+200D, U+FE0F (emoji) and U+00AD (hyphenation) stay allowed.
REFUSED = (
    ("surrogate", re.compile(r"[\ud800-\udfff]"), "un caractère abîmé"),
    ("null", re.compile(r"\x00"), "un caractère nul"),
    (
        "control",
        re.compile(r"[\x01-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]"),
        "un caractère de commande",
    ),
    (
        "bidi",
        re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"),
        "une marque invisible qui change le sens de lecture",
    ),
    ("zero_width", re.compile(r"[\u180e\u200b\u2060-\u2064\ufeff]"), "un caractère invisible"),
)
LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029]")
NEVER_SEEN = re.compile(r"[\s\u00ad\u200d\ufe0f\u115f\u1160\u3164\uffa0]*")


def clean_text(value: str, *, max_length: int) -> str:
    """Return `value` as the product stores free text: NFC, LF line ends, no outer blank.

    `max_length` counts characters (code points) of the cleaned text. A text nobody could see is empty.
    Raises ValidationError with a French message and one code of: surrogate, null, control, bidi,
    zero_width, too_long. Nothing is removed silently from inside a text.
    """
    text = LINE_ENDS.sub("\n", value)
    for code, pattern, what in REFUSED:
        if found := pattern.search(text):
            raise ValidationError(_refusal(text, found, what), code=code)
    text = unicodedata.normalize("NFC", text).strip()
    if NEVER_SEEN.fullmatch(text):
        return ""
    if len(text) > max_length:
        raise ValidationError(
            f"Le texte compte {number(len(text))} {plural(len(text), 'caractère', 'caractères')}"
            f"{NBSP}; le maximum est de {number(max_length)}. Raccourcissez-le.",
            code="too_long",
        )
    return text


def _refusal(text, found, what):
    """Say what was met and where, so that a mark nobody sees can be found and deleted."""
    before = text[: found.start()].split("\n")[-1].strip()[-30:]
    where = f"juste après «{NBSP}{before}{NBSP}»" if before else "en début de ligne"
    return (
        f"Le texte contient {what} (U+{ord(found[0]):04X}), {where}. "
        "Effacez ce passage et tapez-le de nouveau au clavier."
    )


class TextField(forms.CharField):
    """Form field for a free text of several lines, cleaned by `clean_text`.

    It writes no `maxlength` attribute: browsers cut a pasted text at it without a word. The limit is
    given to scripts as `data-max-length` and to people by the error message.
    """

    widget = forms.Textarea

    def __init__(self, *, max_length: int, **kwargs):
        super().__init__(strip=False, **kwargs)
        self.max_length = max_length
        self.widget.attrs.setdefault("data-max-length", str(max_length))

    def to_python(self, value):
        """Return the cleaned text; raises ValidationError as `clean_text` does."""
        value = super().to_python(value)
        return clean_text(value, max_length=self.max_length) if value else value


class LineField(TextField):
    """Form field for a free text of one line."""

    widget = forms.TextInput

    def to_python(self, value):
        """Return the cleaned line; raises ValidationError, code `newline` included."""
        value = super().to_python(value)
        if value and "\n" in value:
            raise ValidationError(
                f"Ce champ tient sur une seule ligne{NBSP}: supprimez les retours à la ligne.", code="newline"
            )
        return value


def normalised(value: str) -> str:
    """Key to sort or search French text without database collation: no accent, no case, ligatures undone."""
    text = value.casefold().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    letters = (char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join("".join(letters).split())


def date_in_words(date: datetime.date) -> str:
    """« mardi 8 avril 2025 », « mercredi 1er janvier 2025 »."""
    day = "1er" if date.day == 1 else str(date.day)
    return f"{DAYS[date.weekday()]} {day} {month_in_words(date)}"


def short_date(date: datetime.date) -> str:
    """« 8 avril 2025 », « 1er janvier 2025 »: the day of the week says nothing of a plan over years."""
    return date_in_words(date).partition(" ")[2]


def month_in_words(date: datetime.date) -> str:
    """« juillet 2026 »."""
    return f"{MONTHS[date.month - 1]} {date.year}"


def time_in_words(dt: datetime.datetime) -> str:
    """« 14 h 32 », « 10 h » on the hour, in Europe/Paris, with no-break spaces.

    Raises ValueError if `dt` is naive.
    """
    local = _in_paris(dt)
    return f"{local.hour}{NBSP}h" + (f"{NBSP}{local.minute:02d}" if local.minute else "")


def datetime_in_words(dt: datetime.datetime) -> str:
    """« mardi 8 avril 2025, 15 h 30 », in Europe/Paris. Raises ValueError if `dt` is naive."""
    return f"{date_in_words(_in_paris(dt))}, {time_in_words(dt)}"


def day_in_words(dt: datetime.datetime) -> str:
    """The day of a moment, in Europe/Paris: « mardi 8 avril 2025 ». Raises ValueError if `dt` is naive."""
    return date_in_words(_in_paris(dt))


def _in_paris(dt):
    if dt.utcoffset() is None:
        raise ValueError("A moment without a time zone cannot be told in words.")
    return dt.astimezone(PARIS)


def number(value: Decimal | float, places: int = 0) -> str:
    """Write `value` in French: decimal comma, narrow no-break space between thousands, half rounded up.

    Raises ValueError for NaN and infinities.
    """
    if not math.isfinite(value):
        raise ValueError("Only a finite number can be written.")
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    digits = f"{abs(exact):,.{places}f}".replace(",", NARROW_NBSP).replace(".", ",")
    return f"{MINUS}{digits}" if exact < 0 else digits


def euros(amount: Decimal) -> str:
    """« 1 500 € », « 1 500,50 € »."""
    return f"{number(amount, 2).removesuffix(',00')}{NBSP}€"


def size_in_words(size: int) -> str:
    """Write a file size given in bytes: « 512 octets », « 1,2 Mo » (1 ko = 1 000 octets)."""
    if size < 1000:
        return f"{size}{NBSP}{plural(size, 'octet', 'octets')}"
    power = 1
    while size >= 999.95 * 1000**power and power < len(SIZE_UNITS) - 1:
        power += 1
    written = number(Decimal(size) / 1000**power, 1).removesuffix(",0")
    return f"{written}{NBSP}{SIZE_UNITS[power]}"


def plural(n: Decimal | float, singular: str, plural: str) -> str:
    """Return the right one of two French words for `n`: the plural begins at 2 (1,5 is singular)."""
    return singular if abs(n) < 2 else plural


def safe_filename(text: str, extension: str) -> str:
    """Return an ASCII file name of at most 80 characters that every system and mail client accepts."""
    suffix = "." + re.sub(r"[^a-z0-9]", "", extension.lower()) if extension.strip(".") else ""
    slug = re.sub(r"[^a-z0-9]+", "-", normalised(text)).strip("-")[: FILENAME_MAX - len(suffix)].strip("-")
    if not slug or slug in DEVICE_NAMES:
        slug = f"document-{slug}".strip("-")
    return slug + suffix


def masked_address(email: str) -> str:
    """Return an e-mail address that its owner knows and nobody else learns: « g…e@example.org »."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…{name[-1:] if len(name) > 2 else ''}@{domain}"


def spaced(text: str) -> str:
    """Return one of our own sentences with the no-break spaces that French asks for around « : ; ? ! »."""
    return re.sub(r"(?<=\S) (?=[:;?!»])|(?<=«) ", NBSP, text)
