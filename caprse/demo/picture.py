"""The demonstration: what the Passerelle puts forward, and to whom it presented its work."""

from datetime import date

from autodiag.enums import PresentedTo
from autodiag.models import Answer, Presentation
from autodiag.services.presentations import record_presentation
from autodiag.services.priorities import Chosen, save_priorities
from caprse.base import clock
from caprse.base.uploads import accept
from caprse.demo.evidence import small_pdf
from cohorts.access import Actor
from referentiel.enums import Degree

WHO, DIRECTOR = "passerelle/passerelle-referente", "passerelle/passerelle-direction"
CHOSEN_AT = clock.at(date(2025, 10, 27), 14)
# Code of a criterion, effect, effort, put forward or not.
CHOICES = (
    ("1.6", Degree.HIGH, Degree.LOW, True),
    ("3.6", Degree.HIGH, Degree.LOW, True),
    ("1.7", Degree.HIGH, Degree.MEDIUM, True),
    ("2.6", Degree.MEDIUM, Degree.LOW, True),
    ("2.3", Degree.MEDIUM, Degree.HIGH, True),
    ("2.2", Degree.HIGH, Degree.HIGH, False),
    ("1.2", Degree.LOW, Degree.MEDIUM, False),
)
PRESENTED = (
    (
        clock.at(date(2025, 6, 27), 10),
        PresentedTo.ASSEMBLY,
        date(2025, 6, 26),
        "Dix minutes dans le rapport moral : pourquoi nous nous sommes engagé·e·s, ce que le premier chapitre nous a "
        "appris. Une adhérente a demandé que les salarié·e·s en parcours soient invité·e·s à l’assemblée de 2026.",
        (),
    ),
    (
        clock.at(date(2025, 10, 17), 9),
        PresentedTo.BOARD,
        date(2025, 10, 16),
        "Présentation des deux premiers chapitres et des écarts entre nos voix. Le conseil retient la parole des "
        "salarié·e·s comme sujet de l’hiver et demande un point d’étape en février.",
        ("Conseil d'administration du 16 octobre 2025", "Point 4 : la démarche CAP RSE.", "Un point en février."),
    ),
)
MINUTES = "CR conseil 16 octobre 2025.pdf"
LABEL = "Présentation ajoutée pour vérifier les accès"


def write(cast, paths, rounds):
    """What is past of it."""
    path, now = paths.get("passerelle"), clock.now()
    if path is None:
        return
    for moment, audience, held_on, note, lines in PRESENTED:
        if moment <= now:
            with clock.stopped(moment):
                record_presentation(
                    participation=path,
                    by=Actor.of(cast.people[DIRECTOR]),
                    audience=audience,
                    held_on=held_on,
                    note=note,
                    minutes=accept(MINUTES, small_pdf(*lines)) if lines else None,
                )
    if now >= CHOSEN_AT:
        with clock.stopped(CHOSEN_AT):
            _choose(path, Actor.of(cast.people[WHO]))


def _choose(path, by):
    """Of the criteria of the chapters begun."""
    known = dict(Answer.objects.filter(participation=path).values_list("criterion__code", "criterion_id"))
    chosen = [Chosen(known[code], *said, 0) for code, *said in CHOICES if code in known]
    save_priorities(participation=path, by=by, chosen=chosen)


class PictureSide:
    """What the matrix of access is played on: a presentation with its minutes."""

    @property
    def presentation(self):
        """Noted for the replay, by the référent, the day the first chapter was transmitted."""
        mine = Presentation.objects.filter(participation=self.participation, note=LABEL).first()
        return mine or self._present()

    def _present(self):
        with clock.stopped(self.submitted.submitted_at):
            return record_presentation(
                participation=self.participation,
                by=self.referent,
                audience=PresentedTo.OTHER,
                held_on=clock.today(),
                note=LABEL,
                minutes=accept("verification.txt", b"Fichier d'essai."),
            )

    def take_away_picture(self):
        """The replay's own rows."""
        Presentation.objects.filter(participation=self.participation, note=LABEL).delete()
