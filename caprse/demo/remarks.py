"""What board members and their teams say to each other in the demonstration, beside the answers."""

from datetime import date

from autodiag.models import Answer, Remark
from autodiag.services.remarks import withdraw_remark, write_remark
from caprse.base import clock
from cohorts.enums import Role
from cohorts.models import Membership
from cohorts.models.memberships import current

ADDED = "Remarque ajoutée pour vérifier les accès"
# Structure, chapter, position of the criterion, day and hour, person, words; None: the last one is taken back.
REMARKS = (
    (
        "ajoncs",
        2,
        1,
        (date(2025, 7, 21), 18),
        "ajoncs-ca",
        "Je peux venir une demi-journée à l’atelier en septembre : j’aimerais voir comment cela se passe avant d’en "
        "parler au conseil d’administration.",
    ),
    ("passerelle", 3, 1, (date(2025, 10, 20), 19), "passerelle-tresorier", "Je ne vois pas de quoi il s’agit."),
    ("passerelle", 3, 1, (date(2025, 10, 20), 20), "passerelle-tresorier", None),
    (
        "passerelle",
        3,
        1,
        (date(2025, 10, 21), 18),
        "passerelle-tresorier",
        "Le conseil d’administration a relu la fiche d’accueil en juin. À citer avant de choisir le niveau ?",
    ),
    (
        "passerelle",
        3,
        1,
        (date(2025, 10, 22), 9),
        "passerelle-missions",
        "Merci Rémi, je le relis avec Maëlle jeudi.",
    ),
    (
        "passerelle",
        3,
        4,
        (date(2025, 10, 28), 18),
        "passerelle-tresorier",
        "Je trouve que nous faisons mieux que ce que nous écrivons ici.",
    ),
)


def write(cast, paths, rounds):
    """Every remark of the story that is past."""
    for key, chapter, position, (day, hour), who, words in REMARKS:
        if clock.at(day, hour) > clock.now():
            continue
        user = cast.people[f"{key}/{who}"]
        answers = Answer.objects.filter(autodiag__round=rounds[chapter], participation=paths[key])
        answer = answers.get(criterion__position=position)
        with clock.stopped(clock.at(day, hour)):
            if words:
                write_remark(answer=answer, text=words, by=user)
            else:
                last = Remark.objects.filter(answer=answer, written_by=user).latest("written_at", "pk")
                withdraw_remark(remark=last, by=user)


class RemarksSide:
    """What the matrix of access is played on: a remark of the structure's board member."""

    @property
    def remark(self):
        """Written again each time it was taken back."""
        mine = Remark.objects.of_chapter(self.draft)
        if found := mine.filter(text=ADDED).first():
            return found
        held = Membership.objects.filter(current(clock.today()), role=Role.BOARD_MEMBER, organisation=self.organisation)
        answer = self.draft.answers.order_by("criterion__position").first()
        made = write_remark(answer=answer, text=ADDED, by=held.order_by("pk").first().user)
        self.__dict__.setdefault("made", []).append(made.pk)
        return mine.get(pk=made.pk)

    def take_away_remarks(self):
        """The replay's own remarks, taken back or not."""
        Remark.objects.filter(pk__in=self.__dict__.get("made", [])).delete()
