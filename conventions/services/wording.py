"""The words to sign: the template's, then for an amendment what it changes, for a bulletin the text that is joined."""

from dataclasses import replace

from django.template.loader import render_to_string

from caprse.base import clock
from caprse.base.text import short_date
from conventions import consolidation, documents, lifecycle, texts
from conventions.enums import ConventionState, DocumentKind, Nature
from conventions.models import FrozenDocument
from conventions.services import family
from conventions.services.annexed import changed_by

# What the application fills in what follows another text: nobody types them.
COMPUTED = (
    *("parent_title", "parent_reference", "parent_date", "parent_sha256"),
    *("changes", "accession_clause", "amendments"),
)


def asked(convention):
    """The template with the blanks that somebody fills."""
    template = family.template_of(convention)
    if convention.nature == Nature.CONVENTION:
        return template
    return replace(template, variables=tuple(v for v in template.variables if v.key not in COMPUTED))


def filled(convention):
    """The values of its blanks, those that name the text it follows and say what it changes included."""
    if convention.nature == Nature.CONVENTION or convention.state != ConventionState.DRAFT:
        return convention.variables
    parent, prints = convention.parent, {text.pk: sha256 for text, sha256 in quoted(convention)}
    template = family.template_of(parent)
    amendments = family.amendments_in_force(parent, clock.today())
    told = [f"n° {one.reference}, en vigueur depuis le {short_date(one.in_force_on)}" for one in amendments]
    values = {
        "parent_title": template.title,
        "parent_reference": parent.reference,
        "parent_date": parent.in_force_on.isoformat() if parent.in_force_on else "",
        "parent_sha256": prints.get(parent.pk, ""),
        "accession_clause": texts.number_of(template, template.accession_clause),
        "amendments": " ; ".join(told) or "aucun",
    }
    if convention.nature == Nature.AMENDMENT:
        values["changes"] = "\n".join(consolidation.in_short(change) for change in family.changes_of(convention))
    return {**convention.variables, **values}


def original_html(convention, *, parties=None, **more):
    """The text to sign as a fragment of page. `more` goes to `documents.original_html` as it is."""
    html = documents.original_html(
        template=family.template_of(convention),
        variables=filled(convention),
        reference=convention.reference,
        version_number=convention.version.number,
        parties=convention.parties.all() if parties is None else parties,
        **more,
    )
    if convention.nature == Nature.AMENDMENT:
        return html + render_to_string("conventions/frozen_changes.html", changes_context(convention))
    if convention.nature == Nature.ACCESSION:
        return html + render_to_string("conventions/frozen_joined.html", joined_context(convention))
    return html


def changes_context(amendment, *, changes=None):
    """What a page says of an amendment: the text it changes, with its fingerprint, and each change before and after."""
    context = {"quoted": quoted(amendment), "changes": family.changes_of(amendment, changes=changes)}
    if enter := list(family.entering(amendment)):
        context |= {"entering": enter, "texts": consolidation.amended(family.text_before(amendment), amendment.changes)}
    return context


def joined_context(bulletin):
    """What a bulletin quotes, and the whole text as it reads on the day it is drawn."""
    texts, _ = family.consolidated(bulletin.parent, clock.today())
    return {"quoted": quoted(bulletin), "texts": texts, "day": clock.today()}


def quoted(follower):
    """The convention it follows and the amendments in force, each by its number and the fingerprint of its document."""
    amendments = family.amendments_in_force(follower.parent, clock.today())
    rows = FrozenDocument.objects.filter(convention__in=[follower.parent, *amendments], kind=DocumentKind.FINAL)
    prints = dict(rows.values_list("convention_id", "pdf_sha256"))
    return [(text, prints.get(text.pk, "")) for text in (follower.parent, *amendments)]


def gaps_of(convention):
    """What is missing beside blanks and signatories: an amendment that changes nothing, parties that are not all there.

    An amendment and a bulletin are not signed at the same time: whoever joins would have signed neither the words that
    change nor their change.
    """
    gaps = []
    if convention.nature == Nature.AMENDMENT:
        bound = set(family.current_parties(convention.parent).values_list("organisation_id", flat=True))
        signing = set(convention.parties.values_list("organisation_id", flat=True))
        enter = signing - bound
        if not family.changes_of(convention) and not changed_by(convention) and not enter:
            gaps.append(("changes", "L’avenant ne change encore aucun article, ni aucune annexe."))
        if joining := family.being_signed(convention.parent, Nature.ACCESSION):
            gaps.append(("parties", lifecycle.JOINS_MEANWHILE.format(joining.reference)))
        if bound - signing or enter - {one.pk for one in family.may_join(convention.parent)}:
            gaps.append(("parties", "Les parties de la convention ont changé : reprenez-les avant de figer l’avenant."))
    amendment = convention.nature == Nature.ACCESSION and family.being_signed(convention.parent, Nature.AMENDMENT)
    if amendment:
        gaps.append(("parties", lifecycle.CHANGES_MEANWHILE.format(amendment.reference)))
    return gaps
