"""Starting a chapter, and transmitting it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from autodiag import rules
from autodiag.documents import lines_of_answers
from autodiag.forms.reviews import SubmitForm
from autodiag.models import Answer, Autodiag
from autodiag.models.checking import checks_of
from autodiag.presentation import Card
from autodiag.rules import reviews
from autodiag.scoring import score
from autodiag.services.answers import start
from autodiag.services.submission import ChangedMeanwhile, NotAllowedNow, NotReady, ReasonMissing, submit
from autodiag.views.doors import autodiag_or_404
from caprse.base import clock
from caprse.base.access import STRUCTURE, Audience, Refused, open_to
from caprse.base.requests import posted
from caprse.base.text import datetime_in_words
from cohorts.access import participation_or_404, visible_or_404
from cohorts.models import Clearance, Round
from cohorts.roles import Permission

# Where, on the page of a criterion, each thing is done.
KINDS = ("answer", "agreement", "threads", "indicators", "evidence")
ANCHORS = {"answer": "", "agreement": "", "indicators": "#chiffres", "evidence": "#justificatifs"}


@open_to(*STRUCTURE)
@require_POST
def autodiag_start(request, region, public_id, number):
    """Open the chapter of a round: its answers are created empty."""
    participation = participation_or_404(request.actor, region, public_id)
    request.actor.require(Permission.ANSWER, participation)
    request.actor.require_tools(participation)
    round_ = visible_or_404(Round.objects.for_participation(participation), request.actor, chapter__number=number)
    is_cleared = Clearance.objects.visible_to(request.actor).in_force(clock.today()).filter(participation=participation)
    verdict = rules.can_work_in_round(
        round_, participation.cohort, is_cleared.exists(), round_.extended_to, clock.today()
    )
    if not verdict:
        raise Refused(verdict.reason, "Votre accompagnateur·rice peut vous aider.")
    autodiag = start(participation=participation, round=round_, by=request.actor)
    return redirect(autodiag.url("criterion", 1))


@open_to(Audience.REFERENT)
@require_http_methods(["GET", "POST"])
def autodiag_submit(request, region, public_id):
    """Check everything, see what will be read and by whom, then transmit."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.SUBMIT, found.participation)
    request.actor.require_tools(found.participation)
    last = found.last_submission if found.is_reopened else None
    initial = {"reason": reviews.first_words(last)}
    form = SubmitForm(posted(request), correction=reviews.asks_for_a_reason(last), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            submit(autodiag=found, by=request.actor, **form.sent)
        except NotReady:
            return page_again(request, found, form)
        except (ChangedMeanwhile, ReasonMissing) as meanwhile:
            return page_again(request, found, form, status=409, changed=getattr(meanwhile, "checks", ()))
        except NotAllowedNow as refusal:
            return already_or_refused(request, found, str(refusal))
        messages.success(request, "Votre chapitre est transmis. Merci à toute l’équipe !")
        return redirect(found.url("synthesis"))
    return page_again(request, found, form, status=422 if form.is_bound else 200)


def already_or_refused(request, autodiag, reason):
    """A second click finds what the first did; anything else is refused with its reason."""
    last = visible_or_404(Autodiag, request.actor, pk=autodiag.pk).last_submission
    if last is None or last.reopened:
        raise Refused(reason, "Votre accompagnateur·rice peut vous aider.")
    messages.info(
        request,
        f"Ce chapitre est déjà transmis, par {last.submitted_by_name}, le {datetime_in_words(last.submitted_at)} : "
        "rien n’a été envoyé deux fois.",
    )
    return redirect(autodiag.url("synthesis"))


def page_again(request, autodiag, form, *, status=422, changed=()):
    """Everything that is asked, what is missing first, and what will be read."""
    rows = Answer.objects.visible_to(request.actor).filter(autodiag=autodiag)
    checks, answers = checks_of(rows, clock.today()), list(rows.for_pages())
    scale = {step.value: step.label for step in autodiag.participation.cohort.version.scale.all()}
    missing = [(one, page_of(autodiag, one)) for one in reviews.missing_from(checks)]
    context = {
        "autodiag": autodiag,
        "form": form,
        "stamp": reviews.stamp_of(checks),
        "changed": changed,
        "verdict": rules.can_answer(autodiag, clock.today()),
        "blocking": [pair for pair in missing if pair[0].blocks],
        "reminders": by_kind([pair for pair in missing if not pair[0].blocks]),
        "cards": [Card(answer, scale) for answer in answers],
        "score": score(lines_of_answers(answers)),
    }
    return render(request, "autodiag/submit.html", context, status=status)


def by_kind(reminders):
    """[(what it is about, its lines)], in the order of the page."""
    kinds = {about: [] for about in KINDS}
    for one, url in reminders:
        kinds[one.about].append((one, url))
    return [(about, lines) for about, lines in kinds.items() if lines]


def page_of(autodiag, missing):
    """Where what is missing is done."""
    if missing.about == "threads":
        return f"{autodiag.url('threads')}#critere-{missing.position}"
    return autodiag.url("criterion", missing.position) + ANCHORS[missing.about]
