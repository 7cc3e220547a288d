"""Mails of the signature, from the first link to the end, rendered when they leave. Codes are stored nowhere."""

from django.urls import reverse

from caprse.base import links
from caprse.base.outbox import Mail, renderer, undelivered
from caprse.base.text import date_in_words, datetime_in_words, safe_filename
from conventions import documents, rules
from conventions.emails.letters import convention_of, recipient_of, signing_url, site, to_person, to_recipient
from conventions.enums import ConventionState, DocumentKind, Medium
from conventions.models import (
    FrozenDocument,
    GracePeriod,
    Refusal,
    Signatory,
    Signature,
    SigningCode,
    WrongPerson,
)
from conventions.models.conventions import LINK
from conventions.services import clearances, codes, dossier, finishing, following, sealing, sending, signing, trail
from conventions.services.renewing import newest_pdf

PDF = "application/pdf"
CHAPTERS_CLOSED = (
    "\n\nLes chapitres sont fermés. Les réponses et le plan d’actions de chaque structure restent à elle, et les outils "
    "restent ouverts aux structures adhérentes du réseau."
)


def awaited_signatory(pk):
    """The signatory, if a signature is still expected from them, or None."""
    signatory = Signatory.objects.with_context().get(pk=pk)
    open_ = rules.can_sign(signatory.party.convention, signatory)
    return signatory if open_ and not hasattr(signatory, "signature") else None


def until(convention):
    """The last day to sign, as a sentence, where there is one."""
    if convention.expires_on is None:
        return ""
    return f" Vous pouvez signer jusqu’au {date_in_words(convention.expires_on)}, ce jour compris."


@renderer(sending.LINK_MAIL)
def signing_link(message):
    """Asks a signatory to read and sign."""
    signatory = awaited_signatory(message.payload["signatory"])
    if signatory is None:
        return None
    convention = signatory.party.convention
    return Mail(
        to=signatory.email,
        subject=f"CAP RSE : votre signature pour {signatory.party.name}",
        text=(
            f"Bonjour {signatory.first_name},\n\n"
            f"La {convention.named} est prête. Vous la signez pour "
            f"{signatory.party.name} (votre qualité : {signatory.quality}).\n\n"
            "Ouvrez ce lien : vous lirez le texte, puis vous le signerez. Comptez dix minutes ; il n’y a pas de "
            f"compte à créer.{until(convention)}\n\n"
            f"{signing_url(signatory)}\n\n"
            "Pour signer, vous recevrez à cette adresse un code à six chiffres. Le lien et le code sont à vous : "
            "ne les transférez pas.\n\n"
            "Ce n’est pas à vous de signer ? Le même lien permet de le dire, et de nommer la bonne personne. Vous n’êtes "
            "pas d’accord avec le texte ? Il permet aussi de refuser, en disant pourquoi. Une information est fausse ? "
            f"Ne signez pas, et prévenez la délégation "
            f"{convention.region.name} : elle corrigera.\n"
        ),
    )


@renderer(codes.CODE_MAIL)
def signing_code(message):
    """The six digits. Sent to the address of the signatory as it was when the code was asked for."""
    code = SigningCode.objects.get(pk=message.payload["code"])
    if code.consumed_at or awaited_signatory(code.signatory_id) is None:
        return None
    digits = codes.issue(code=code)
    return Mail(
        to=code.signatory.email,
        subject="CAP RSE : votre code de signature",  # the digits stay off a locked screen
        text=(
            f"Bonjour {code.signatory.first_name},\n\n"
            f"Votre code pour signer :\n\n{digits[:3]} {digits[3:]}\n\n"
            "Recopiez-le dans la page où vous l’avez demandé. Il sert une fois, pendant dix minutes. "
            "Ne le donnez à personne : personne du réseau ne vous le demandera.\n\n"
            "Vous n’avez rien demandé ? Ne faites rien : sans ce code, rien ne peut être signé.\n"
        ),
    )


def given_online(signature, convention):
    return (
        f"Vous avez signé la {convention.word} n° {convention.reference} pour {signature.party.name}, "
        f"le {datetime_in_words(signature.signed_at)}."
    )


