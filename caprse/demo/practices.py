"""The demonstration: practices published, one that waits, one that was returned, and somebody who asks about one."""

from datetime import date

from autodiag.enums import PracticeAnswer, PracticeScope, PracticeState
from autodiag.models import Answer, Practice, PracticeCard, PracticeContact, PracticeProposal
from autodiag.services.contacts import contact_structure
from autodiag.services.practices import answer_practice, propose_practice, write_practice
from caprse.base import clock
from cohorts.access import Actor
from cohorts.enums import Role
from cohorts.models import Membership

ADDED = "Fiche ajoutée pour vérifier les accès"
PUBLISHED, RETURNED = PracticeAnswer.PUBLISHED, PracticeAnswer.RETURNED

# Structure, person, chapter, position, day it is proposed, day and answer of the region (None: it waits), what it says.
TOLD = (
    (
        ("passerelle", "passerelle-referente", 2, 1),
        date(2025, 10, 6),
        (date(2025, 10, 8), PUBLISHED, ""),
        {
            "title": "Le livret d’accueil se lit à deux, avant la première mission",
            "what": "Une personne de l’équipe et la personne accueillie parcourent le livret ensemble, en vingt minutes, "
            "autour d’un café.",
            "how": "Nous avons gardé huit pages, avec des photos de nos locaux. Chacun·e dans l’équipe a fait l’exercice "
            "une fois avec un·e collègue avant de commencer.",
            "result": "Les questions arrivent le premier jour au lieu de la troisième semaine. Deux pages ont été récrites "
            "grâce à elles.",
            "scope": PracticeScope.REGION,
            "signed": True,
            "contact": True,
        },
    ),
    (
        ("sillons", "sillons-referente", 2, 2),
        date(2025, 10, 9),
        (date(2025, 10, 14), PUBLISHED, ""),
        {
            "title": "Le quart d’heure du lundi, outils en main",
            "what": "Chaque lundi, avant de partir dans les serres, un quart d’heure sur un seul geste : porter une caisse, "
            "régler une binette, boire quand il fait chaud.",
            "how": "L’encadrante choisit le geste d’après ce qu’elle a vu la semaine d’avant. Celui ou celle qui le fait "
            "bien le montre aux autres.",
            "result": "Nous n’avons pas compté, mais on ne nous demande plus « c’est quand, la formation ? ».",
            "scope": PracticeScope.NETWORK,
            "signed": True,
            "contact": True,
        },
    ),
    (
        ("lingerie", "lingerie-referente", 2, 3),
        date(2025, 10, 16),
        (date(2025, 10, 21), PUBLISHED, ""),
        {
            "title": "Des horaires connus un mois à l’avance",
            "what": "Le planning du mois suivant est affiché le 20, et chacun·e peut échanger deux créneaux sans demander.",
            "how": "Il a fallu convenir avec trois clients de jours de livraison fixes : c’est ce qui a pris le plus de "
            "temps.",
            "result": "Moins d’absences le mercredi, et des rendez-vous médicaux pris plus tôt.",
            "scope": PracticeScope.COHORT,
            "signed": False,
            "contact": True,
        },
    ),
    (
        ("adour", "adour-referent", 2, 6),
        date(2025, 10, 30),
        None,
        {
            "title": "Un binôme de relève pour chaque poste",
            "what": "Chaque poste permanent a une personne qui en connaît l’essentiel, et deux matinées par an pour se le "
            "transmettre.",
            "how": "Abdoulaye Sankharé a proposé l’idée après un été difficile. Nous avons commencé par trois postes.",
            "result": "Personne n’a été rappelé pendant ses congés cet été.",
            "scope": PracticeScope.REGION,
            "signed": False,
            "contact": False,
        },
    ),
    (
        ("passerelle", "passerelle-referente", 1, 6),
        date(2025, 10, 23),
        (
            date(2025, 10, 29),
            RETURNED,
            "Belle idée, qui mérite d’être connue. Pouvez-vous dire combien de personnes viennent, et comment vous faites "
            "pour celles qui ne lisent pas ? Je la publierai ensuite sans attendre.",
        ),
        {
            "title": "Un cahier ouvert dans la salle de pause",
            "what": "Un cahier reste sur la table. Chacun·e y écrit ou y dessine ce qui va, ce qui ne va pas, sans signer. "
            "Nous le lisons ensemble le premier jeudi du mois.",
            "how": "Il a fallu deux mois pour que la première page se remplisse.",
            "result": "",
            "scope": PracticeScope.REGION,
            "signed": False,
            "contact": True,
        },
    ),
)
ELSEWHERE = (
    (
        ("lauragais", "lauragais-referente", 1, 1),
        date(2025, 10, 29),
        (date(2025, 10, 31), PUBLISHED, ""),
        {
            "title": "Le projet de l’association en une page, écrit avec les salarié·e·s",
            "what": "Une seule page, avec des mots de tous les jours, affichée à l’entrée et relue chaque année en janvier.",
            "how": "Trois ateliers d’une heure : ce que nous faisons, pour qui, ce que nous refusons. Un administrateur "
            "dessinait pendant que nous parlions.",
            "result": "Les nouveaux venus nous en parlent dès l’entretien.",
            "scope": PracticeScope.NETWORK,
            "signed": False,
            "contact": True,
        },
    ),
)
ASKED = (
    "Bonjour, nous aimerions essayer la lecture à deux du livret. Accepteriez-vous de nous montrer les huit pages que "
    "vous avez gardées ? Nous pouvons venir une matinée."
)


