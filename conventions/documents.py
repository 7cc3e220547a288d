"""A convention as a text: read from its template, filled, numbered, drawn once. Pure but for the rendering."""

import datetime
import hashlib
import io
import json
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pikepdf
import rfc8785
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from caprse.base.pdf import render_pdf
from caprse.base.text import date_in_words, number
from cohorts.enums import OrganisationKind
from conventions.enums import VariableKind

CONTENT = Path(__file__).parent / "content"
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
CONSENT_NAMES = frozenset({"signatory", "quality", "party", "power", "reference", "title"})
# Who is bound first is named first.
ROLE_ORDER = (
    OrganisationKind.STRUCTURE,
    OrganisationKind.REGION,
    OrganisationKind.NATIONAL,
    OrganisationKind.PARTNER,
)


@dataclass(frozen=True)
class Variable:
    """A blank to fill before freezing."""

    key: str
    label: str
    kind: str
    help: str = ""
    required: bool = True
    default: str = ""


@dataclass(frozen=True)
class Clause:
    """One rule or commitment. `roles` empty: it binds every party."""

    text: str
    roles: tuple = ()
    heading: str = ""


@dataclass(frozen=True)
class Article:
    title: str
    clauses: tuple


@dataclass(frozen=True)
class Template:
    """A whole template, checked."""

    key: str
    title: str
    consent: str
    variables: tuple
    articles: tuple


@dataclass(frozen=True)
class Block:
    """Clauses that go together under one number: a common one alone, or all those of the same roles."""

    number: str
    heading: str
    roles: tuple
    clauses: tuple


@dataclass(frozen=True)
class NumberedArticle:
    number: int
    title: str
    blocks: tuple


def sha256(data):
    """Fingerprint of bytes or of a text in UTF-8."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def canonical_sha256(value):
    """Fingerprint of plain data in canonical JSON (RFC 8785)."""
    return sha256(rfc8785.dumps(value))


@cache
def shipped(key):
    """The content of a template that comes with the product, as plain data."""
    with (CONTENT / f"{key}.toml").open("rb") as handle:
        return tomllib.load(handle)


def read_template(data):
    """The template that plain data describes. Raises ValueError on an unknown role, kind or blank."""
    variables = tuple(Variable(**entry) for entry in data.get("variables", ()))
    articles = tuple(
        Article(
            title=article["title"],
            clauses=tuple(
                Clause(text=entry["text"], roles=tuple(entry.get("roles", ())), heading=entry.get("heading", ""))
                for entry in article["clauses"]
            ),
        )
        for article in data["articles"]
    )
    template = Template(data["key"], data["title"], data["consent"], variables, articles)
    _check(template)
    return template


def _check(template):
    kinds = {variable.kind for variable in template.variables} - set(VariableKind.values)
    roles = {role for article in template.articles for clause in article.clauses for role in clause.roles}
    names = {variable.key for variable in template.variables}
    used = {
        name
        for article in template.articles
        for text in (article.title, *(clause.text for clause in article.clauses))
        for name in PLACEHOLDER.findall(text)
    }
    unknown = kinds | (roles - set(ROLE_ORDER)) | (used - names)
    unknown |= set(PLACEHOLDER.findall(template.consent)) - CONSENT_NAMES
    if unknown:
        raise ValueError(f"template {template.key}: unknown {', '.join(sorted(unknown))}")


# --- Filling ----------------------------------------------------------------------------------------------------


def in_words(variable, value):
    """The value of a variable as it is read in the text; a blank shows as such."""
    if value in (None, ""):
        return f"[{variable.label}]"
    if variable.kind == VariableKind.DATE:
        return date_in_words(datetime.date.fromisoformat(value))
    if variable.kind == VariableKind.INTEGER:
        return number(int(value))
    return str(value)


def fill(text, values):
    """Put the values in the text, once: a value that looks like a blank stays as it was typed."""
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)


def numbered_articles(template, variables):
    """The articles with their blanks filled, their clauses grouped by role and numbered."""
    values = {variable.key: in_words(variable, variables.get(variable.key)) for variable in template.variables}
    return [
        NumberedArticle(rank, fill(article.title, values), tuple(_blocks(article, rank, values)))
        for rank, article in enumerate(template.articles, start=1)
    ]


def _blocks(article, rank, values):
    groups = []
    for clause in article.clauses:
        if groups and clause.roles and not clause.heading and groups[-1][0].roles == clause.roles:
            groups[-1].append(clause)
        else:
            groups.append([clause])
    for place, group in enumerate(groups, start=1):
        texts = tuple(fill(clause.text, values) for clause in group)
        yield Block(f"{rank}.{place}", group[0].heading, group[0].roles, texts)


def consent_text(template, *, reference, party, signatory):
    """The words a signatory accepts, with their own name, quality and power."""
    return fill(
        template.consent,
        {
            "signatory": signatory.full_name,
            "quality": signatory.quality,
            "party": party.name,
            "power": signatory.power,
            "reference": reference,
            "title": template.title,
        },
    )


# --- Drawing ----------------------------------------------------------------------------------------------------


def in_order(parties):
    """Parties by kind, then by name."""
    return sorted(parties, key=lambda party: (ROLE_ORDER.index(party.role), party.name.casefold()))


def original_html(*, template, variables, reference, version_number, parties):
    """The text to sign as a fragment of page: what every signatory reads, and what the PDF is made from."""
    return render_to_string(
        "conventions/frozen_text.html",
        {
            "title": template.title,
            "reference": reference,
            "version_number": version_number,
            "parties": in_order(parties),
            "articles": numbered_articles(template, variables),
        },
    )


def document_pdf(*, html, title, reference, made_at, closing_html="", attachments=()):
    """The PDF of a fragment, then of what closes it. Same input, same bytes. Returns (bytes, number of pages).

    `attachments` are (name, description, bytes, media type). Raises PdfUnavailable without Pango.
    """
    page = render_to_string(
        "pdf/convention.html",
        {
            "title": title,
            "subject": f"{title} n° {reference}",
            "context": f"Convention n° {reference}",
            "created": made_at,
            "html": mark_safe(html),  # noqa: S308  drawn and escaped by our own templates
            "closing_html": mark_safe(closing_html),  # noqa: S308  drawn and escaped by our own templates
        },
    )
    content = io.BytesIO()
    with pikepdf.open(io.BytesIO(render_pdf(page))) as pdf:
        for name, description, data, media_type in attachments:
            pdf.attachments[name] = pikepdf.AttachedFileSpec(
                pdf,
                data,
                description=description,
                filename=name,
                mime_type=media_type,
                relationship=pikepdf.Name.Source,
            )
        pages = len(pdf.pages)
        pdf.save(content, deterministic_id=True)
    return content.getvalue(), pages


def evidence_file(evidence):
    """The evidence attached to the final PDF, readable by people and by machines."""
    return json.dumps(evidence, ensure_ascii=False, indent=1, sort_keys=True).encode()


def moment(instant):
    """An instant as the chain writes it: UTC, to the microsecond."""
    return instant.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
