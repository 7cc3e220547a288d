"""Templates of conventions, read: those of the network and of one's region, their versions, what changes between two."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods

from caprse.base.access import Audience, Refused, open_to
from caprse.base.requests import posted, whole_number
from cohorts.access import visible_or_404
from cohorts.models import Region
from cohorts.roles import Permission
from conventions import documents, texts
from conventions.enums import EntryIntoForce, TemplateKind
from conventions.forms.templates import NewTemplateForm
from conventions.models import ConventionTemplate
from conventions.services import templates
from conventions.texts.comparing import compare

WRITERS = (Audience.REGION_ADMIN, Audience.NATIONAL_STAFF)
NETWORK = "reseau"


def template_or_404(request, key):
    """A template this person may read."""
    return visible_or_404(ConventionTemplate.objects.with_versions(), request.actor, key=key)


def may_write(actor, template):
    """Whether this person writes it: the network's for national staff, a region's for who coordinates it."""
    if template.region_id:
        return actor.coordinates(template.region_id)
    return actor.is_national


def template_to_write(request, key):
    """A template this person writes; refused, with a sentence, to who may only read it."""
    template = template_or_404(request, key)
    if template.region_id:
        request.actor.require_coordination(Permission.MANAGE_CONVENTION, template.region_id)
    elif not request.actor.is_national:
        raise Refused(
            f"« {template.title} » est un modèle du réseau : l’équipe nationale l’écrit. Vous pouvez le lire et vous "
            "en servir.",
            "Pour en changer les mots, copiez-le : la copie sera un modèle de votre région.",
        )
    return template


def owners_of(request):
    """For whom this person may begin a template, as (value, words)."""
    regions = Region.objects.visible_to(request.actor).filter(pk__in=request.actor.coordinated_region_ids)
    told = [(region.slug, f"La région {region.name}") for region in regions.order_by("name")]
    return ([(NETWORK, "Tout le réseau")] if request.actor.is_national else []) + told


@open_to(*WRITERS)
@require_GET
def convention_templates(request):
    """Every template one may read, the network's first."""
    rows = list(ConventionTemplate.objects.with_versions().visible_to(request.actor).order_by("title"))
    groups = {}
    for template in sorted(rows, key=lambda row: (row.region_id is not None, row.title.casefold())):
        owner = f"Région {template.region.name}" if template.region_id else "Le réseau"
        groups.setdefault(owner, []).append((template, may_write(request.actor, template)))
    return render(request, "conventions/templates.html", {"groups": groups})


@open_to(*WRITERS)
@require_http_methods(["GET", "POST"])
def convention_template_new(request):
    """Begin a template, from the shipped text of its kind or as a copy of another."""
    source = source_of(request)
    owners = owners_of(request)
    initial = {"owner": owners[0][0]} | ({"title": source.title, "kind": source.kind} if source else {})
    form = NewTemplateForm(posted(request), owners=owners, initial=initial)
    if request.method == "POST" and form.is_valid() and (made := created(request, form, source)):
        messages.success(request, f"Le brouillon de « {made.title} » est prêt : rien n’est encore publié.")
        return redirect(made.url("template_draft"))
    context = {"form": form, "source": source}
    return render(request, "conventions/template_new.html", context, status=422 if form.errors else 200)


def source_of(request):
    """The template to copy, when one is named."""
    key = request.POST.get("source") or request.GET.get("source")
    return template_or_404(request, key) if key else None


def created(request, form, source):
    """The template of this form, or None: the form then says why."""
    data = form.cleaned_data
    regions = Region.objects.visible_to(request.actor)
    region = None if data["owner"] == NETWORK else regions.get(slug=data["owner"])
    copied = source.versions.order_by("-number").first() if source else None
    kind = source.kind if source else data["kind"]
    try:
        return templates.create(title=data["title"], kind=kind, region=region, source=copied, by=request.user)
    except templates.TakenTitle:
        form.add_error("title", "Un autre modèle porte déjà ce titre. Donnez-lui-en un qui le distingue.")
        return None


def text_of(template, *, number, title=""):
    """A template as a page, its blanks shown as such."""
    html = documents.original_html(
        template=template, variables={}, reference="(numéro)", version_number=number, parties=()
    )
    return mark_safe(html)  # noqa: S308  drawn and escaped by our own template


def terms_of(template):
    """What a template says of itself, as its card shows it."""
    return {
        "entry": EntryIntoForce(template.entry).label,
        "entry_number": texts.number_of(template, template.entry_clause),
        "accession_number": texts.number_of(template, template.accession_clause),
        "proof_number": texts.number_of(template, template.proof_clause),
    }


def as_role(request):
    """The kind of party one reads as."""
    asked = request.GET.get("partie", "")
    return asked if asked in texts.ROLE_ORDER else texts.ROLE_ORDER[0].value


@open_to(*WRITERS)
@require_GET
def convention_template(request, key):
    """One version of a template, as each kind of party reads it; the others, and what may be done."""
    template = template_or_404(request, key)
    version = version_asked(template, request.GET.get("version"))
    read = texts.read_template(version.content) if version else None
    context = {
        "template": template,
        "version": version,
        "html": text_of(read, number=version.number) if version else "",
        "read": read,
        "terms": terms_of(read) if read else {},
        "role": as_role(request),
        "roles": texts.ROLE_ORDER,
        "may_write": may_write(request.actor, template),
        "kind": TemplateKind(template.kind).label,
    }
    return render(request, "conventions/template.html", context)


def version_asked(template, asked):
    """The version of this number, the last one by default; 404 for one that does not exist, None when there is none."""
    if not template.listed:
        return None
    number = template.listed[0].number if asked in (None, "") else whole_number(asked)
    version = template.versions.filter(number=number).first() if number is not None else None
    if version is None:
        raise Http404
    return version


@open_to(*WRITERS)
@require_GET
def convention_template_compare(request, key):
    """Two versions side by side, clause by clause; or the last one and the draft."""
    template = template_or_404(request, key)
    numbers = [version.number for version in template.listed]
    draft = template.next_version if may_write(request.actor, template) else None
    before = asked_side(request.GET.get("avant"), numbers, numbers[1] if len(numbers) > 1 and not draft else None)
    after = asked_side(request.GET.get("apres"), numbers, None, draft=bool(draft))
    context = {"template": template, "numbers": numbers, "before": before, "after": after, "draft": draft}
    if numbers and (draft or len(numbers) > 1):
        old = template.versions.get(number=before or numbers[0])
        new = draft if after == "brouillon" else template.versions.get(number=after or numbers[0])
        context["before"], context["after"] = old.number, after or numbers[0]
        context["found"] = compare(texts.read_template(old.content), texts.read_template(new.content))
    return render(request, "conventions/template_compare.html", context)


def asked_side(asked, numbers, default, *, draft=False):
    """A version's number, or the draft, among those there are; 404 for any other."""
    if asked in (None, ""):
        return "brouillon" if draft else default
    if asked == "brouillon" and draft:
        return asked
    number = whole_number(asked)
    if number not in numbers:
        raise Http404
    return number
