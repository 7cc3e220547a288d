"""What eight people of one invented structure think, each on their own, and when they compared.

Chapters 1 and 2 were compared before they were transmitted; the one under way is still blind.
"""

from datetime import date, timedelta

from autodiag.enums import AnswerKind
from autodiag.models import Answer, Autodiag, Comparison
from autodiag.services.viewpoints import choose_group, open_comparison, save_viewpoint
from caprse.base import clock
from cohorts.access import Actor

KEY, COHORT = "passerelle", "cap-rse-2025"
TEAM, BOARD, HEAD = "Salarié·e·s permanent·e·s", "Conseil d’administration", "Direction"
# Each person, the group they speak from; the tables below are in this order.
SPEAKING = (
    ("passerelle-referente", TEAM),
    ("passerelle-missions", TEAM),
    ("passerelle-encadrante", TEAM),
    ("passerelle-accueil", TEAM),
    ("passerelle-direction", HEAD),
    ("passerelle-ca", BOARD),
    ("passerelle-tresorier", BOARD),
    ("passerelle-benevole", BOARD),
)
# Level, « ? » does not know, « n » not applicable, « - » nothing said.
SAID = {
    1: (
        date(2025, 4, 22),
        {
            "1.1": "22123323",
            "1.2": "1112222?",
            "1.3": "2??23323",
            "1.4": "11?1233-",
            "1.5": "22222222",
            "1.6": "00012323",
            "1.7": "1----1-2",
        },
    ),
    2: (
        date(2025, 8, 25),
        {
            "2.1": "22122232",
            "2.2": "1201333?",
            "2.3": "10112?22",
            "2.4": "2112322-",
            "2.5": "1112??2-",
            "2.6": "11013323",
            "2.7": "22222222",
            "2.8": "?---1---",
        },
    ),
    3: (
        date(2025, 10, 24),
        {
            "3.1": "2122-1?-",
            "3.2": "10113-2-",
            "3.3": "2-12-3--",
            "3.4": "1-01---1",
            "3.5": "--1-----",
        },
    ),
}
COMPARED_AFTER = {1: 17, 2: 11}  # days
BECAUSE = {
    ("1.1", "passerelle-encadrante"): "Je l’ai lu à mon arrivée, mais je ne m’en sers pas au quotidien.",
    ("1.1", "passerelle-ca"): "Le projet a été réécrit avec le conseil d’administration il y a deux ans.",
    ("1.3", "passerelle-missions"): "Je ne connais pas assez le conseil d’administration pour répondre.",
    ("1.4", "passerelle-tresorier"): "Nous recevons les documents une semaine avant, c’est confortable.",
    ("1.4", "passerelle-referente"): "L’équipe apprend les décisions par hasard.",
    ("1.6", "passerelle-encadrante"): "On demande leur avis une fois l’an, et rien ne change ensuite.",
    ("1.6", "passerelle-referente"): "Il n’y a pas de moment prévu pour cela.",
    ("1.6", "passerelle-ca"): "Deux salariées en parcours ont présenté leur métier à l’assemblée générale.",
    ("1.6", "passerelle-direction"): "La porte du bureau est toujours ouverte.",
    ("2.2", "passerelle-encadrante"): "Chez les clients, les gants et les chaussures manquent encore trop souvent.",
    ("2.2", "passerelle-direction"): "Le document unique est à jour depuis janvier.",
    ("2.2", "passerelle-ca"): "Aucun accident grave depuis trois ans.",
    ("2.3", "passerelle-missions"): "Les plannings bougent jusqu’à la veille.",
    ("2.6", "passerelle-encadrante"): "Quand je suis absente, personne ne me remplace.",
    ("2.6", "passerelle-tresorier"): "L’équipe paraît soudée, vue de l’extérieur.",
    ("3.1", "passerelle-accueil"): "Tout le monde est rappelé sous trois jours, je le note dans un cahier.",
    ("3.2", "passerelle-missions"): "Les objectifs sont souvent les nôtres avant d’être les leurs.",
    ("3.3", "passerelle-ca"): "Le partenariat avec la mairie pour les gardes d’enfants fonctionne très bien.",
}


def give_until_transmitted(cast, autodiag, key):
    """The viewpoints on a chapter that will be transmitted, then their comparison."""
    chapter = autodiag.round.chapter.number
    if key != KEY or autodiag.participation.cohort.slug != COHORT or chapter not in COMPARED_AFTER:
        return
    _give(cast, autodiag, chapter)
    opened_at = clock.at(SAID[chapter][0] + timedelta(days=COMPARED_AFTER[chapter]), 17)
    if opened_at <= clock.now():
        with clock.stopped(opened_at):
            open_comparison(autodiag=autodiag, by=Actor.of(cast.people[f"{KEY}/{SPEAKING[0][0]}"]))


def write(cast, paths, rounds):
    """Those on the chapter under way, as far as they are past."""
    chapter = max(SAID)
    under_way = Autodiag.objects.with_context().filter(participation=paths[KEY], round=rounds[chapter]).first()
    if under_way and not under_way.is_submitted and not Comparison.objects.filter(autodiag=under_way).exists():
        _give(cast, under_way, chapter)


def _give(cast, autodiag, chapter):
    first_day, said = SAID[chapter]
    answers = Answer.objects.filter(autodiag=autodiag, criterion__code__in=said).order_by("criterion__position")
    answers = list(answers.select_related("criterion").prefetch_related("criterion__levels"))
    for rank, (person, group) in enumerate(SPEAKING):
        by = Actor.of(cast.people[f"{KEY}/{person}"])
        moment = clock.at(first_day + timedelta(days=rank), 9 + rank, 12)
        if moment > clock.now():
            return
        with clock.stopped(moment):
            groups = autodiag.participation.cohort.version.voice_groups
            choose_group(participation=autodiag.participation, group=groups.get(name=group), by=by)
            for answer in answers:
                _say(answer, person, said[answer.criterion.code][rank], by)


def _say(answer, person, mark, by):
    if mark == "-":
        return
    levels = {str(level.value): level.pk for level in answer.criterion.levels.all()}
    others = {"?": AnswerKind.UNKNOWN, "n": AnswerKind.NOT_APPLICABLE}
    save_viewpoint(
        answer=answer,
        revision=0,
        blind=True,
        by=by,
        kind=others.get(mark, AnswerKind.LEVEL),
        level_id=levels.get(mark),
        note=BECAUSE.get((answer.criterion.code, person), ""),
    )
