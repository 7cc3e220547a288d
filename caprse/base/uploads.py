"""What people bring: a file whose content is what its name says, or the address of a page.

The database is never read here. `accept` is the only maker of an `Upload`: whoever keeps one knows it was checked.
"""

import hashlib
import ipaddress
import re
import unicodedata
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from caprse.base import antivirus, office_trial, pdf_trial, picture_trial
from caprse.base.text import DEVICE_NAMES, NBSP, clean_text, size_in_words

NAME_MAX, URL_MAX = 120, 500
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
ACCEPTED = "PDF, image JPEG, PNG ou WebP, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), LibreOffice (.odt, .ods, .odp), texte (.txt, .csv)"


@dataclass(frozen=True)
class Kind:
    """A kind of file we take: what people call it, its media type, how it is opened, and by which name of the opener."""

    called: str
    media_type: str
    family: str
    opener: str = ""


KINDS = {
    "pdf": Kind("un PDF", "application/pdf", "pdf"),
    "jpg": Kind("une image JPEG", "image/jpeg", "picture", "JPEG"),
    "jpeg": Kind("une image JPEG", "image/jpeg", "picture", "JPEG"),
    "png": Kind("une image PNG", "image/png", "picture", "PNG"),
    "webp": Kind("une image WebP", "image/webp", "picture", "WEBP"),
    "docx": Kind("un document Word", f"{OFFICE}wordprocessingml.document", "office", "docx"),
    "xlsx": Kind("un classeur Excel", f"{OFFICE}spreadsheetml.sheet", "office", "xlsx"),
    "pptx": Kind("un diaporama PowerPoint", f"{OFFICE}presentationml.presentation", "office", "pptx"),
    "odt": Kind("un document LibreOffice", f"{OPEN_DOCUMENT}text", "office", "odt"),
    "ods": Kind("un classeur LibreOffice", f"{OPEN_DOCUMENT}spreadsheet", "office", "ods"),
    "odp": Kind("un diaporama LibreOffice", f"{OPEN_DOCUMENT}presentation", "office", "odp"),
    "txt": Kind("un texte", "text/plain", "text"),
    "csv": Kind("un tableau CSV", "text/csv", "text"),
}
ACCEPT = ",".join([f".{extension}" for extension in KINDS] + sorted({kind.media_type for kind in KINDS.values()}))
# Endings that a name may not hide before its last one. "rapport.docx.pdf" is what printers make: it passes.
ENDINGS = (
    "exe bat cmd scr pif msi dll cpl jar js jse mjs vbs vbe wsf wsh hta ps1 psm1 sh bash py php asp aspx jsp cgi apk "
    "deb rpm dmg iso lnk svg svgz html htm xhtml shtml mht mhtml xml xsl swf zip rar 7z gz tgz bz2 xz tar docm xlsm "
    "pptm dotm xltm potm"
)
HIDDEN = frozenset(ENDINGS.split())
SIGNATURES = {"pdf": (b"%PDF-",), "JPEG": (b"\xff\xd8\xff",), "PNG": (b"\x89PNG\r\n\x1a\n",), "WEBP": (b"RIFF",)}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What a text begins with when it is something else.
NOT_TEXT = (b"%PDF-", b"PK", b"MZ", b"\x7fELF", b"#!", b"{\\rtf", b"GIF8", b"RIFF", b"\xff\xd8\xff", b"\x89PNG", OLE)
MARKUP = re.compile(rb"\s*(<\?xml|<!doctype|<!--|<(html|head|body|svg|script|iframe|meta|style)\b)", re.I)
UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff]"
)
FORBIDDEN = re.compile(r'[<>:"|?*%]')
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)


class NotAccepted(ValueError):
    """A file or an address that is not taken in; `str()` is the French sentence to show."""


