"""The demonstration: what structures show their cohort, and something that is over."""

from datetime import date

from autodiag.enums import SharingKind
from autodiag.models import Autodiag, Sharing
from autodiag.rules.sharings import proposed_end
from autodiag.services.sharings import Preview, share
from caprse.base import clock
from cohorts.access import Actor

ADDED = "Ajouté pour vérifier les accès"

# Structure, person, day and hour, last day, chapter (None: words alone), kind, title, text.
SHARED = (
    (
        "passerelle",
        "passerelle-referente",
        (date(2025, 6, 19), 10),
        date(2025, 9, 19),
        1,
        SharingKind.SYNTHESIS,
        "",
        "Notre premier chapitre, tel que nous l’avons transmis. Nous serions heureux d’en parler au regroupement.",
    ),
    (
        "sillons",
        "sillons-referente",
        (date(2025, 10, 20), 11),
        date(2026, 1, 20),
        1,
        SharingKind.SYNTHESIS,
        "",
        "Nous avons beaucoup appris en préparant ce chapitre à quatre. Ce qui concerne la vie des instances est encore "
        "fragile : vos idées sont les bienvenues.",
    ),
    (
        "passerelle",
        "passerelle-referente",
        (date(2025, 10, 24), 9),
        date(2026, 1, 24),
        None,
        SharingKind.STEP_FORWARD,
        "Notre livret d’accueil se lit maintenant à deux",
        "Pendant longtemps, nous remettions le livret le premier jour, et personne ne le rouvrait.\n\n"
        "Depuis septembre, une personne de l’équipe et la personne accueillie le parcourent ensemble, en vingt minutes, "
        "avant la première mission. Les questions arrivent tout de suite, et nous avons récrit deux pages grâce à elles.",
    ),
    (
        "tardoire",
        "double",
        (date(2025, 10, 27), 15),
        date(2025, 12, 31),
        None,
        SharingKind.DIFFICULTY,
        "Faire vivre le dialogue quand les équipes sont sur cinq sites",
        "Nos équipes ne se croisent presque jamais. Les réunions du lundi réunissent toujours les mêmes personnes, et "
        "les salarié·e·s en parcours n’y prennent pas la parole.\n\n"
        "Comment faites-vous, quand tout le monde ne peut pas être au même endroit ?",
    ),
)


def write(cast, paths, rounds):
    """Each thing at its own moment, previewed and shared as a person would."""
    for key, who, (day, hour), until, chapter, kind, title, text in SHARED:
        moment = clock.at(day, hour)
        if key not in paths or moment > clock.now():
            continue
        with clock.stopped(moment):
            autodiag = Autodiag.objects.filter(participation=paths[key], round=rounds.get(chapter)).first()
            if chapter and (autodiag is None or not autodiag.is_submitted):
                continue
            what = {"kind": kind, "autodiag": autodiag, "title": title, "text": text, "until": until}
            show(paths[key], Actor.of(cast.people[f"{key}/{who}"]), **what)


def show(path, by, **what):
    return share(participation=path, by=by, seen=Preview(**what).stamp, **what)


class SharingsSide:
    """What one side has here, for the replay of the matrix of access."""

    @property
    def sharing(self):
        """One of the replay's own, shared again each time it was withdrawn."""
        mine = Sharing.objects.with_context().in_force().filter(participation=self.participation, text=ADDED)
        until = proposed_end(clock.today())
        words = {"kind": SharingKind.STEP_FORWARD, "title": ADDED, "text": ADDED, "until": until}
        return mine.first() or show(self.participation, self.referent, **words)

    def take_away_sharings(self):
        """The replay's own rows."""
        Sharing.objects.filter(participation=self.participation, text=ADDED).delete()
