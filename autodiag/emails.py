"""Mails about autodiagnostics, rendered when they leave."""

from django.conf import settings

from autodiag.models import Submission
from autodiag.services.submission import SUBMITTED_MAIL
from caprse.base.outbox import Mail, renderer
from cohorts.models import User


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
    return Mail(
        to=user.email,
        subject=f"CAP RSE : {structure} a transmis le chapitre {chapter.number}",
        text=(
            f"Bonjour {user.first_name},\n\n"
            f"{submission.submitted_by_name} a transmis l’autodiagnostic du chapitre {chapter.number} "
            f"(« {chapter.title} ») pour {structure}.\n\n"
            f"La synthèse se lit ici : {settings.BASE_URL}{autodiag.url('synthesis')}\n\n"
            "Les réponses ne sont pas jointes à ce courriel : elles restent dans l’outil, "
            "réservé aux adhérents du réseau.\n"
        ),
    )
