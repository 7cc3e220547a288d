"""What the invented structures agreed on in a meeting, and who prepares what.

One structure agreed on two chapters before it transmitted them, and has shared out the one under way; another has
compared and begun to agree: its next criteria wait on the wall.
"""

from datetime import date

from autodiag.enums import AnswerKind
from autodiag.models import Answer, Autodiag
from autodiag.models.prepared import answer_to_save
from autodiag.services.agreement import agree
from autodiag.services.answers import save_answer, state_of
from autodiag.services.assignments import assign
from autodiag.services.viewpoints import choose_group, open_comparison, save_viewpoint
from caprse.base import clock
from caprse.demo.viewpoints import BOARD, COHORT, HEAD, KEY, TEAM
from cohorts.access import Actor

REFERENT = f"{KEY}/passerelle-referente"
# Chapter: the evening of the meeting, then each criterion, the level agreed on (« ? »: does not know), and why.
AGREED = {
    1: (
        (date(2025, 5, 15), 14),
        (
            ("1.1", "2", "Le projet est écrit et connu, mais l’équipe ne l’ouvre pas encore d’elle-même."),
            ("1.2", "2", "Chaque achat passe déjà par la question « qui cela fait-il travailler ? »."),
            ("1.3", "2", "Trois nouvelles personnes en deux ans, accueillies par la présidente."),
            ("1.4", "1", "Les décisions sont bien préparées. Personne ne vérifie ensuite ce qu’elles deviennent."),
            ("1.5", "2", "La fiche de délégation existe ; il reste à écrire qui remplace la direction."),
            ("1.6", "1", "C’est l’écart qui nous a le plus appris : la parole se prend, elle ne change encore rien."),
        ),
    ),
    2: (
        (date(2025, 9, 9), 9),
        (
            ("2.1", "2", "Le livret sert à chaque arrivée ; le parrainage dépend encore des disponibilités."),
            ("2.2", "1", "Les documents sont à jour, les équipements ne suivent pas chez tous les clients."),
            ("2.3", "1", "Les plannings bougent trop tard pour qu’une famille s’organise."),
            ("2.6", "1", "Quand une encadrante s’absente, tout repose sur une seule collègue."),
            ("2.8", "?", "Personne n’a de cas récent en tête : nous en parlerons avec l’équipe avant de répondre."),
        ),
    ),
}
# Answered otherwise the day after: the page says that it changed since the agreement.
CHANGED = ("2.3", "2", date(2025, 9, 10))
SHARED_OUT = (
    (date(2025, 10, 17), 10),
    (("3.6", "missions"), ("3.7", "missions"), ("3.8", "missions"), ("3.8", "encadrante"), ("3.6", "tresorier")),
)
OTHER, OTHER_CHAPTER = "lingerie", 3
OTHER_VOICES = (
    ("lingerie-referente", TEAM),
    ("double", TEAM),
    ("lingerie-encadrant", TEAM),
    ("lingerie-direction", HEAD),
    ("lingerie-ca", BOARD),
)
OTHER_SAID = {"3.1": "22132", "3.2": "1113?", "3.3": "21232", "3.4": "01122", "3.5": "11?21", "3.6": "01033"}
OTHER_AGREED = (
    (date(2025, 11, 3), 14),
    (
        ("3.1", "2", "Chaque personne reçoit une réponse ; l’orientation vers d’autres se fait au cas par cas."),
        ("3.2", "1", "Les objectifs sont écrits par nous, puis lus avec la personne : il faut inverser."),
    ),
)


def note_until_transmitted(cast, autodiag, key):
    """The agreements on a chapter that will be transmitted, one of which no longer holds."""
    chapter = autodiag.round.chapter.number
    if key != KEY or autodiag.participation.cohort.slug != COHORT or chapter not in AGREED:
        return
    _agree(cast.people[REFERENT], autodiag, AGREED[chapter])
    code, value, day = CHANGED
    if code.startswith(f"{chapter}.") and clock.at(day, 11) <= clock.now():
        by = Actor.of(cast.people[REFERENT])
        with clock.stopped(clock.at(day, 11)):
            answer, said = _wish(by, autodiag, code, value)
            save_answer(answer=answer, revision=answer.revision, by=by, **{**state_of(answer), **said})


def write(cast, paths, rounds):
    """Who prepares what in one structure; the comparison and the first agreements of another."""
    share_out(cast, _under_way(paths[KEY], rounds))
    other = _under_way(paths[OTHER], rounds)
    opened_at = clock.at(date(2025, 10, 31), 17)
    if other and opened_at <= clock.now():
        _speak(cast, other)
        referent = cast.people[f"{OTHER}/{OTHER_VOICES[0][0]}"]
        with clock.stopped(opened_at):
            open_comparison(autodiag=other, by=Actor.of(referent))
        _agree(referent, other, OTHER_AGREED)


def _under_way(path, rounds):
    rows = Autodiag.objects.with_context().filter(participation=path, round=rounds[OTHER_CHAPTER])
    return next((autodiag for autodiag in rows if not autodiag.is_submitted), None)


def share_out(cast, autodiag):
    """Three criteria of the chapter under way are entrusted to three colleagues."""
    (day, hour), pairs = SHARED_OUT
    if not autodiag or clock.at(day, hour) > clock.now():
        return
    answers = dict(Answer.objects.filter(autodiag=autodiag).values_list("criterion__code", "pk"))
    chosen = {(answers[code], cast.people[f"{KEY}/passerelle-{who}"].pk) for code, who in pairs}
    with clock.stopped(clock.at(day, hour)):
        assign(autodiag=autodiag, seen=set(), chosen=chosen, by=Actor.of(cast.people[REFERENT]))


def _speak(cast, autodiag):
    answers = Answer.objects.filter(autodiag=autodiag, criterion__code__in=OTHER_SAID).order_by("criterion__position")
    answers = list(answers.select_related("criterion").prefetch_related("criterion__levels"))
    groups = autodiag.participation.cohort.version.voice_groups
    for rank, (person, group) in enumerate(OTHER_VOICES):
        by = Actor.of(cast.people[f"{OTHER}/{person}"])
        with clock.stopped(clock.at(date(2025, 10, 29), 9 + rank)):
            choose_group(participation=autodiag.participation, group=groups.get(name=group), by=by)
            for answer in answers:
                said = _said(answer.criterion.levels.all(), OTHER_SAID[answer.criterion.code][rank])
                save_viewpoint(answer=answer, revision=0, blind=True, by=by, note="", **said)


def _agree(referent, autodiag, meeting):
    (day, hour), agreed = meeting
    by = Actor.of(referent)
    for rank, (code, value, reason) in enumerate(agreed):
        moment = clock.at(day, hour, 8 * rank)
        if moment > clock.now():
            return
        with clock.stopped(moment):
            answer, said = _wish(by, autodiag, code, value)
            agree(answer=answer, revision=answer.revision, by=by, reason=reason, na_reason="", **said)


def _wish(by, autodiag, code, value):
    """An answer ready to be saved, and what it is to say."""
    criterion = autodiag.round.chapter.criteria.get(code=code)
    region = autodiag.participation.cohort.region.slug
    answer = answer_to_save(by, region=region, public_id=autodiag.public_id, position=criterion.position)
    return answer, _said(criterion.levels.all(), value)


def _said(levels, mark):
    level = next((level.pk for level in levels if str(level.value) == mark), None)
    return {"kind": AnswerKind.LEVEL if level else AnswerKind.UNKNOWN, "level_id": level}
