"""The demonstration: exchanges on a criterion with who accompanies the structure."""

from datetime import date

from autodiag.models import Autodiag, Message, Thread
from autodiag.rules.threads import STRUCTURE, TEAM
from autodiag.services.threads import THREADS_MAIL, close_thread, open_thread, reply
from caprse.base import clock
from caprse.base.models import OutboxMessage
from cohorts.enums import Role
from cohorts.models import Membership
from cohorts.models.memberships import current

ADDED = "Message ajouté pour vérifier les accès"
FACILITATOR = "coorace-na/na-animatrice"
CLOSE = None
# Structure, chapter, position of the criterion; then day, hour, person and words of each message, CLOSE at the end.
TALKS = (
    (
        ("passerelle", 2, 2),
        (
            date(2025, 7, 16),
            10,
            "passerelle/passerelle-missions",
            "Nos client·e·s sont surtout des particuliers. Faut-il répondre pour eux aussi, ou seulement pour les "
            "collectivités ?",
        ),
        (
            date(2025, 7, 16),
            16,
            FACILITATOR,
            "Pour tout le monde : partez de la situation la plus courante chez vous, et dites en commentaire ce qui change "
            "pour les collectivités.",
        ),
        (date(2025, 7, 17), 9, "passerelle/passerelle-missions", "C’est clair, merci. Nous répondons ainsi."),
        (date(2025, 7, 17), 9, "passerelle/passerelle-missions", CLOSE),
    ),
    (
        ("passerelle", 2, 1),
        (
            date(2025, 10, 1),
            11,
            FACILITATOR,
            "En relisant votre synthèse, je me demande qui anime le point mensuel depuis la rentrée. Pourriez-vous me dire "
            "comment cela se passe ?",
        ),
        (
            date(2025, 10, 3),
            15,
            "passerelle/passerelle-direction",
            "Nous l’animons à tour de rôle. Cela tient depuis septembre, avec deux absences.",
        ),
    ),
    (
        ("passerelle", 3, 2),
        (
            date(2025, 10, 27),
            9,
            FACILITATOR,
            "Suite à ma visite : avez-vous gardé une trace écrite de la réunion avec les salarié·e·s en parcours ? Elle "
            "appuierait bien ce critère.",
        ),
    ),
    (
        ("sillons", 3, 4),
        (
            date(2025, 11, 3),
            17,
            "sillons/0",
            "Nous hésitons entre deux niveaux : la règle existe, mais la moitié de l’équipe ne la connaît pas. Que "
            "conseillez-vous ?",
        ),
    ),
)


def write(cast, paths, rounds):
    """What the story of the running cohort holds here, as far as it is past."""
    for (key, chapter, position), *messages in TALKS:
        autodiag = Autodiag.objects.with_context().filter(round=rounds[chapter], participation=paths.get(key)).first()
        thread = None
        for day, hour, who, words in messages:
            if autodiag is None or clock.at(day, hour) > clock.now():
                break
            with clock.stopped(clock.at(day, hour)):
                thread = _say(thread, autodiag, position, person(cast, who), words, who.startswith(f"{key}/"))


def person(cast, key):
    """Somebody of the story, by key, or by rank in their organisation."""
    organisation, _, name = key.partition("/")
    return cast.of(organisation)[int(name)] if name.isdecimal() else cast.people[key]


def _say(thread, autodiag, position, by, words, of_structure):
    side = STRUCTURE if of_structure else TEAM
    if words is CLOSE:
        return close_thread(thread=thread, by=by)
    if thread:
        reply(thread=thread, side=side, text=words, by=by)
        return thread
    criterion = autodiag.round.chapter.criteria.get(position=position)
    return open_thread(autodiag=autodiag, criterion=criterion, side=side, text=words, by=by)


class ThreadsSide:
    """What the matrix of access is played on: an exchange the structure's board member opened."""

    @property
    def thread(self):
        """One of the chapter under way, made when its adhesion was valid."""
        mine = Thread.objects.with_context().filter(answer__autodiag=self.draft, messages__text=ADDED)
        return mine.first() or self._open()

    @property
    def message(self):
        """Their message, written again each time it was taken back."""
        mine = Message.objects.filter(thread__answer__autodiag=self.draft, text=ADDED)
        return mine.first() or self._open().messages.get()

    def _open(self):
        held = Membership.objects.filter(current(clock.today()), role=Role.BOARD_MEMBER, organisation=self.organisation)
        by, criterion = held.order_by("pk").first().user, self.draft.round.chapter.criteria.order_by("position").first()
        with clock.stopped(self.draft.started_at):
            thread = open_thread(autodiag=self.draft, criterion=criterion, side=STRUCTURE, text=ADDED, by=by)
        OutboxMessage.objects.filter(kind=THREADS_MAIL, created_at=self.draft.started_at).delete()
        self.__dict__.setdefault("made_threads", []).append(thread.pk)
        return thread

    def take_away_threads(self):
        """The replay's own rows."""
        made = self.__dict__.get("made_threads", [])
        Message.objects.filter(thread__in=made).delete()
        Thread.objects.filter(pk__in=made).delete()
