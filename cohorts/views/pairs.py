"""The pair a structure sends to the days in person."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from caprse.base import clock
from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from cohorts.access import participation_or_404
from cohorts.forms.pairs import PairForm
from cohorts.models import Invitation, Membership, PairMember
from cohorts.models.memberships import current
from cohorts.places import Place
from cohorts.presentation import people_in_words
from cohorts.roles import Permission
from cohorts.services.pairs import StalePair, name_pair, stamp

CHOSEN_MEANWHILE = (
    "Quelqu’un a changé le binôme pendant que vous choisissiez\u00a0: c’est maintenant {}. Votre choix est encore là\u00a0; "
    "enregistrez-le pour le remplacer, ou revenez au parcours pour garder l’autre."
)


@open_to(Audience.REFERENT, Audience.LEGAL_REPRESENTATIVE, Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def pair(request, region, public_id):
    """Choose one person for the staff and one for the board, among the people who are there or invited."""
    actor = request.actor
    found = participation_or_404(actor, region, public_id)
    actor.require(Permission.NAME_PAIR, found)
    request.place = Place.of_participation(found)
    seated = list(PairMember.objects.visible_to(actor).current().with_names().filter(participation=found))
    people = people_of(actor, found, seated)
    form = PairForm(posted(request), people=people, initial={row.seat: row.user_id for row in seated})
    if request.method == "POST" and form.is_valid():
        try:
            name_pair(participation=found, by=request.user, seen=request.POST.get("seen"), **form.seats())
        except StalePair:
            form.add_error(None, CHOSEN_MEANWHILE.format(", ".join(row.shown_name for row in seated) or "personne"))
        else:
            messages.success(request, "Le binôme est enregistré.")
            return redirect(found)
    can_invite = actor.can_on_organisation(Permission.INVITE, found.organisation)
    context = {"participation": found, "form": form, "can_invite": can_invite, "seen": stamp(seated)}
    context["insider"] = actor.is_insider(found)
    return render(request, "cohorts/pair.html", context, status=422 if form.errors else 200)


def people_of(actor, participation, seated):
    """Who may hold a seat: the people of the structure, those it invited, those who hold one."""
    organisation = participation.organisation
    there = Membership.objects.visible_to(actor).filter(current(clock.today()), organisation=organisation)
    invited = Invitation.objects.visible_to(actor).pending().filter(organisation=organisation)
    return people_in_words(there.select_related("user").order_by("pk"), invited.order_by("pk"), seated)
