"""A convention with what follows it: its versions, amendments and bulletins; who is a party now, what the text says."""

from datetime import timedelta

from django.db.models import Q

from caprse.base import clock
from cohorts.enums import OrganisationKind
from cohorts.models import Participation
from conventions import consolidation
from conventions.consolidation import PartyFact, TextFact
from conventions.enums import ConventionState, DocumentKind, Nature
from conventions.models import Convention, FrozenDocument, Party, Signatory
from conventions.models.conventions import BOUND, OVER
from conventions.services import states
from conventions.texts import numbered_articles, read_template, with_party_values
from conventions.texts.workshop import with_workshop

COPIED = (
    *("first_name", "last_name", "email", "address_basis", "quality"),
    *("power", "power_basis", "power_file_id", "rank", "user_id"),
)


def template_of(convention):
    """The template it was written from, whose version never changes, and what a workshop added to it: the frozen text."""
    template = read_template(convention.version.content)
    return with_workshop(template, convention.changes) if convention.nature == Nature.CONVENTION else template


def lock(convention):
    """The convention held, its followers before it: who signs one of them takes the same way. Returns it.

    A follower begun meanwhile waits for the convention itself.
    """
    list(Convention.objects.select_for_update().filter(parent=convention).order_by("pk"))
    return states.lock(convention)


def current_parties(convention, day=None):
    """Those bound on a day (today), later adherents included, those who left before it excluded."""
    day = day or clock.today()
    return convention.parties.filter(Q(left_on=None) | Q(left_on__gte=day))


def may_join(convention):
    """The structures of its cohort that a convention does not bind."""
    if convention.cohort_id is None:
        return []
    bound = current_parties(convention).values("organisation")
    paths = Participation.objects.current().filter(cohort=convention.cohort_id).exclude(organisation__in=bound)
    return [path.organisation for path in paths.select_related("organisation").order_by("organisation__legal_name")]


def entering(amendment):
    """Those that an amendment makes parties of the text it changes: not bound when it was sent. Empty once it is done."""
    day = clock.day_of(amendment.sent_at) if amendment.sent_at else clock.today()
    bound = current_parties(amendment.parent, day).values("organisation")
    return amendment.parties.filter(left_on=None).exclude(organisation__in=bound).order_by("name")


def followers(convention, *natures):
    """The amendments and bulletins of a convention, oldest first."""
    rows = Convention.objects.filter(parent=convention).select_related("version__template", "region", "cohort__region")
    return (
        rows.filter(nature__in=natures).order_by("created_at", "pk") if natures else rows.order_by("created_at", "pk")
    )


def under_way(convention, nature):
    """What is being prepared or signed of this nature."""
    rows = followers(convention, nature).exclude(state__in=(*OVER, ConventionState.IN_FORCE))
    return rows.exclude(state=ConventionState.SIGNED, in_force_on__isnull=False)


def being_signed(convention, nature):
    """The follower of this nature whose text is fixed and does not bind yet, or None."""
    fixed = (ConventionState.FREEZING, ConventionState.FROZEN, ConventionState.OPEN, ConventionState.SIGNED)
    return followers(convention, nature).filter(state__in=fixed).first()


def copy_parties(source, convention, parties, *, by):
    """Make parties of these organisations, with who signs for them in the newest text of the family. Returns them."""
    parties = list(parties.order_by("pk"))
    signs = newest_signatories(source, [party.organisation_id for party in parties])
    rows = []
    for former in parties:
        party = Party.objects.create(
            region_id=convention.region_id,
            convention=convention,
            organisation_id=former.organisation_id,
            role=former.role,
            name=former.name,
            contact_name=former.contact_name,
            contact_email=former.contact_email,
            contact_phone=former.contact_phone,
            values=former.values,
        )
        for signatory in signs.get(party.organisation_id, ()):
            copy_signatory(signatory, party, by=by)
        rows.append(party)
    return rows


def copy_signatory(signatory, party, *, by):
    """The same person, in the same quality and with the same power, signs for this party too."""
    fields = {name: getattr(signatory, name) for name in COPIED}
    by_id = by.user_id if by else None
    return Signatory.objects.create(region_id=party.region_id, party=party, created_by_id=by_id, **fields)


def newest_signatories(source, organisation_ids):
    """{organisation: who signs for it now, in the last text of the family where it is named}."""
    family = Q(party__convention=source) | Q(party__convention__parent=source)
    if source.parent_id:
        family |= Q(party__convention=source.parent_id) | Q(party__convention__parent=source.parent_id)
    rows = Signatory.objects.current().filter(family, party__organisation__in=organisation_ids)
    newest = {}
    for signatory in rows.select_related("party").order_by(
        "-party__convention__created_at", "-party__convention", "pk"
    ):
        kept = newest.setdefault(signatory.party.organisation_id, [])
        if not kept or kept[0].party_id == signatory.party_id:
            kept.append(signatory)
    return newest


