"""What a template is made of."""

import re
from dataclasses import dataclass

from cohorts.enums import OrganisationKind
from conventions.enums import EntryIntoForce, TemplateKind

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
CONSENT_NAMES = frozenset({"signatory", "quality", "party", "power", "reference", "title"})
KEY_MAX = 20  # what the register and a notice of breach keep of a clause
# Who is bound first is named first.
ROLE_ORDER = (
    OrganisationKind.STRUCTURE,
    OrganisationKind.REGION,
    OrganisationKind.NATIONAL,
    OrganisationKind.PARTNER,
)


@dataclass(frozen=True)
class Variable:
    """A blank to fill before freezing. `roles`: each party of these kinds fills its own; empty: one for the text.

    `choices`: the answers of a blank of the kind “choice”.
    """

    key: str
    label: str
    kind: str
    help: str = ""
    required: bool = True
    default: str = ""
    roles: tuple = ()
    choices: tuple = ()

    @property
    def per_party(self):
        return bool(self.roles)


@dataclass(frozen=True)
class Clause:
    """One rule or commitment. `roles` empty: it binds every party.

    `key` stays the same from one version to the next; `proof` says, of a commitment, what may show it was kept.
    """

    text: str
    roles: tuple = ()
    heading: str = ""
    key: str = ""
    proof: str = ""


@dataclass(frozen=True)
class Article:
    title: str
    clauses: tuple
    key: str = ""


@dataclass(frozen=True)
class Template:
    """A whole template, checked. `asks_place`: each signatory says where they sign (« Fait à … »).

    `entry_clause`, `accession_clause` and `proof_clause` are keys of clauses; without an accession clause, a later
    structure enters by an amendment that all sign. `entry_variable`: the blank that holds the day, where the text says
    one. `identity_years`: how long a visual identity runs, from a committee's validation. `expires_days`: how long
    one has to sign; 0, no limit. `parties`: the roles without which the text makes no sense.
    """

    key: str
    title: str
    consent: str
    variables: tuple
    articles: tuple
    asks_place: bool = False
    kind: str = TemplateKind.CONVENTION
    entry: str = EntryIntoForce.LAST_SIGNATURE
    entry_clause: str = ""
    entry_variable: str = ""
    accession_clause: str = ""
    proof_clause: str = ""
    expires_days: int = 0
    place_variable: str = ""
    identity_years: int = 0
    parties: tuple = (OrganisationKind.STRUCTURE, OrganisationKind.REGION)

    @property
    def clauses(self):
        return [clause for article in self.articles for clause in article.clauses]

    @property
    def clause_keys(self):
        return {clause.key for clause in self.clauses}

    @property
    def accession(self):
        """Whether a later structure may join by a bulletin, without an amendment."""
        return bool(self.accession_clause)


@dataclass(frozen=True)
class NumberedClause:
    """A clause as it is cited: « 2.1 a », its text filled."""

    key: str
    number: str
    text: str
    roles: tuple
    proof: str


@dataclass(frozen=True)
class Block:
    """Clauses that go together under one number: a common one alone, or all those of the same roles."""

    number: str
    heading: str
    roles: tuple
    items: tuple

    @property
    def clauses(self):
        """Their texts."""
        return tuple(item.text for item in self.items)


@dataclass(frozen=True)
class NumberedArticle:
    number: int
    title: str
    blocks: tuple


@dataclass(frozen=True)
class Problem:
    """What keeps a template from being published: `where` is « settings », « variables » or the key of an article."""

    where: str
    sentence: str