@dataclass(frozen=True)
class Upload:
    """A file that was opened, found to be what its name says, and read by the antivirus if there is one."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    sha256: str

    @property
    def size(self):
        return len(self.content)


def accept(name: str, content: bytes) -> Upload:
    """Check a file whole, before anything of it is kept. Raises `NotAccepted`."""
    check_size(len(content))
    name = clean_name(name)
    kind = kind_of(name)
    OPENERS[kind.family](content, kind)
    try:
        antivirus.scan(content)
    except antivirus.Infected as error:
        raise NotAccepted(
            "L’antivirus a reconnu dans ce fichier un programme nuisible. Rien n’a été gardé. Ne l’ouvrez plus, et "
            "prévenez la personne qui s’occupe de vos ordinateurs."
        ) from error
    except antivirus.NotChecked as error:
        raise NotAccepted(
            "Ce fichier n’a pas pu être vérifié par l’antivirus. Rien n’a été gardé. Réessayez dans quelques minutes."
        ) from error
    return Upload(name, kind.media_type, content, hashlib.sha256(content).hexdigest())


def check_size(size: int) -> None:
    """Refuse what is empty or too heavy, before it is read. Raises `NotAccepted`."""
    if not size:
        raise NotAccepted("Ce fichier est vide. Choisissez-en un autre.")
    if size > settings.UPLOAD_FILE_BYTES:
        raise NotAccepted(
            f"Ce fichier pèse {size_in_words(size)}{NBSP}; le maximum est de "
            f"{size_in_words(settings.UPLOAD_FILE_BYTES)}. Enregistrez-le en plus léger (images réduites), ou donnez "
            "un lien vers l’endroit où il se trouve."
        )


def taken_in(file, take=accept, check=check_size):
    """What `take` makes of a file that a form brings, its size judged before it is read. Raises ValidationError."""
    try:
        check(file.size)
        return take(file.name, file.read())
    except NotAccepted as refusal:
        raise ValidationError(str(refusal)) from refusal


# --- Names ------------------------------------------------------------------------------------------------------


def clean_name(name: str) -> str:
    """The name a file is kept and given back under: no folder, nothing unseen, 120 characters, accents kept.

    Raises `NotAccepted` for a name that hides another ending before its last one.
    """
    base = re.split(r"[/\\]", name)[-1]
    base = UNSEEN.sub("", unicodedata.normalize("NFC", base))
    base = re.sub(r"\s+", " ", FORBIDDEN.sub("-", base)).strip().rstrip(" .")
    stem, dot, extension = base.rpartition(".")
    if not dot:
        stem, extension = base, ""
    if HIDDEN & {part.strip().lower() for part in stem.split(".")[1:]}:
        raise NotAccepted(
            f"Le nom de ce fichier porte deux terminaisons («{NBSP}{base[-40:]}{NBSP}»), ce qui cache souvent un "
            "programme. Renommez-le avec une seule, ou choisissez-en un autre."
        )
    stem = stem.strip(" .")[: NAME_MAX - len(extension) - 1].strip(" .")
    if not stem or stem.lower() in DEVICE_NAMES:
        stem = f"document-{stem}".strip("-")
    return f"{stem}.{extension.lower()}" if extension else stem


def kind_of(name: str) -> Kind:
    """The kind a cleaned name says. Raises `NotAccepted`, naming those we take."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension in KINDS:
        return KINDS[extension]
    what = f"Les fichiers «{NBSP}.{extension[:12]}{NBSP}»" if extension else "Les fichiers sans terminaison"
    raise NotAccepted(
        f"{what} ne sont pas acceptés. Sont acceptés{NBSP}: {ACCEPTED}. Enregistrez une copie dans l’un de ces formats."
    )


# --- Contents ---------------------------------------------------------------------------------------------------


def _not_what_it_says(kind):
    return NotAccepted(
        f"Ce fichier n’est pas {kind.called}, même si son nom le dit, ou bien il est abîmé. Ouvrez-le dans le "
        "logiciel qui l’a fait et enregistrez-en une nouvelle copie."
    )