def noted_from_paper(signature, convention):
    """Nobody is said to have signed by hand without hearing of it, and being able to go back on it."""
    return (
        f"La délégation {convention.region.name} a noté votre signature sur papier de la {convention.word} "
        f"n° {convention.reference} pour {signature.party.name}, datée du {date_in_words(signature.signed_on)}, et gardé "
        "la page signée.\n\n"
        "Vous n’avez pas signé cette page ? Dites-le tout de suite : tant que toutes les parties n’ont pas signé, ce "
        f"lien permet de revenir sur la signature.\n{signing_url(signature.signatory)}"
    )


@renderer(signing.RECEIPT_MAIL)
def signature_receipt(message):
    """A receipt with the fingerprints: each signatory becomes a witness of the chain."""
    signature = Signature.objects.select_related(
        "signatory", "party__convention__cohort", "party__convention__version__template"
    ).get(pk=message.payload["signature"])
    convention = signature.party.convention
    online = signature.medium == Medium.ONLINE
    return Mail(
        to=signature.signatory.email,
        subject=f"CAP RSE : {'vous avez signé' if online else 'votre signature sur papier de'} la {convention.word} "
        f"n° {convention.reference}",
        text=(
            f"Bonjour {signature.signatory.first_name},\n\n"
            f"{given_online(signature, convention) if online else noted_from_paper(signature, convention)}\n\n"
            "Vous n’avez plus rien à faire. Quand toutes les parties auront signé, vous recevrez le document complet, "
            "à garder.\n\n"
            "Gardez aussi ce courriel. Les trois empreintes qui suivent disent exactement ce que vous avez signé ; "
            "si quelqu’un changeait un mot du texte ou de votre preuve, elles ne correspondraient plus.\n\n"
            f"Empreinte du texte signé (SHA-256) :\n{signature.document_sha256}\n\n"
            f"Empreinte de votre preuve :\n{signature.evidence_sha256}\n\n"
            "Empreinte de l’étape « signature », la dernière du dossier de preuve à cet instant :\n"
            f"{trail.digest_of_signature(signature)}\n"
        ),
    )


@renderer(finishing.FINAL_MAIL)
def convention_in_force(message):
    """The signed document, to keep: each party has its own copy (code civil, art. 1375)."""
    convention = convention_of(message)
    address, first_name = recipient_of(convention, message)
    if address is None:
        return None
    document = FrozenDocument.objects.get(convention=convention, kind=DocumentKind.FINAL)
    content = newest_pdf(document)
    name = safe_filename(f"convention {convention.reference} signee", "pdf")
    return Mail(
        to=address,
        subject=f"CAP RSE : la {convention.word} n° {convention.reference} est signée par toutes les parties",
        text=(
            f"Bonjour {first_name},\n\n"
            f"Toutes les parties ont signé la {convention.named}. "
            "Le document signé est joint, avec le tableau des signatures et la page de preuves : "
            "c’est votre exemplaire, gardez-le.\n\n"
            f"{kept_at(convention, message)}"
            f"Empreinte du document joint (SHA-256) :\n{documents.sha256(content)}\n\n"
            f"Pour vérifier qu’un fichier est bien celui-ci :\n{dossier.verification_url(convention)}\n"
        ),
        files=((name, content, PDF),),
    )


@renderer(sending.SEAL_MAIL)
def convention_seal_refused(message):
    """Tells whoever prepares a convention that its document waits for a seal, and why."""
    convention = convention_of(message)
    waiting = sealing.waiting(convention)
    if waiting is None:
        return None
    return to_recipient(
        convention,
        message,
        f"le cachet de la {convention.word} n° {convention.reference} n’est pas encore posé",
        f"Le document de la {convention.word} n° {convention.reference} est fabriqué, mais son cachet n’a pas pu être posé.\n\n"
        f"{waiting.problem}\n\nLes signatures déjà données restent valables. Nous réessayons toutes les heures : "
        "vous n’avez rien à refaire.",
    )


def kept_at(convention, message):
    """Where a signatory finds their copy again, without account; nothing for anybody else."""
    signatory = Signatory.objects.current().filter(party__convention=convention, user=message.recipient_id).first()
    if signatory is None:
        return ""
    url = site(reverse("convention_copy", args=[links.make(LINK, signatory.pk)]))
    return f"Vous le retrouverez aussi par ce lien personnel, jusqu’à cinq ans après la fin du texte :\n{url}\n\n"


