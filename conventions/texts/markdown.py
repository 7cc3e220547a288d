"""A text in Markdown that a network brings, read as articles, clauses of each kind of party, and blanks.

« # » its title; « ## Article 1 – Objet » an article; « ### Engagements de la structure » the clauses of one kind of
party; a paragraph or an item of a list, a clause; « {{Date de début : date}} » or « ____ », a blank to fill.
"""

import re
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from markdown_it import MarkdownIt

from caprse.base.text import NBSP, clean_text, normalised, number, size_in_words
from cohorts.enums import OrganisationKind
from conventions.enums import CommitmentProof
from conventions.texts.blanks import Blanks
from conventions.texts.shapes import Article, Clause

BYTES = 400_000
LINES = 6_000
ARTICLES, CLAUSES, VARIABLES = 60, 400, 80
CLAUSE, TITLE = 2_000, 160
MOST_ERRORS = 100
STRUCTURE, REGION = OrganisationKind.STRUCTURE, OrganisationKind.REGION
NATIONAL, PARTNER = OrganisationKind.NATIONAL, OrganisationKind.PARTNER
# Read in this order: « tête de réseau nationale » is not a region, « partenaire régional » is.
ROLE_WORDS = (
    (NATIONAL, re.compile(r"\b(national|nationale|tete de reseau)\b")),
    (PARTNER, re.compile(r"\b(partenaires?|inae)\b")),
    (REGION, re.compile(r"\b(regions?|regionale?s?|delegations?|coorace)\b")),
    (STRUCTURE, re.compile(r"\b(structures?|associations?|siae)\b")),
)
EVERYBODY = re.compile(r"\b(parties|communs?|reciproques|mutuels)\b")
PLEDGES = re.compile(r"^(les )?(engagements?|obligations?)\b")
BRACKETED = re.compile(r"\s*\[([^\]]*)\]\s*$")
NUMBERING = re.compile(
    r"^\s*(?:article\s+(?:\d+|[ivxlc]+|premier|unique)\b|\d+(?:\.\d+)+|\d+(?=\s*[.:)°–—-]))[\s.:)°–—-]*", re.I
)
# Before the text is read as Markdown, for which underscores are emphasis.
LINE_TO_FILL = re.compile(r"(?<=[^_\n])_{3,}|(?<!_)_{3,}(?=[^_\n])")
SIGNATURES = re.compile(r"^(les )?signatures?$")
TAG = re.compile(r"<[a-zA-Z/!?]")
NOT_TAKEN = {
    "fence": "un bloc de code",
    "code_block": "un bloc décalé de quatre espaces, que Markdown lit comme du code : enlevez les espaces",
    "html_block": "du HTML",
    "table_open": "un tableau",
    "blockquote_open": "une citation",
}


@dataclass(frozen=True)
class LineError:
    """What is wrong, and at which line of the file; 0: the file as a whole."""

    line: int
    reason: str


@dataclass(frozen=True)
class Brought:
    """A text as it was read. With errors, the rest only says how far the reading went."""

    title: str = ""
    articles: tuple = ()
    variables: tuple = ()
    errors: tuple = ()
    notices: tuple = ()

    @property
    def clauses(self):
        return [clause for article in self.articles for clause in article.clauses]


def refused(reason, line=0):
    return Brought(errors=(LineError(line, reason),))


