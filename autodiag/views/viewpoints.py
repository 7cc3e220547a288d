"""What each person thinks of each criterion, on their own; and the opening of the comparison."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from autodiag.forms.viewpoints import RuleForm, ViewpointForm, VoiceForm
from autodiag.models import Answer, Viewpoint, Voice
from autodiag.models.prepared import place_to_give, state_of
from autodiag.models.voices import comparing_of
from autodiag.rules import voices as rules
from autodiag.services.viewpoints import NotNow, choose_group, decide_rule, open_comparison, save_viewpoint
from autodiag.viewpoints import MyCard, MyChapter, lines_of, own_conflict
from autodiag.views.doors import autodiag_or_404, chapter_around
from autodiag.views.saving import conflicting, invalid, may_not_save, not_now, saved_as, wants_json
from caprse.base import clock
from caprse.base.access import STRUCTURE, Audience, Refused, open_to
from caprse.base.text import time_in_words
from caprse.base.versioned import StaleSave
from cohorts.access import visible_or_404
from cohorts.roles import Permission

ASK = "Votre référent·e CAP RSE peut vous en dire plus."
RULE_MEANWHILE = (
    "Un·e autre référent·e vient de fixer la règle. La voici : choisissez de nouveau si elle ne convient pas."
)
COLUMNS = ("position", "code", "title", "section__title", "question")


def chapter_for(request, region, public_id, permission=Permission.GIVE_VIEWPOINT):
    """The autodiagnostic one gives viewpoints on, for the people of its structure, tools open."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(permission, found.participation)
    request.actor.require_tools(found.participation)
    return found


def my_chapter(request, autodiag):
    """One's own viewpoints on a chapter: nothing of what others think, nothing of what the structure answered."""
    actor, comparing = request.actor, comparing_of(autodiag)
    criteria = Answer.objects.visible_to(actor).filter(autodiag=autodiag).in_order()
    criteria = criteria.values_list(*(f"criterion__{name}" for name in COLUMNS))
    own = Viewpoint.objects.visible_to(actor).filter(answer__autodiag=autodiag).with_position()
    mine, scale = {viewpoint.position: viewpoint for viewpoint in own}, scale_of(autodiag)
    return MyChapter(
        autodiag=autodiag,
        lines=lines_of(criteria, mine, scale),
        mine=mine,
        scale=scale,
        comparing=comparing,
        verdict=rules.can_give(autodiag, comparing, clock.today()),
        voice=voice_of(request, autodiag),
    )


def scale_of(autodiag):
    return {step.value: step.label for step in autodiag.participation.cohort.version.scale.all()}


def voice_of(request, autodiag):
    """The voice of this person on this path, with its group; None before they chose one."""
    voices = Voice.objects.visible_to(request.actor).filter(participation=autodiag.participation)
    return voices.with_group().first()


@open_to(*STRUCTURE)
@require_GET
def viewpoints(request, region, public_id):
    """My viewpoints on this chapter, and where the comparison stands."""
    return overview(request, chapter_for(request, region, public_id))


def overview(request, autodiag, *, status=200, voice_form=None, rule_form=None, told=""):
    """The page of one's viewpoints; refused forms come back as they were sent."""
    actor, page = request.actor, my_chapter(request, autodiag)
    given = Viewpoint.objects.aggregates_for(actor).given().filter(answer__autodiag=autodiag)
    voices = given.order_by().values("voice").distinct().count()
    groups = autodiag.participation.cohort.version.voice_groups.all()
    context = {
        "autodiag": autodiag,
        "page": page,
        "voices": voices,
        "told": told,
        "voice_form": voice_form or VoiceForm(groups=groups, initial={"group": page.voice and page.voice.group_id}),
        "can_change_group": rules.can_change_group(compared=page.voice is not None and page.voice.compared),
        "conducts": actor.can(Permission.OPEN_COMPARISON, autodiag.participation),
        "rule_form": rule_form or RuleForm(initial={"rule": page.rule, "revision": page.comparing.revision}),
        "can_open": rules.can_open(page.comparing, voices),
        "can_compare": rules.can_compare(page.comparing),
    }
    return render(request, "autodiag/viewpoints.html", context, status=status)


@open_to(*STRUCTURE)
@require_POST
def voice_choose(request, region, public_id):
    """Say from which group one speaks."""
    found = chapter_for(request, region, public_id)
    form = VoiceForm(request.POST, groups=found.participation.cohort.version.voice_groups.all())
    if not form.is_valid():
        return overview(request, found, status=422, voice_form=form)
    try:
        choose_group(participation=found.participation, group=form.chosen, by=request.actor)
    except NotNow as refusal:
        raise Refused(str(refusal), ASK) from refusal
    messages.success(request, f"Vous parlez depuis le groupe « {form.chosen.name} ».")
    return redirect(found.url("viewpoints"))


@open_to(*STRUCTURE)
@require_GET
def viewpoint(request, region, public_id, position):
    """One criterion, to give one's viewpoint on."""
    found = chapter_for(request, region, public_id)
    page = my_chapter(request, found)
    card = my_card(request, page, position)
    if page.voice is None and page.verdict:
        messages.info(request, rules.NO_VOICE)
        return redirect(found.url("viewpoints"))
    return render(request, "autodiag/viewpoint.html", {"autodiag": found, "page": page, "card": card})


