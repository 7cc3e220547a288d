"""Documents people bring: what is accepted, and why the rest is not. Pure: no query."""

from caprse.base import clock, marking, pdf_trial
from caprse.base.pdf import PdfUnavailable
from caprse.base.text import NBSP, size_in_words

PDF = "application/pdf"
HEADER = b"%PDF-"
MAX_SIZE = 10_000_000
TRIAL = {"person": "Vérification", "organisation": "du dépôt", "number": "0000-000000"}


class NotAccepted(ValueError):
    """A document that is not taken in; `str()` is the French sentence to show."""


def check_size(size):
    """Refuse what is empty or too heavy, before it is read. Raises `NotAccepted`."""
    if not size:
        raise NotAccepted("Ce fichier est vide. Choisissez-en un autre.")
    if size > MAX_SIZE:
        raise NotAccepted(
            f"Ce fichier pèse {size_in_words(size)}{NBSP}; le maximum est de {size_in_words(MAX_SIZE)}. "
            "Enregistrez-le en plus léger (images réduites), ou partagez-le en plusieurs documents."
        )


def check_pdf(content):
    """Refuse whatever is not a PDF that can be marked on each page, whatever its name says. Raises `NotAccepted`."""
    check_size(len(content))
    if not content.startswith(HEADER):
        raise NotAccepted(
            "Ce fichier n’est pas un PDF, même si son nom le dit. Ouvrez-le dans le logiciel qui l’a fait et "
            f"enregistrez-le «{NBSP}au format PDF{NBSP}»."
        )
    try:
        pdf_trial.check(content)
        marking.mark(content, PDF, marking.Mark(at=clock.now(), **TRIAL))
    except pdf_trial.NotPlain as error:
        raise NotAccepted(
            "Ce PDF contient un programme, un formulaire animé ou un autre fichier, que le marquage n’atteindrait pas. "
            f"Faites-en une copie simple{NBSP}: «{NBSP}Imprimer{NBSP}», puis «{NBSP}Enregistrer au format PDF{NBSP}»."
        ) from error
    except pdf_trial.Unreadable as error:
        raise NotAccepted(
            "Ce PDF est abîmé, ou bien trop lourd une fois ouvert. Déposez-en une nouvelle copie, plus légère."
        ) from error
    except marking.SignedFile as error:
        raise NotAccepted(
            f"Ce PDF est signé électroniquement{NBSP}: le marquer au nom de qui le reçoit romprait la signature. "
            "Déposez-en une copie sans signature."
        ) from error
    except marking.UnmarkableFile as error:
        raise NotAccepted(str(error)) from error
    except PdfUnavailable:
        return  # this machine makes no mark today: the document is whole, and will not leave unmarked