def write(cast, paths, rounds):
    """What the structures of the running cohort told, and a neighbour who asks about the first."""
    for told in TOLD:
        _tell(cast, paths, rounds, *told)
    moment = clock.at(date(2025, 10, 28), 14)
    card = PracticeCard.objects.select_related("practice__participation").filter(title=TOLD[0][3]["title"]).first()
    if card and moment <= clock.now():
        with clock.stopped(moment):
            contact_structure(card=card, text=ASKED, by=Actor.of(cast.people["sillons/sillons-referente"]))


def write_elsewhere(cast, paths, rounds):
    """What a structure of another region tells the whole network."""
    for told in ELSEWHERE:
        _tell(cast, paths, rounds, *told)


def _tell(cast, paths, rounds, place, day, said, text):
    """Written and put forward in the morning, answered on its own day."""
    key, who, chapter, position = place
    answer = Answer.objects.filter(
        autodiag__participation=paths.get(key), autodiag__round=rounds[chapter], criterion__position=position
    ).first()
    if answer is None or clock.at(day, 9) > clock.now():
        return
    with clock.stopped(clock.at(day, 9)):
        by = Actor.of(cast.people[f"{key}/{who}"])
        practice = write_practice(answer=answer, by=by, **text)
        number = propose_practice(practice=practice, by=by).number
    if said and clock.at(said[0], 11) <= clock.now():
        with clock.stopped(clock.at(said[0], 11)):
            moderator = _moderator(paths[key])
            answer_practice(practice=practice, number=number, answer=said[1], message=said[2], by=moderator)


def _moderator(path):
    held = Membership.objects.filter(role=Role.FACILITATOR, cohort=path.cohort_id).order_by("pk")
    return Actor.of(held.first().user)


class PracticesSide:
    """What one side has here, for the replay of the matrix of access."""

    @property
    def practice(self):
        """One of the replay's own, published again each time it was withdrawn."""
        mine = Practice.objects.with_context().filter(participation=self.participation, title=ADDED)
        if not mine.filter(state=PracticeState.PUBLISHED).exists():
            answer = self.draft.answers.order_by("criterion__position").first()
            words = {"title": ADDED, "what": ADDED, "how": "", "result": "", "scope": PracticeScope.COHORT}
            made = write_practice(answer=answer, by=self.referent, signed=False, contact=True, **words)
            number = propose_practice(practice=made, by=self.referent).number
            answer_practice(practice=made, number=number, answer=PUBLISHED, by=_moderator(self.participation))
        return mine.get(state=PracticeState.PUBLISHED)

    @property
    def practice_card(self):
        """What others read of it."""
        return self.practice.card

    def take_away_practices(self):
        """The replay's own rows."""
        mine = {"practice__participation": self.participation, "practice__title": ADDED}
        for model in (PracticeCard, PracticeContact, PracticeProposal):
            model.objects.filter(**mine).delete()
        Practice.objects.filter(participation=self.participation, title=ADDED).delete()
