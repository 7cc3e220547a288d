"""The demonstration: figures by year, and what is said to be a strength or a difficulty."""

from datetime import date
from decimal import Decimal

from autodiag.models import Answer, Autodiag
from autodiag.models.prepared import answer_to_save
from autodiag.services.answers import save_answer, state_of
from autodiag.services.indicators import save_indicator_value
from caprse.base import clock
from cohorts.access import Actor
from referentiel.models import Indicator

TEAM = "Bilan social"
# Structure, chapter, criterion and rank of its indicator; day and hour; person; then year, number (None: not known),
# where it comes from, what to know to read it.
FIGURES = (
    (
        ("passerelle", 3, 1, 1),
        (date(2025, 10, 22), 10),
        "passerelle-missions",
        (
            (2023, "16", "Échantillon de vingt demandes, cahier d’accueil", ""),
            (2024, "12", "Échantillon de vingt demandes, cahier d’accueil", "Une permanence de plus depuis mars 2024."),
            (2025, "9.5", "Tableau de suivi des demandes", "De janvier à septembre."),
        ),
    ),
    (
        ("passerelle", 3, 2, 1),
        (date(2025, 10, 24), 11),
        "passerelle-direction",
        (
            (2023, None, "", "Les points d’étape n’étaient pas datés."),
            (2024, "58", "Dossiers relus en janvier 2025", ""),
            (2025, "71", "Tableau de suivi des parcours", "Trois premiers trimestres."),
        ),
    ),
    (
        ("passerelle", 3, 4, 1),
        (date(2025, 10, 28), 15),
        "passerelle-direction",
        ((2024, "0", "Aucune attestation remise cette année-là", ""),),
    ),
    (
        ("ajoncs", 2, 2, 1),
        (date(2025, 7, 22), 14),
        "ajoncs-referent",
        ((2023, "31", TEAM, ""), (2024, "18", TEAM, "")),
    ),
)
# Structure, chapter, criterion; day and hour; person; strength, difficulty.
BOTH_SIDES = (
    (
        ("passerelle", 3, 1),
        (date(2025, 10, 23), 9),
        "passerelle-missions",
        "Chaque personne qui pousse la porte est reçue le jour même, ne serait-ce que cinq minutes.",
        "Quand deux conseillères sont absentes, les rendez-vous glissent d’une semaine.",
    ),
    (
        ("passerelle", 3, 2),
        (date(2025, 10, 24), 16),
        "passerelle-direction",
        "Les salarié·e·s en parcours relisent leur compte rendu et y ajoutent un mot.",
        "",
    ),
)


def write(cast, paths, rounds):
    """Every figure and every text of the story that is past."""
    for place, moment, who, years in FIGURES:
        _tell(cast, paths, rounds, place, moment, who, _figures, years)
    for place, moment, who, *texts in BOTH_SIDES:
        _tell(cast, paths, rounds, (*place, None), moment, who, _both_sides, texts)


def _tell(cast, paths, rounds, place, moment, who, act, told):
    """One act of one person at its own moment, in a chapter begun and not transmitted."""
    key, chapter, position, rank = place
    found = Autodiag.objects.with_context().filter(participation=paths[key], round=rounds[chapter]).first()
    if found is None or found.is_submitted or clock.at(*moment) > clock.now():
        return
    with clock.stopped(clock.at(*moment)):
        act(found, position, rank, told, by=Actor.of(cast.people[f"{key}/{who}"]))


def _figures(autodiag, position, rank, years, *, by):
    criterion = Answer.objects.get(autodiag=autodiag, criterion__position=position).criterion_id
    indicator = Indicator.objects.get(criterion=criterion, position=rank)
    for year, value, source, comment in years:
        save_indicator_value(
            autodiag=autodiag,
            indicator=indicator,
            year=year,
            revision=0,
            by=by,
            value=None if value is None else Decimal(value),
            unknown=value is None,
            source=source,
            comment=comment,
        )


def _both_sides(autodiag, position, rank, texts, *, by):
    region = autodiag.participation.cohort.region.slug
    answer = answer_to_save(by, region=region, public_id=autodiag.public_id, position=position)
    strength, difficulty = texts
    values = {**state_of(answer), "strength": strength, "difficulty": difficulty}
    save_answer(answer=answer, revision=answer.revision, by=by, **values)


class IndicatorsSide:
    """What the matrix of access is played on: the replay writes no figure."""

    def take_away_indicators(self):
        """Nothing to take away."""