def my_card(request, page, position, **refused):
    """One criterion with one's own viewpoint. What the structure answered is not read."""
    help_too = ("criterion__levels", "criterion__indicators")
    answer = visible_or_404(
        Answer.objects.select_related("criterion").only("criterion").prefetch_related(*help_too),
        request.actor,
        autodiag=page.autodiag,
        criterion__position=position,
    )
    return MyCard(answer.criterion, page.scale, page.mine.get(position), **refused)


@open_to(*STRUCTURE)
@require_POST
def viewpoint_save(request, region, public_id, position):
    """200 with the new version, 409 with both texts when stale, 422 with the errors by field."""
    form = ViewpointForm(request.POST)
    answer = place_to_give(
        request.actor, region=region, public_id=public_id, position=position, level_value=form.level_value
    )
    if answer is None:
        raise Http404
    if refusal := may_not_save(request, answer.autodiag.participation, Permission.GIVE_VIEWPOINT):
        return refusal
    values = form.values(answer.posted_level) if form.is_valid() else None
    if values is None:
        return refused(request, answer, form)
    try:
        mine = save_viewpoint(answer=answer, revision=form.cleaned_data["revision"], by=request.actor, **values)
    except StaleSave as stale:
        return both_texts(request, answer, form, stale.current)
    except NotNow as closed:
        return not_now(request, str(closed), ASK)
    return saved(request, answer, mine)


def saved(request, answer, mine):
    """The new version and the server's time; or, by a plain form, where the person goes next."""
    if wants_json(request):
        return saved_as(mine, state=state_of(mine.kind, to_review=False, revision=mine.revision))
    autodiag, position = answer.autodiag, answer.criterion.position
    if mine.pk:
        at = time_in_words(mine.updated_at)
        messages.success(request, f"Votre point de vue sur le critère {answer.criterion.code} est enregistré à {at}.")
    if request.POST.get("next") != "next":
        return redirect(autodiag.url("viewpoint", position))
    if position == autodiag.answers.count():
        return redirect(autodiag.url("viewpoints"))
    return redirect(autodiag.url("viewpoint", position + 1))


def refused(request, answer, form):
    """What is wrong, beside each field; what was typed stays."""
    if wants_json(request):
        return invalid(form)
    autodiag, position = chapter_around(request, answer), answer.criterion.position
    typed = {name: form.data[name] for name in ("revision", "choice", "note") if name in form.data}
    errors = {name: list(texts) for name, texts in form.errors.items()}
    page = my_chapter(request, autodiag)
    card = my_card(request, page, position, typed=typed, errors=errors)
    context = {"autodiag": autodiag, "page": page, "card": card}
    return render(request, "autodiag/viewpoint.html", context, status=422)


def both_texts(request, answer, form, current):
    """Another page of the same person saved in between: both texts, to choose from. Nothing was written."""
    autodiag = chapter_around(request, answer)
    conflict = own_conflict(
        form,
        current,
        scale=scale_of(autodiag),
        url=autodiag.url("viewpoint_save", answer.criterion.position),
        rule=form.cleaned_data["rule"],
    )
    context = {"autodiag": autodiag, "criterion": answer.criterion}
    return conflicting(request, conflict, current, "autodiag/viewpoint_conflict.html", context)


@open_to(Audience.REFERENT)
@require_POST
def voice_rule(request, region, public_id):
    """Fix the rule of the structure: blind until the comparison opens, or compared as they come."""
    found = chapter_for(request, region, public_id, Permission.OPEN_COMPARISON)
    form = RuleForm(request.POST)
    if not form.is_valid():
        return overview(request, found, status=422, rule_form=form)
    try:
        decide_rule(
            participation=found.participation,
            blind=form.blind,
            revision=form.cleaned_data["revision"],
            by=request.actor,
        )
    except StaleSave:
        return overview(request, found, status=409, told=RULE_MEANWHILE)
    except NotNow as refusal:
        raise Refused(
            str(refusal), "Ouvrez d’abord la comparaison des chapitres où des points de vue attendent."
        ) from refusal
    messages.success(request, "La règle de votre structure est enregistrée.")
    return redirect(found.url("viewpoints"))


@open_to(Audience.REFERENT)
@require_http_methods(["GET", "POST"])
def comparison_open(request, region, public_id):
    """What opening the comparison does, then the act: it goes one way."""
    found = chapter_for(request, region, public_id, Permission.OPEN_COMPARISON)
    confirmed = request.method == "POST" and request.POST.get("confirm") == "yes"
    if confirmed:
        try:
            open_comparison(autodiag=found, by=request.actor)
        except NotNow as refusal:
            raise Refused(str(refusal), ASK) from refusal
        messages.success(request, "La comparaison est ouverte : toute votre structure peut voir les écarts.")
        return redirect(found.url("gaps"))
    given = Viewpoint.objects.aggregates_for(request.actor).given().filter(answer__autodiag=found)
    voices = given.order_by().values("voice").distinct().count()
    context = {
        "autodiag": found,
        "voices": voices,
        "verdict": rules.can_open(comparing_of(found), voices),
        "unconfirmed": request.method == "POST",
    }
    return render(request, "autodiag/comparison_open.html", context, status=422 if request.method == "POST" else 200)