def read_markdown(content, *, names=None, variables=()):
    """The text that these bytes hold. `names`: {name of an organisation: its kind}; `variables`: those already known."""
    if len(content) > BYTES:
        return refused(
            f"Ce texte pèse {size_in_words(len(content))} ; le maximum est de {size_in_words(BYTES)}, soit une "
            "centaine de pages. Gardez-en le contrat lui-même, et mettez le reste en annexe."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return refused(
            "Ce fichier n’est pas un texte : enregistrez-le en « texte brut », codage UTF-8, puis réessayez."
        )
    if not text.strip():
        return refused("Ce fichier est vide.")
    lines = re.split(r"\r\n?|\n", text)
    if len(lines) > LINES:
        return refused(f"Ce texte compte {number(len(lines))} lignes ; le maximum est de {number(LINES)}.")
    odd = tuple(_odd(lines))
    found = _Reading("\n".join(lines), names or {}, variables).read()
    if not odd:
        return found
    told = {error.line for error in odd}
    both = (*odd, *(error for error in found.errors if error.line not in told))
    return replace(found, errors=tuple(sorted(both, key=lambda error: error.line)[:MOST_ERRORS]))


def _odd(lines):
    """The lines that hold a character nobody sees, or a piece of HTML."""
    for rank, line in enumerate(lines, start=1):
        try:
            clean_text(line, max_length=BYTES)
        except ValidationError as error:
            yield LineError(rank, error.messages[0])
        if TAG.search(line):
            yield LineError(rank, "Les balises HTML ne se reprennent pas : écrivez le texte seul.")


def role_of(words, names):
    """The kind of party that a heading names, or None."""
    for name, role in names.items():
        if name and name in words and re.search(rf"\b{re.escape(name)}\b", words):
            return role
    return next((role for role, pattern in ROLE_WORDS if pattern.search(words)), None)


@dataclass
class _Open:
    """An article being read."""

    title: str
    line: int
    clauses: list = field(default_factory=list)


class _Reading:
    """One reading, block after block."""

    def __init__(self, text, names, variables):
        self.tokens = MarkdownIt("commonmark").enable("table").parse(LINE_TO_FILL.sub("………", text))
        self.lines = text.split("\n")
        self.names = {normalised(name): role for name, role in names.items()}
        self.blanks = Blanks(variables)
        self.title, self.articles, self.errors, self.notices = "", [], [], []
        self.heading, self.roles, self.skipping = "", (), False

    def wrong(self, line, reason):
        self.errors.append(LineError(line, reason))

    def read(self):
        """Everything, errors included."""
        for rank, token in enumerate(self.tokens):
            line = token.map[0] + 1 if token.map else 0
            if token.type in NOT_TAKEN and not self.skipping:
                self.wrong(line, f"Ceci ne se reprend pas : {NOT_TAKEN[token.type]}.")
            elif token.type == "inline":
                before = self.tokens[rank - 1]
                self.block(token, before, line)
            if len(self.errors) >= MOST_ERRORS:
                break
        self.whole()
        errors = tuple(sorted(self.errors[:MOST_ERRORS], key=lambda error: error.line))
        variables = tuple(self.blanks.variables)
        return Brought(self.title, tuple(self.closed()), variables, errors, tuple(self.notices))

    def block(self, token, before, line):
        """One heading or one paragraph."""
        words = _plain(token)
        if any(child.type == "image" for child in token.children):
            self.wrong(line, "Une image ne se reprend pas : mettez-la en annexe.")
        if before.type != "heading_open":
            self.clause(words, self.faulty(token))
        elif before.tag == "h1":
            self.named(words, line)
        elif before.tag == "h2":
            self.article(words, line)
        elif before.tag == "h3":
            self.section(words, line)
        else:
            self.wrong(line, "Ce titre est trop profond : « ## » pour un article, « ### » pour une de ses sections.")

    def faulty(self, token):
        """The line of a block on which a blank is not closed; its first line when all are."""
        first, after = token.map
        lines = range(first, after)
        return next((rank for rank in lines if _unclosed(self.lines[rank])), first) + 1

    def named(self, words, line):
        if self.title:
            self.wrong(line, "Un seul titre de texte, « # » : écrivez les articles avec « ## ».")
        self.title = self.title or self.short(words, line)

    def short(self, words, line):
        title = re.sub(r"\s+", " ", words)
        if len(title) > TITLE:
            self.wrong(line, f"Ce titre compte {len(title)} caractères ; le maximum est de {TITLE}.")
        if re.search(r"\{|\}|_{3,}", title):
            self.wrong(line, "Un titre ne porte pas de blanc à remplir : mettez-le dans une clause.")
        return title

    def article(self, words, line):
        title = self.short(NUMBERING.sub("", words).strip(), line)
        self.heading, self.roles = "", ()
        self.skipping = bool(SIGNATURES.match(normalised(title)))
        if self.skipping:
            self.notices.append(
                f"Ligne {line} : l’article « {title} » est laissé, l’application ajoute les signatures."
            )
            return
        if not title:
            self.wrong(line, "Cet article n’a pas de titre.")
        same = next((known for known in self.articles if normalised(known.title) == normalised(title)), None)
        if title and same:
            self.wrong(line, f"Un article s’appelle déjà « {title} », ligne {same.line}.")
        self.articles.append(_Open(title, line))

    def section(self, words, line):
        """A heading inside an article: the clauses of one kind of party, or a mere subtitle."""
        if self.skipping:
            return
        if not self.articles:
            self.wrong(line, "Cette section n’est dans aucun article : écrivez d’abord un titre « ## ».")
        title = self.short(NUMBERING.sub("", words).strip(), line)
        bracketed = BRACKETED.search(title)
        self.heading, self.roles = BRACKETED.sub("", title), ()
        if bracketed:
            self.roles = tuple(self.told_role(name, line) for name in re.split(r"[,;]", bracketed[1]))
        elif PLEDGES.match(normalised(title)) and not EVERYBODY.search(normalised(title)):
            self.roles = (self.told_role(title, line),)
        self.roles = tuple(dict.fromkeys(str(role) for role in self.roles if role))

    def told_role(self, words, line):
        role = role_of(normalised(words), self.names)
        if role is None:
            self.wrong(
                line,
                f"« {words.strip()} » ne dit pas de quelle qualité de partie il s’agit. Ajoutez-la à la fin du titre : "
                "[structure], [délégation régionale], [tête de réseau nationale] ou [partenaire].",
            )
        return role

    def clause(self, words, line):
        if self.skipping:
            return
        if not self.articles:
            self.articles.append(_Open("Préambule", line))
        text = self.blanks.replaced(words, line, self.wrong)
        if len(text) > CLAUSE:
            self.wrong(
                line, f"Cette clause compte {number(len(text))} caractères ; le maximum est de {number(CLAUSE)}."
            )
        if not text:
            return
        opens = self.heading
        self.heading = ""
        proof = CommitmentProof.ATTESTED if self.roles and not text.endswith(":") else ""
        self.articles[-1].clauses.append(Clause(text=text, roles=self.roles, heading=opens, proof=str(proof)))

    def whole(self):
        """What is wrong of the text as a whole."""
        if not self.title:
            self.wrong(1, "Le texte n’a pas de titre : sa première ligne est « # Titre ».")
        if not self.articles:
            self.wrong(0, "Le texte n’a aucun article : chacun commence par « ## Titre de l’article ».")
        for article in self.articles:
            if not article.clauses:
                self.wrong(article.line, f"L’article « {article.title} » n’a aucune clause.")
        counts = (
            (len(self.articles), ARTICLES, "articles"),
            (sum(len(article.clauses) for article in self.articles), CLAUSES, "clauses"),
            (len(self.blanks.variables), VARIABLES, "blancs"),
        )
        for count, most, what in counts:
            if count > most:
                self.wrong(0, f"Le texte compte {number(count)} {what} ; le maximum est de {number(most)}.")

    def closed(self):
        """The articles, their clauses under keys of their places."""
        for rank, article in enumerate(self.articles, start=1):
            clauses = tuple(
                replace(clause, key=f"c{rank}-{place}") for place, clause in enumerate(article.clauses, start=1)
            )
            yield Article(title=article.title, clauses=clauses, key=f"a{rank}")


def _unclosed(line):
    return line.count("{{") != line.count("}}")


def _plain(token):
    """The words of a block, without its marks; a link keeps its address."""
    parts, address = [], ""
    for child in token.children:
        if child.type in ("text", "code_inline", "html_inline"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
        elif child.type == "link_open":
            address = child.attrGet("href") or ""
        elif child.type == "link_close" and address and address not in "".join(parts):
            parts.append(f" ({address})")
    return _typographic("".join(parts).strip())


def _typographic(text):
    """French typography: apostrophes, and no-break spaces where a plain one was typed."""
    text = text.replace("'", "’")
    return re.sub(r"(?<=\S) (?=[:;?!»])|(?<=«) ", NBSP, text)
