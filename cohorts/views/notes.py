"""Notes of individual follow-up: the team writes them, the structure reads those shared with it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from caprse.base import clock
from caprse.base.access import REGIONAL, STRUCTURE, Refused, open_to
from caprse.base.requests import posted
from caprse.base.versioned import StaleSave
from cohorts import rules
from cohorts.access import participation_or_404, visible_or_404
from cohorts.forms.followup import NoteForm
from cohorts.models import FollowupNote
from cohorts.places import Place
from cohorts.roles import Permission
from cohorts.services.notes import change_note, write_note
from cohorts.services.organising import NotPossible


def path_or_404(request, region, public_id):
    found = participation_or_404(request.actor, region, public_id)
    request.place = Place.of_participation(found)
    return found


@open_to(*STRUCTURE, *REGIONAL)
@require_http_methods(["GET", "POST"])
def notes(request, region, public_id):
    """The notes one may read, newest first; who accompanies the structure writes here."""
    actor = request.actor
    found = path_or_404(request, region, public_id)
    writes = actor.can(Permission.WRITE_NOTES, found)
    if request.method == "POST":
        actor.require(Permission.WRITE_NOTES, found)
    form = NoteForm(posted(request), initial={"held_on": clock.today()}) if writes else None
    if request.method == "POST" and form.is_valid():
        note = write_note(participation=found, by=actor, **form.note())
        messages.success(request, said(note))
        return redirect("notes", region, public_id)
    context = {
        "participation": found,
        "notes": FollowupNote.objects.visible_to(actor).filter(participation=found).newest_first(),
        "form": form,
        "reader_id": actor.user_id,
    }
    return render(request, "cohorts/notes.html", context, status=422 if form and form.errors else 200)


def said(note):
    """What happened, once a note is saved."""
    if note.is_shared:
        return "La note est enregistrée et partagée : la structure peut la lire."
    return "La note est enregistrée, pour l’équipe seulement."


@open_to(*REGIONAL)
@require_http_methods(["GET", "POST"])
def note_edit(request, region, public_id, note_id):
    """Change one's own note, or share it; two windows at once are shown both texts."""
    actor = request.actor
    found = path_or_404(request, region, public_id)
    actor.require(Permission.WRITE_NOTES, found)
    note = visible_or_404(FollowupNote.objects.newest_first(), actor, participation=found, public_id=note_id)
    verdict = rules.can_change_note(note, actor.user_id)
    if not verdict:
        raise Refused(verdict.reason)
    form = NoteForm(posted(request), shared=note.is_shared, initial=vars(note))
    stale = None
    if request.method == "POST" and form.is_valid():
        saved, stale = saved_or_stale(note, form, actor)
        if saved:
            messages.success(request, said(saved))
            return redirect("notes", region, public_id)
    context = {"participation": found, "note": note, "form": form, "stale": stale}
    return render(request, "cohorts/note_edit.html", context, status=409 if stale else 422 if form.errors else 200)


def saved_or_stale(note, form, actor):
    """Save the form: the note, or what somebody saved in between; what is not possible is said by the form."""
    made_on = form.cleaned_data["revision"]
    try:
        return change_note(note=note, revision=-1 if made_on is None else made_on, by=actor, **form.note()), None
    except StaleSave as refusal:
        return None, refusal.current
    except NotPossible as refusal:
        form.add_error(refusal.field, str(refusal))
        return None, None
