"""Mails about autodiagnostics, rendered when they leave."""

from django.conf import settings
from django.urls import reverse

from autodiag.enums import Decision
from autodiag.models import Assignment, PracticeContact, Review, Submission, Thread
from autodiag.services.assignments import ASSIGNED_MAIL
from autodiag.services.contacts import CONTACT_MAIL
from autodiag.services.reviews import REVIEWED_MAIL
from autodiag.services.submission import SUBMITTED_MAIL
from autodiag.services.threads import THREADS_MAIL
from caprse.base import clock
from caprse.base.models import OutboxMessage
from caprse.base.outbox import Mail, renderer
from caprse.base.text import plural
from cohorts.access import Actor
from cohorts.models import User

LISTED = 10
RETURNED = (
    "Merci pour ce travail : quelques points méritent d’être repris ensemble, et son message vous dit lesquels. "
    "Le chapitre est rouvert, vos réponses sont là. Complétez-les avec vos collègues, puis transmettez de nouveau. "
    "La version que vous aviez transmise reste lisible."
)
NOTED = "Il n’y a rien à reprendre. Merci à toute l’équipe !"


@renderer(SUBMITTED_MAIL)
def autodiag_submitted(message):
    """Tells the référents and the facilitators that a chapter is transmitted, without any of its answers."""
    user = User.objects.reachable(message.recipient_id)
    submission = Submission.objects.select_related(
        "autodiag__round__chapter", "participation__organisation", "participation__cohort__region"
    ).get(pk=message.payload["submission"])
    if user is None:
        return None
    autodiag = submission.autodiag
    autodiag.participation = submission.participation
    chapter = autodiag.round.chapter
    structure = submission.participation.organisation.legal_name
    again = " de nouveau, corrigé," if submission.number > 1 else ""
    return Mail(
        to=user.email,
        subject=f"CAP RSE : {structure} a transmis{' de nouveau' if again else ''} le chapitre {chapter.number}",
        text=(
            f"Bonjour {user.first_name},\n\n"
            f"{submission.submitted_by_name} a transmis{again} l’autodiagnostic du chapitre {chapter.number} "
            f"(« {chapter.title} ») pour {structure}.\n\n"
            f"La synthèse se lit ici : {settings.BASE_URL}{autodiag.url('synthesis')}\n\n"
            "Les réponses ne sont pas jointes à ce courriel : elles restent dans l’outil, "
            "réservé aux adhérents du réseau.\n"
        ),
    )


@renderer(REVIEWED_MAIL)
def autodiag_reviewed(message):
    """Tells the référents what became of what they transmitted: the words themselves stay inside the product."""
    user = User.objects.reachable(message.recipient_id)
    review = Review.objects.select_related(
        "submission__autodiag__round__chapter", "participation__organisation", "participation__cohort__region"
    ).get(pk=message.payload["review"])
    if user is None:
        return None
    autodiag = review.submission.autodiag
    autodiag.participation = review.participation
    chapter = autodiag.round.chapter
    returned = review.decision == Decision.RETURNED
    return Mail(
        to=user.email,
        subject=f"CAP RSE : un retour sur votre chapitre {chapter.number}",
        text=(
            f"Bonjour {user.first_name},\n\n"
            f"{review.decided_by_name} a lu le chapitre {chapter.number} (« {chapter.title} ») que vous avez transmis. "
            f"{RETURNED if returned else NOTED}\n\n"
            f"{settings.BASE_URL}{autodiag.get_absolute_url()}\n\n"
            "Son message n’est pas joint à ce courriel : il reste dans l’outil, entre votre structure et l’équipe qui "
            "l’accompagne.\n"
        ),
    )