LOCKED = (
    "Ce fichier est protégé par un mot de passe, ou enregistré dans un ancien format : nous ne pouvons pas le "
    "vérifier. Déposez-en une copie sans mot de passe, dans le format d’aujourd’hui."
)
IMMENSE = "Ce fichier serait immense une fois ouvert. Enregistrez-en une copie plus légère."
ACTS = (
    "Ce fichier contient un programme (macro) ou un autre fichier, ou va en chercher ailleurs quand on l’ouvre. "
    "Enregistrez-en une copie simple, par exemple au format PDF."
)


def _check_pdf(content, kind):
    if not content.startswith(SIGNATURES["pdf"]):
        raise _not_what_it_says(kind)
    try:
        pdf_trial.check(content, locked_passes=False)
    except pdf_trial.Locked as error:
        raise NotAccepted(LOCKED) from error
    except pdf_trial.NotPlain as error:
        raise NotAccepted(ACTS) from error
    except pdf_trial.Unreadable as error:
        raise _not_what_it_says(kind) from error


def _check_picture(content, kind):
    if not content.startswith(SIGNATURES[kind.opener]):
        raise _not_what_it_says(kind)
    try:
        picture_trial.check(content, kind.opener)
    except picture_trial.Immense as error:
        raise NotAccepted(IMMENSE) from error
    except picture_trial.Unreadable as error:
        raise _not_what_it_says(kind) from error


def _check_office(content, kind):
    if content.startswith(OLE):
        raise NotAccepted(LOCKED)
    if not content.startswith(ZIP):
        raise _not_what_it_says(kind)
    try:
        office_trial.check(content, kind.opener)
    except office_trial.Locked as error:
        raise NotAccepted(LOCKED) from error
    except office_trial.Acts as error:
        raise NotAccepted(ACTS) from error
    except office_trial.Immense as error:
        raise NotAccepted(IMMENSE) from error
    except office_trial.NotThisKind as error:
        raise _not_what_it_says(kind) from error


def _check_text(content, kind):
    if content.startswith(NOT_TEXT) or MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")):
        raise _not_what_it_says(kind)
    if b"\x00" in content:
        raise NotAccepted(
            f"Ce fichier n’est pas {kind.called} que nous savons lire. Ouvrez-le dans le logiciel qui l’a fait et "
            f"enregistrez-le en «{NBSP}UTF-8{NBSP}»."
        )
    try:
        content.decode()
    except UnicodeDecodeError:
        try:
            content.decode("cp1252")
        except UnicodeDecodeError as error:
            raise _not_what_it_says(kind) from error


OPENERS = {"pdf": _check_pdf, "picture": _check_picture, "office": _check_office, "text": _check_text}


# --- Addresses --------------------------------------------------------------------------------------------------

_is_url = URLValidator(schemes=["http", "https"])


def accept_url(typed: str) -> str:
    """The address of a page, whole and plain: http or https, no name or password inside. Raises `NotAccepted`."""
    try:
        url = clean_text(typed, max_length=URL_MAX)
    except ValidationError as error:
        raise NotAccepted(error.messages[0]) from error
    if url and not SCHEME.match(url):
        url = f"https://{url}"
    if re.search(r"[\s\\<>\"{}|^`]", url):
        raise NotAccepted(NOT_AN_ADDRESS)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        _is_url(url)
    except (ValueError, ValidationError) as error:
        raise NotAccepted(NOT_AN_ADDRESS) from error
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise NotAccepted(
            "Cette adresse contient un nom ou un mot de passe, avant «\u00a0@\u00a0» : tout le monde pourrait le lire. "
            "Donnez l’adresse de la page, sans rien de secret."
        )
    if not host or host == "localhost" or _is_number(host) or "." not in host:
        raise NotAccepted(
            "Cette adresse ne mène qu’à votre propre ordinateur ou réseau. Donnez celle que vos collègues ouvrent."
        )
    if len(url) > URL_MAX:
        raise NotAccepted(NOT_AN_ADDRESS)
    return url


def _is_number(host):
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


NOT_AN_ADDRESS = (
    f"Ceci n’est pas l’adresse d’une page. Elle commence par «{NBSP}https://{NBSP}»{NBSP}: ouvrez la page et copiez la "
    "ligne qui est en haut de l’écran."
)
