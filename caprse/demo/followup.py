"""How the invented structures are followed: a delay, and notes after the talks, internal or shared."""

from datetime import date

from caprse.base import clock
from cohorts.access import Actor
from cohorts.enums import NoteVisibility
from cohorts.services.delays import adjust_round
from cohorts.services.notes import write_note

INTERNAL, SHARED = NoteVisibility.INTERNAL, NoteVisibility.SHARED
NOTES = (
    (
        "passerelle",
        date(2025, 7, 1),
        SHARED,
        "Point téléphonique d’une demi-heure. Le chapitre 1 est transmis, avec de beaux exemples sur l’accueil des "
        "nouvelles personnes.\n\nConvenu ensemble : commencer le chapitre 2 avant les congés, à deux, et garder les "
        "critères sur les achats pour la rentrée.",
    ),
    (
        "passerelle",
        date(2025, 10, 24),
        INTERNAL,
        "L’équipe avance bien sur le chapitre 3 mais trouve la partie sur la gouvernance difficile à partager avec le "
        "conseil d’administration. Proposer que nous venions présenter la synthèse au CA de janvier.",
    ),
    (
        "passerelle",
        date(2025, 10, 28),
        SHARED,
        "Visite sur place. La synthèse du chapitre 2 a été lue en réunion d’équipe : trois actions en sont sorties.\n\n"
        "Pour la suite : finir le chapitre 3 avant le regroupement, et venir avec une question à poser aux autres "
        "structures.",
    ),
    (
        "etabli",
        date(2025, 9, 22),
        INTERNAL,
        "Déménagement de l’atelier tout le mois : personne n’a le temps. Délai accordé jusqu’à mi-novembre pour le "
        "chapitre 2. Rappeler début novembre.",
    ),
    (
        "etabli",
        date(2025, 9, 23),
        SHARED,
        "Nous avons convenu d’un délai pour le chapitre 2, le temps du déménagement. Une heure ensemble en visio est "
        "prévue début novembre pour reprendre.",
    ),
    (
        "ajoncs",
        date(2025, 9, 12),
        INTERNAL,
        "Pas de réponse aux deux derniers messages. Le chapitre 2 est resté à trois critères depuis juillet. Passer par "
        "la présidence si rien ne bouge d’ici la visio lecture.",
    ),
    (
        "ajoncs",
        date(2025, 6, 13),
        SHARED,
        "Retour sur le regroupement : la synthèse du chapitre 1 est claire, l’équipe en est contente. Prochaine étape, "
        "choisir deux personnes pour le chapitre 2.",
    ),
    (
        "tardoire",
        date(2025, 10, 22),
        SHARED,
        "Bonne reprise après l’été. L’idée d’un carnet partagé pour les remontées de terrain est à raconter au prochain "
        "regroupement.",
    ),
)


def give_more_time(paths, rounds, by):
    """The delay of one structure, on the day it was given."""
    day = date(2025, 9, 22)
    if day <= clock.today():
        with clock.stopped(clock.at(day, 14)):
            adjust_round(
                round=rounds[2],
                participation=paths["etabli"],
                closes_on=date(2025, 11, 14),
                reason="Déménagement de l’atelier en septembre",
                by=by,
            )


def write_notes(paths, by):
    """The notes whose day has come, each written the evening of the talk."""
    for key, day, visibility, text in NOTES:
        if day <= clock.today() and key in paths:
            with clock.stopped(clock.at(day, 17, 40)):
                write_note(participation=paths[key], visibility=visibility, held_on=day, text=text, by=Actor.of(by))
