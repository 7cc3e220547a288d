"""The demonstration: what a structure keeps to support its levels, in files made here and in invented links."""

import io
import zipfile
from datetime import date

import pikepdf
from PIL import Image, ImageDraw

from autodiag.models import Answer, Autodiag, Evidence
from autodiag.rules import can_answer
from autodiag.services.evidence import deposit, link_evidence, replace_evidence, restore_evidence
from caprse.base import clock
from caprse.base.uploads import accept
from cohorts.access import Actor
from cohorts.enums import Visibility

PASSERELLE, AJONCS = "passerelle/passerelle-missions", "ajoncs/ajoncs-referent"
PAGE = "p. 1"
ODT = "application/vnd.oasis.opendocument.text"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"


def small_pdf(*lines):
    """A page of a few lines, in a font every reader has."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
    written = b" T* ".join(b"(" + line.encode("cp1252") + b") Tj" for line in lines)
    page.Contents = pdf.make_stream(b"BT /F1 14 Tf 22 TL 60 760 Td " + written + b" ET")
    kept = io.BytesIO()
    pdf.save(kept, deterministic_id=True)
    return kept.getvalue()


def small_png():
    """A poster as one photographs it on a wall: three lines on a coloured ground."""
    picture = Image.new("RGB", (480, 320), "#f2ede2")
    draw = ImageDraw.Draw(picture)
    for rank, width in enumerate((300, 380, 240)):
        draw.rectangle((50, 60 + rank * 75, 50 + width, 95 + rank * 75), fill="#0f5c63")
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def small_odt(*paragraphs):
    """A LibreOffice document of a few paragraphs."""
    text = "".join(f"<text:p>{paragraph}</text:p>" for paragraph in paragraphs)
    content = (
        f'<office:document-content xmlns:office="{OFFICE}office:1.0" xmlns:text="{OFFICE}text:1.0" '
        f'office:version="1.3"><office:body><office:text>{text}</office:text></office:body></office:document-content>'
    )
    entry = "manifest:file-entry manifest:media-type"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{OFFICE}manifest:1.0" manifest:version="1.3"><{entry}="{ODT}" '
        f'manifest:full-path="/"/><{entry}="text/xml" manifest:full-path="content.xml"/></manifest:manifest>'
    )
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, part in (("mimetype", ODT), ("content.xml", content), ("META-INF/manifest.xml", manifest)):
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), part)
    return kept.getvalue()


def _guide(edition):
    lines = ("Livret d'accueil", f"Édition {edition}", "Votre premier jour, vos interlocuteurs, vos droits.")
    return accept("Livret d’accueil.pdf", small_pdf(*lines))


# Who, day and hour, what it is, chapter and position of the criteria it supports with the page.
ITEMS = (
    (
        PASSERELLE,
        (date(2025, 4, 14), 10),
        {
            "title": "Livret d’accueil des salarié·e·s",
            "note": "Remis et lu ensemble le premier jour.",
            "visibility": Visibility.FACILITATOR,
            "valid_until": date(2026, 3, 31),
            "upload": lambda: _guide("2024"),
        },
        ((3, 1, PAGE), (3, 2, "")),
    ),
    (
        PASSERELLE,
        (date(2025, 10, 20), 11),
        {
            "title": "Affichage de l’atelier, photo",
            "note": "Les règles de sécurité, en images, à l’entrée de l’atelier.",
            "upload": lambda: accept("affichage atelier.png", small_png()),
        },
        ((3, 2, ""),),
    ),
    (
        PASSERELLE,
        (date(2025, 10, 21), 9),
        {
            "title": "Compte rendu de la réunion d’équipe de septembre",
            "upload": lambda: accept(
                "CR équipe septembre.odt",
                small_odt("Réunion d’équipe du 18 septembre 2025", "Tour de table : ce qui a changé depuis juin."),
            ),
        },
        ((3, 1, "2e paragraphe"),),
    ),
    (
        PASSERELLE,
        (date(2025, 10, 21), 10),
        {
            "title": "Page « Nos engagements » de notre site",
            "visibility": Visibility.FACILITATOR,
            "url": "https://passerelle-deux-rives.example.org/nos-engagements",
        },
        ((3, 3, ""),),
    ),
    (
        PASSERELLE,
        (date(2025, 10, 22), 15),
        {
            "title": "Planning partagé des formations",
            "valid_until": date(2025, 11, 28),
            "url": "https://agenda.example.org/passerelle/formations",
        },
        (),
    ),
    (
        PASSERELLE,
        (date(2025, 10, 22), 16),
        {
            "title": "Attestation de l’assurance du local",
            "valid_from": date(2024, 10, 1),
            "valid_until": date(2025, 9, 30),
            "upload": lambda: accept("attestation 2024-2025.pdf", small_pdf("Attestation d'assurance", "2024-2025")),
        },
        (),
    ),
    (
        AJONCS,
        (date(2025, 7, 22), 14),
        {
            "title": "Charte de l’atelier bois",
            "visibility": Visibility.FACILITATOR,
            "upload": lambda: accept("charte atelier.pdf", small_pdf("Charte de l'atelier bois", "Juin 2025")),
        },
        ((2, 1, ""),),
    ),
)


def write(cast, paths, rounds):
    """What two structures brought, as far as it is past; the booklet of the Passerelle has two editions."""
    for who, (day, hour), said, supports in ITEMS:
        moment, path = clock.at(day, hour), paths[who.partition("/")[0]]
        if moment > clock.now():
            continue
        by = Actor.of(cast.people[who])
        with clock.stopped(moment):
            brought = {name: value() if callable(value) else value for name, value in said.items()}
            evidence = deposit(organisation=path.organisation, by=by, **brought)
        for chapter, position, page in supports:
            _link(path, rounds[chapter], position, evidence, page, moment, by)
    _second_edition(cast, paths)


def _link(path, round_, position, evidence, page, moment, by):
    """Say what an item supports, once the chapter it is about is being answered."""
    opened = Autodiag.objects.with_context().filter(participation=path, round=round_).first()
    moment = max(moment, opened.started_at) if opened else moment
    if opened is None or opened.is_submitted or moment > clock.now():
        return
    with clock.stopped(moment):
        opened = Autodiag.objects.with_context().get(pk=opened.pk)
        answer = Answer.objects.select_related("criterion").get(autodiag=opened, criterion__position=position)
        answer.autodiag = opened
        link_evidence(answer=answer, evidence=evidence, by=by, page=page)


def _second_edition(cast, paths):
    """The booklet is replaced, the first edition stays."""
    moment, title = clock.at(date(2025, 10, 23), 9), ITEMS[0][2]["title"]
    booklet = Evidence.objects.filter(organisation=paths["passerelle"].organisation, title=title).first()
    if booklet and moment <= clock.now():
        with clock.stopped(moment):
            replace_evidence(evidence=booklet, by=Actor.of(cast.people[PASSERELLE]), upload=_guide("2025"))


class EvidenceSide:
    """What the matrix of access is played on: the first item the structure shares, on the chapter under way."""

    @property
    def evidence(self):
        """As the story left it, whatever the replay did: taken out again, linked again at the same page."""
        rows = Evidence.objects.with_revisions().filter(visibility=Visibility.FACILITATOR)
        found = rows.filter(organisation=self.organisation).order_by("pk").first()
        found = restore_evidence(evidence=found, by=self.referent)
        autodiag = Autodiag.objects.with_context().get(pk=self.draft.pk)
        if can_answer(autodiag, clock.today()):
            answer = autodiag.answers.select_related("criterion").get(criterion__position=1)
            answer.autodiag = autodiag
            link_evidence(answer=answer, evidence=found, by=self.referent, page=PAGE)
        return found

    def take_away_evidence(self):
        """Nothing is ever deleted here: the item is put back as the story left it."""
        return self.evidence