def give_deadline(convention):
    """The deadline that the template gives, when nobody typed one; called as the text leaves. Returns the day or None."""
    if convention.expires_on is None and (days := template_of(convention).expires_days):
        convention.expires_on = clock.today() + timedelta(days=days)
        Convention.objects.filter(pk=convention.pk).update(expires_on=convention.expires_on)
    return convention.expires_on


# --- The text -----------------------------------------------------------------------------------------------------


def base_of(convention):
    """The articles as they were frozen."""
    template = template_of(convention)
    parties = list(Party.objects.filter(convention=convention).founding().order_by("pk"))
    values = with_party_values(template, convention.variables, parties)
    return consolidation.base_texts(template, numbered_articles(template, values))


def amendments_in_force(convention, day):
    """The amendments in force on a day, in order of effect."""
    rows = followers(convention, Nature.AMENDMENT).filter(state__in=BOUND, in_force_on__lte=day)
    return list(rows.order_by("in_force_on", "pk"))


def consolidated(convention, day):
    """The articles as they read on a day, for information: what was signed alone binds. Returns (texts, amendments)."""
    amendments = amendments_in_force(convention, day)
    texts = base_of(convention)
    for amendment in amendments:
        texts = consolidation.amended(texts, amendment.changes)
    return texts, amendments


def changes_of(amendment, *, changes=None):
    """What an amendment changes, article by article, to the text it was written on."""
    before = text_before(amendment)
    after = consolidation.amended(before, amendment.changes if changes is None else changes)
    return consolidation.differences(before, after)


def text_before(amendment):
    """The articles that an amendment changes: those in force when it took effect, else those of today."""
    parent = amendment.parent
    texts = base_of(parent)
    rows = followers(parent, Nature.AMENDMENT).filter(state__in=BOUND).exclude(pk=amendment.pk)
    if amendment.in_force_on:
        rows = rows.filter(
            Q(in_force_on__lt=amendment.in_force_on) | Q(in_force_on=amendment.in_force_on, pk__lt=amendment.pk)
        )
    for earlier in rows.order_by("in_force_on", "pk"):
        texts = consolidation.amended(texts, earlier.changes)
    return texts


# --- Facts --------------------------------------------------------------------------------------------------------


def facts_of(convention):
    """(the convention's TextFact, its amendments', its parties'): what `consolidation.bound_on` reads."""
    rows = list(followers(convention, Nature.AMENDMENT, Nature.ACCESSION).filter(state__in=BOUND))
    prints = dict(
        FrozenDocument.objects.filter(convention__in=[convention, *rows], kind=DocumentKind.FINAL).values_list(
            "convention_id", "pdf_sha256"
        )
    )
    base = _text_fact(convention, f"Convention n° {convention.reference}", prints)
    amendments = [
        _text_fact(row, f"Avenant n° {row.reference}", prints) for row in rows if row.nature == Nature.AMENDMENT
    ]
    joined = {}
    bulletins = [row for row in rows if row.nature == Nature.ACCESSION]
    entered = Party.objects.filter(convention__in=bulletins, role=OrganisationKind.STRUCTURE)
    by_bulletin = dict(entered.values_list("convention_id", "organisation_id"))
    for row in bulletins:
        joined[by_bulletin[row.pk]] = row
    by_amendment = Party.objects.filter(
        convention__in=[row for row in rows if row.nature == Nature.AMENDMENT], left_on=None
    ).order_by("-convention__in_force_on", "-convention")  # the first of them, last, has the word
    texts = {row.pk: row for row in rows}
    founding = set(convention.parties.founding().values_list("organisation_id", flat=True))
    for pk, organisation in by_amendment.values_list("convention_id", "organisation_id"):
        if organisation not in founding and organisation not in by_bulletin.values():
            joined[organisation] = texts[pk]
    parties = [_party_fact(party, base, joined.get(party.organisation_id)) for party in convention.parties.all()]
    return base, amendments, parties


def _text_fact(row, name, prints):
    since = row.in_force_on if row.state in BOUND else None
    return TextFact(name, since, row.ended_on, prints.get(row.pk, ""), row)


def _party_fact(party, base, entry):
    """`entry`: the bulletin or the amendment by which it came in, None for who signed the text itself."""
    ends = [day for day in (party.left_on, base.until) if day]
    return PartyFact(
        party.name,
        party.get_role_display(),
        entry.in_force_on if entry else base.since,
        min(ends) if ends else None,
        f"{entry.get_nature_display()} n° {entry.reference}" if entry else "signature de la convention",
        party.left_reason if party.left_on else "",
    )
