"""The blanks of a text that is brought: « {{Date de début : date}} », « ____ »."""

import re
from dataclasses import replace

from caprse.base.text import normalised
from conventions.enums import VariableKind
from conventions.texts.shapes import Variable

BLANK = re.compile(r"\{\{([^{}\n]*)\}\}|(_{3,}|…{3,}|\.{6,})")
KINDS = {
    "ligne": VariableKind.LINE,
    "mots": VariableKind.LINE,
    "texte": VariableKind.TEXT,
    "texte libre": VariableKind.TEXT,
    "date": VariableKind.DATE,
    "nombre": VariableKind.INTEGER,
    "entier": VariableKind.INTEGER,
}
CHOICE = re.compile(r"^choix\s*[:=]?\s*(.+)$", re.I)
KEY_MAX, LABEL_MAX = 40, 120
BEFORE, READ = 6, 400  # words before « ____ » that name it; characters in which they are looked for


class Blanks:
    """The blanks met so far; the same name is the same blank. Those already known keep what was set for them."""

    def __init__(self, known=()):
        self.known = {variable.key: variable for variable in known}
        self.by_key, self.met = {}, {}

    @property
    def variables(self):
        return list(self.by_key.values())

    def replaced(self, text, line, wrong):
        """The text with each blank as « {key} »; `wrong(line, reason)` is called for what is not one."""

        def put(match):
            named = match[1] is not None
            before = text[max(0, match.start() - READ) : match.start()]
            return self.of_name(match[1], line, wrong) if named else self.of_place(before)

        pieces, last = [], 0
        for match in BLANK.finditer(text):
            pieces += [self.literal(text[last : match.start()], line, wrong), put(match)]
            last = match.end()
        return "".join([*pieces, self.literal(text[last:], line, wrong)]).strip()

    def literal(self, text, line, wrong):
        """Words between blanks: a brace there is a blank that was not closed, or not opened."""
        if "{" in text or "}" in text:
            opened = "{{" in text
            wrong(
                line,
                "Un blanc ouvert par « {{ » n’est pas fermé par « }} » sur la même ligne."
                if opened
                else "Une accolade est seule : un blanc s’écrit « {{Nom du blanc}} ».",
            )
        return text

    def of_name(self, content, line, wrong):
        label, _, asked = (part.strip(" \u00a0") for part in _cut(content))
        if not label or not key_of(label):
            wrong(line, "Un blanc n’a pas de nom : écrivez « {{Nom du blanc}} ».")
            return ""
        kind, choices = kind_of(asked)
        if kind is None:
            wrong(line, f"« {asked} » : un blanc est une ligne, un texte, une date, un nombre, ou « choix : a / b ».")
            return ""
        if kind == VariableKind.CHOICE and len(choices) < 2:
            wrong(line, f"« {label} » : un choix donne au moins deux réponses, séparées par « / ».")
        return self.keep(label, kind, choices, line, wrong, asked=bool(asked))

    def of_place(self, before):
        """A blank that has no name takes the words before it."""
        words = re.findall(r"[^\W_]+(?:[’'-][^\W_]+)*", BLANK.sub(" ", before))
        sentence = re.split(r"[.!?\n]", BLANK.sub(" ", before))[-1]
        named = re.findall(r"[^\W_]+(?:[’'-][^\W_]+)*", sentence) or words
        label = " ".join(named[-BEFORE:]) or "Blanc"
        label = label[0].upper() + label[1:]
        stem = key_of(label) or "blanc"
        key, rank = stem, self.met.get(stem, 1)
        while key in self.by_key:
            rank += 1
            suffix = f"_{rank}"
            key = f"{stem[: KEY_MAX - len(suffix)].strip('_')}{suffix}"
        self.met[stem] = rank
        return self.keep(f"{label} ({rank})" if rank > 1 else label, VariableKind.LINE, (), 0, None, key=key)

    def keep(self, label, kind, choices, line, wrong, *, asked=False, key=""):
        key = key or key_of(label)
        if key in self.by_key:
            if asked and self.by_key[key].kind != kind:
                wrong(line, f"« {label} » est demandé de deux façons différentes dans le texte.")
            return f"{{{key}}}"
        variable = Variable(key=key, label=label[:LABEL_MAX], kind=str(kind), choices=choices)
        former = self.known.get(key)
        if former:
            variable = former if not asked else replace(former, kind=str(kind), choices=choices)
        self.by_key[key] = variable
        return f"{{{key}}}"


def _cut(content):
    """(name, separator, kind) of « name : kind » or « name | kind »."""
    found = re.search(r"[|:]", content)
    return (content[: found.start()], found[0], content[found.end() :]) if found else (content, "", "")


def key_of(label):
    """« Date de début » is `date_de_debut`."""
    key = re.sub(r"[^a-z0-9]+", "_", normalised(label)).strip("_")[:KEY_MAX].strip("_")
    return f"b_{key}" if key and not key[0].isalpha() else key


def kind_of(asked):
    """The kind of a blank and its choices; (None, ()) for an unknown one."""
    if not asked:
        return VariableKind.LINE, ()
    if found := CHOICE.match(asked.replace("\u00a0", " ")):
        return VariableKind.CHOICE, tuple(filter(None, (part.strip() for part in found[1].split("/"))))
    return KINDS.get(normalised(asked)), ()
