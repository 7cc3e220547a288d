"""Where a text repeats another: the words they share in the same order, whatever the spelling around them."""

import re
import unicodedata
from dataclasses import dataclass

from caprse.base.text import normalised

RUN = 6  # shared words in a row: an expression of the trade is shorter, a copied sentence is longer
SHORT_SENTENCE = 4  # a whole sentence this short may not be found inside another text either
UNSEEN = re.compile(r"[\u00ad\u200b-\u200d\u2060\ufe0f\ufeff]")
ENDINGS = "e|s|es|ne|nes|le|les|ice|ices|rice|rices|trice|trices|euse|euses|ère|ères"
# An article that elides belongs to its word; « salarié·e·s », « salarié.e.s » and « salarié(e)s » are one word.
WORD = re.compile(
    r"(?:\b(?:[cdjlmnst]|qu)['’])?([^\W_]+)"
    rf"(?:[·•‧⋅][^\W_]+|[.-](?:{ENDINGS})(?![^\W_])|\((?:{ENDINGS})\)(?:s(?![^\W_]))?)*",
    re.I,
)


@dataclass(frozen=True)
class Passage:
    """A text that must not be repeated, and where it is (« critère 1.2, niveau 2 »)."""

    where: str
    text: str
    is_sentence: bool = True  # False: a title, that a longer text may well contain


@dataclass(frozen=True)
class Echo:
    """What is repeated, as it was typed, and where it comes from."""

    words: str
    where: str


class Protected:
    """Passages, indexed once to look up any number of texts."""

    def __init__(self, passages):
        self.runs, self.whole = {}, {}
        for passage in passages:
            keys = tuple(key for key, _, _ in _words(passage.text)[1])
            if keys:
                self.whole.setdefault(keys, passage.where)
            if SHORT_SENTENCE <= len(keys) < RUN and passage.is_sentence:
                self.runs.setdefault(keys, passage.where)
            for run in _runs(keys, RUN):
                self.runs.setdefault(run, passage.where)

    def echo_in(self, text):
        """The first passage that `text` repeats: six words in a row, or all of it. None when it is a text of its own."""
        typed, words = _words(text)
        keys = tuple(key for key, _, _ in words)
        if keys in self.whole:
            return Echo(typed, self.whole[keys])
        for length in range(RUN, SHORT_SENTENCE - 1, -1):
            found = [rank for rank, run in enumerate(_runs(keys, length)) if run in self.runs]
            if found:
                return self._quoted(typed, words, keys, found, length)
        return None

    def _quoted(self, typed, words, keys, found, length):
        first = last = found[0]
        while last + 1 in found:
            last += 1
        return Echo(typed[words[first][1] : words[last + length - 1][2]], self.runs[keys[first : first + length]])


def word_count(text):
    """How many words somebody counts in a text."""
    return len(_words(text)[1])


def _runs(keys, length):
    return (keys[rank : rank + length] for rank in range(len(keys) - length + 1))


def _words(text):
    """The text without what nobody sees, and its words: (key, start, end)."""
    typed = UNSEEN.sub("", unicodedata.normalize("NFC", text)).strip()
    return typed, [(_key(found[1]), *found.span()) for found in WORD.finditer(typed)]


def _key(word):
    """The word without accent, plural, nor feminine of « salariée »: another spelling of it is the same word."""
    key = normalised(word)
    key = key[:-1] if len(key) > 3 and key[-1] in "sx" else key
    return key[:-1] if key.endswith("ee") else key
