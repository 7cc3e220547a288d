"""Counts the responses to a survey, and holds its threshold: nothing is shown under five. Pure: no query.

Source: docs/decisions/0014-surveys.md.
"""

import unicodedata
from collections import Counter
from dataclasses import dataclass

from autodiag.enums import SurveyChoice

THRESHOLD = 5
OPINIONS = tuple(choice for choice in SurveyChoice if choice != SurveyChoice.UNKNOWN)
SMS_LENGTH = 160
# The default alphabet of an SMS: any other character makes it cost three times as much, or cuts it.
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWINS = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "œ": "oe", "Œ": "OE"}
)


@dataclass(frozen=True)
class QuestionResult:
    """How a question was answered. Under the threshold `counts` is None: nothing of it may be shown."""

    code: str  # of the criterion it sheds light on
    text: str
    counts: dict | None  # {choice: number}, every choice there
    skipped: int

    @property
    def is_shown(self):
        return self.counts is not None

    @property
    def answered(self):
        return sum(self.counts.values())

    @property
    def opinions(self):
        """Those who gave an opinion: « je ne sais pas » is counted apart."""
        return [(choice, self.counts[choice]) for choice in OPINIONS]

    @property
    def voiced(self):
        """How many gave an opinion."""
        return sum(number for _, number in self.opinions)

    @property
    def favourable(self):
        """How many said yes, rather or wholly."""
        return self.counts[SurveyChoice.YES] + self.counts[SurveyChoice.RATHER_YES]

    @property
    def unknown(self):
        return self.counts[SurveyChoice.UNKNOWN]


def count(questions, responses):
    """One `QuestionResult` per question, in order; None when there are too few responses to show anything.

    `questions` as a survey froze them; `responses`: the `choices` of each.
    """
    if len(responses) < THRESHOLD:
        return None
    return [_of_question(question, responses) for question in questions]


def _of_question(question, responses):
    given = Counter(choices[question["id"]] for choices in responses if question["id"] in choices)
    enough = given.total() >= THRESHOLD
    return QuestionResult(
        code=question["code"],
        text=question["text"],
        counts={choice: given[choice.value] for choice in SurveyChoice} if enough else None,
        skipped=len(responses) - given.total() if enough else 0,
    )


def sms(name, link, last_day):
    """The text of an SMS that holds in one message: who asks, until when, the link.

    The name of the structure is cut when it must be. Only the link itself may make it longer than one message.
    """
    ask = f"votre avis en 3 minutes, sans donner votre nom. Jusqu'au {last_day:%d/%m/%Y} inclus : {link}"
    room = SMS_LENGTH - len(ask) - len(" : ")
    short = in_gsm(name)
    if len(short) > room:
        short = short[: max(room - 3, 0)].rstrip() + "..."
    return f"{short} : {ask}" if room > len("...") else ask.capitalize()


def in_gsm(text):
    """`text` in the alphabet of an SMS: an accent it does not have is dropped, any other character is a space."""
    letters = []
    for char in unicodedata.normalize("NFC", text).translate(GSM_TWINS):
        bare = char if char in GSM_7 else unicodedata.normalize("NFKD", char)
        letters.append("".join(part for part in bare if part in GSM_7 and part != "\n"))
    return " ".join("".join(letters).split())
