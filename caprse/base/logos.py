"""The logo somebody brings: a PNG or a JPEG, opened, read by the antivirus, drawn again as a plain PNG."""

from caprse.base import logo_trial
from caprse.base.text import NBSP, size_in_words
from caprse.base.uploads import KINDS, MARKUP, NotAccepted, accept

LOGO_BYTES = 2_000_000
ACCEPT_LOGO = ".png,.jpg,.jpeg,image/png,image/jpeg"
WHAT_TO_SEND = "Envoyez votre logo en image PNG ou JPEG, de 2 Mo au plus."
DRAWING = (
    f"Ce fichier est un dessin SVG{NBSP}: il peut contenir un programme, nous ne le prenons pas. Ouvrez-le, "
    f"enregistrez-le en PNG, puis envoyez ce PNG."
)
REASONS = {
    logo_trial.UNREADABLE: f"Cette image ne s’ouvre pas, ou elle est abîmée. {WHAT_TO_SEND}",
    logo_trial.IMMENSE: f"Cette image serait immense une fois ouverte. {WHAT_TO_SEND} 1 200 pixels de large suffisent.",
    logo_trial.MOVING: f"Cette image est animée, un document ne l’est pas. {WHAT_TO_SEND}",
    logo_trial.FOUR_INKS: (
        "Ce logo est enregistré en couleurs d’imprimerie (CMJN), que les écrans montrent mal. Demandez-en la version "
        "pour écran (RVB), en PNG ou en JPEG."
    ),
    logo_trial.TINY: (
        f"Cette image est trop petite ou trop étroite{NBSP}: elle serait illisible. Envoyez un logo d’au moins 300 "
        "pixels de large, en PNG ou en JPEG."
    ),
    logo_trial.EMPTY: f"Cette image est entièrement transparente{NBSP}: on n’y verrait rien. {WHAT_TO_SEND}",
}


def check_logo_size(size: int) -> None:
    """Refuse what is too heavy before it is read. Raises `NotAccepted`."""
    if size > LOGO_BYTES:
        raise NotAccepted(f"Ce fichier pèse {size_in_words(size)}. {WHAT_TO_SEND} 1 200 pixels de large suffisent.")


def accept_logo(name: str, content: bytes) -> bytes:
    """The PNG to keep, from a file somebody brings. Raises `NotAccepted`, which says what to send instead."""
    check_logo_size(len(content))
    extension = name.rpartition(".")[2].lower()
    if extension in ("svg", "svgz") or MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")):
        raise NotAccepted(DRAWING)
    if extension not in ("png", "jpg", "jpeg"):
        raise NotAccepted(f"Ce fichier n’est ni un PNG, ni un JPEG. {WHAT_TO_SEND}")
    upload = accept(name, content)
    try:
        return logo_trial.redraw(upload.content, KINDS[extension].opener)
    except logo_trial.NotALogo as refusal:
        raise NotAccepted(REASONS[refusal.code]) from refusal