@renderer(ASSIGNED_MAIL)
def criteria_assigned(message):
    """The criteria a colleague asks this person to prepare, counted when the mail leaves; nothing if none waits."""
    user = User.objects.reachable(message.recipient_id)
    if user is None:
        return None
    mine = Assignment.objects.visible_to(Actor.of(user)).waiting().filter(user=user)
    chapters = list(mine.filter(participation=message.payload["participation"]).by_chapter())
    if not chapters:
        return None
    listed = "\n\n".join(
        f"– Chapitre {row.chapter} : {row.count} {plural(row.count, 'critère', 'critères')}\n"
        f"  {settings.BASE_URL}{reverse('autodiag', args=[row.region_slug, row.public_id])}?criteres=miens"
        for row in chapters
    )
    count = sum(row.count for row in chapters)
    said = f"On vous a confié {count} {plural(count, 'critère', 'critères')}"
    return Mail(
        to=user.email,
        subject=f"CAP RSE : {said[0].lower()}{said[1:]}",
        text=(
            f"Bonjour {user.first_name},\n\n"
            f"{said} à préparer pour {chapters[0].structure} :\n\n{listed}\n\n"
            "Vous pouvez toujours répondre aux autres, et vos collègues aux vôtres : cela ne ferme rien.\n"
        ),
    )


@renderer(THREADS_MAIL)
def threads_waiting(message):
    """Every exchange that awaits this person when the mail leaves, without a word of them; nothing if none does.

    A mail that waited so long that another one follows it does not leave.
    """
    user = User.objects.reachable(message.recipient_id)
    later = OutboxMessage.objects.filter(kind=THREADS_MAIL, recipient_id=message.recipient_id, pk__gt=message.pk)
    if user is None or later.exists():
        return None
    waiting = Thread.objects.awaiting_somebody(Actor.of(user), clock.today()).with_context()
    waiting = list(waiting.order_by("last_at", "pk"))
    if not waiting:
        return None
    listed = "\n\n".join(f"– {place_of(thread)}\n  {thread_url(thread)}" for thread in waiting[:LISTED])
    more = len(waiting) - LISTED
    rest = f"\n\n{plural(more, 'Un autre', f'{more} autres')} sur votre page d’accueil." if more > 0 else ""
    said = plural(len(waiting), "Un échange vous attend", f"{len(waiting)} échanges vous attendent")
    return Mail(
        to=user.email,
        subject=f"CAP RSE : {said[0].lower()}{said[1:]}",
        text=(
            f"Bonjour {user.first_name},\n\n{said} dans CAP RSE :\n\n{listed}{rest}\n\n"
            "Les messages ne sont pas joints à ce courriel : ils restent dans l’outil, entre la structure et l’équipe "
            "qui l’accompagne.\n"
        ),
    )


@renderer(CONTACT_MAIL)
def practice_contacted(message):
    """Somebody of the network asks the structure about a practice: who it is, and their words; it answers if it wishes."""
    user = User.objects.reachable(message.recipient_id)
    contact = PracticeContact.objects.select_related(
        "practice", "asked_by", "asked_for", "participation__cohort__region"
    ).get(pk=message.payload["contact"])
    if user is None:
        return None
    path, asks = contact.participation, contact.asked_by
    told = reverse("path_practices", args=[path.cohort.region.slug, path.public_id])
    return Mail(
        to=user.email,
        subject="CAP RSE : une question sur votre fiche pratique",
        text=(
            f"Bonjour {user.first_name},\n\n"
            f"{asks.full_name} ({contact.asked_for.legal_name}) a lu votre fiche pratique « {contact.practice.title} » "
            f"et vous écrit :\n\n{contact.text}\n\n"
            f"Pour lui répondre, si vous le souhaitez : {asks.email or 'son adresse n’est pas connue'}\n\n"
            "Rien ne lui dit qui vous êtes, sinon ce que votre fiche en dit. Répondre à ce message, c’est vous faire "
            "connaître.\n\n"
            f"Vos fiches pratiques : {settings.BASE_URL}{told}\n"
        ),
    )


def place_of(thread):
    """What an exchange is about, in words that may leave the product: no wording of the référentiel."""
    chapter = thread.answer.autodiag.round.chapter
    criterion, structure = thread.answer.criterion, thread.participation.organisation.legal_name
    return f"le critère {criterion.code}, chapitre {chapter.number}, {structure}"


def thread_url(thread):
    """The whole address of an exchange."""
    region = thread.participation.cohort.region.slug
    return f"{settings.BASE_URL}{reverse('thread', args=[region, thread.public_id])}"