@renderer(sending.REFUSED_MAIL)
def signature_refused(message):
    """Tells whoever prepares a convention that a party refuses to sign it, and why."""
    refusal = Refusal.objects.select_related("signatory__party").get(pk=message.payload["refusal"])
    convention = convention_of(message)
    signatory = refusal.signatory
    return to_person(
        message,
        f"{signatory.party.name} refuse de signer",
        f"{signatory.full_name}, qui devait signer pour {signatory.party.name}, refuse de signer la {convention.named} "
        f"(n° {convention.reference}), pour ce motif :\n\n{refusal.reason}\n\n"
        "La signature est suspendue : les liens des autres signataires ne servent plus pour le moment. Les signatures "
        "déjà données sont gardées. Parlez-en avec cette partie, puis décidez de la suite ici :\n\n"
        f"{site(convention.url())}",
    )


@renderer(sending.WRONG_PERSON_MAIL)
def wrong_person(message):
    """Tells whoever prepares a convention that somebody else should sign; nothing was sent to who is named."""
    told = WrongPerson.objects.select_related("signatory__party").get(pk=message.payload["wrong_person"])
    if told.answered_at:
        return None
    convention = convention_of(message)
    signatory = told.signatory
    named = f"{told.first_name} {told.last_name}".strip()
    instead = f"La personne à qui s’adresser serait {named}." if named else "Personne d’autre n’est nommé."
    return to_person(
        message,
        f"qui signe pour {signatory.party.name} ?",
        f"{signatory.full_name} dit que ce n’est pas à lui ou à elle de signer pour {signatory.party.name} "
        f"({convention.word} n° {convention.reference}). {instead}\n\n"
        "Aucun lien n’est parti. Vérifiez, puis décidez qui signe :\n\n"
        f"{site(convention.url('signatory_change', signatory.public_id))}",
    )


@renderer(sending.CANCELLED_MAIL)
def convention_cancelled(message):
    """Says that there is nothing to sign any more, and why."""
    convention = convention_of(message)
    return to_recipient(
        convention,
        message,
        f"la {convention.word} n° {convention.reference} est retirée",
        f"La délégation {convention.region.name} a retiré la {convention.word} n° {convention.reference} : "
        f"{convention.end_reason}\n\nVous n’avez rien à faire. Votre lien de signature ne sert plus ; si vous aviez "
        "signé, votre signature ne vous engage plus. Une nouvelle version vous sera proposée s’il y a lieu.",
    )


@renderer(sending.ENDED_MAIL)
def convention_ended(message):
    """Says since when, why, and what stays open."""
    convention = convention_of(message)
    if convention.state != ConventionState.ENDED:
        return None
    return to_recipient(
        convention,
        message,
        f"la {convention.word} n° {convention.reference} a pris fin",
        f"La {convention.word} n° {convention.reference} a pris fin le {date_in_words(convention.ended_on)} : "
        f"{convention.end_reason}{CHAPTERS_CLOSED if convention.cohort_id else ''}",
    )


@undelivered(sending.LINK_MAIL)
def link_came_back(message):
    """The address of a signatory sends mails back: reminders stop, whoever prepares the convention sees it."""
    following.note_undelivered([message.payload["signatory"]])


@undelivered(codes.CODE_MAIL)
def code_came_back(message):
    """The same, at the moment of signing."""
    following.note_undelivered(SigningCode.objects.filter(pk=message.payload["code"]).values("signatory"))


@renderer(clearances.GRACE_MAIL)
def grace_decided(message):
    """Says until when rounds go on, why, and what stays open afterwards."""
    grace = GracePeriod.objects.select_related("convention__region").get(pk=message.payload["grace"])
    return to_person(
        message,
        f"vos chapitres restent ouverts jusqu’au {date_in_words(grace.until)}",
        f"La convention n° {grace.convention.reference} ne vous lie plus, mais vous avez le temps de finir : vos "
        f"chapitres restent ouverts jusqu’au {date_in_words(grace.until)}, ce jour compris.\n\n"
        f"Ce qu’en dit la délégation {grace.convention.region.name} : {grace.reason}\n\n"
        "Ensuite, les chapitres se ferment. Vos réponses et votre plan d’actions restent à vous, et les outils "
        "restent ouverts aux structures adhérentes du réseau.",
    )
