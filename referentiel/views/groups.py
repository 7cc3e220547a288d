"""The groups of voices of a draft: whose point of view counts, in one list."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from caprse.base import journal
from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from referentiel.documents import group_in_words
from referentiel.forms import VoiceGroupsForm
from referentiel.services import NotEditable
from referentiel.services.voices import GROUPS_EDITED, StaleGroups, set_voice_groups
from referentiel.views.drafting import draft_is_gone, draft_to_edit, said_saved, status_of


@open_to(Audience.NATIONAL_STAFF)
@require_http_methods(["GET", "POST"])
def draft_voice_groups(request, code):
    """Rename, add, remove and order the groups of a draft, in one save."""
    draft, published = draft_to_edit(request, code)
    if draft is None:
        return draft_is_gone(request, published)
    form, stale = VoiceGroupsForm(posted(request), version=draft), None
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            set_voice_groups(version=draft, seen=seen, groups=form.groups(), by=request.actor)
        except NotEditable:
            return draft_is_gone(request, draft)
        except StaleGroups as refusal:
            stale = [group_in_words(group) for group in refusal.current]
        else:
            messages.success(request, said_saved("Les groupes de voix sont enregistrés"))
            return redirect("draft_voice_groups", code=code)
    context = {"draft": draft, "published": published, "form": form, "stale": stale}
    context["saved_at"] = journal.last_time(GROUPS_EDITED, draft)
    return render(request, "referentiel/voice_groups.html", context, status=status_of(form, stale))
