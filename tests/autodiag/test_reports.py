"""Documents made from plain data: what each edition says, what the one to be shown outside never says."""

import base64
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pikepdf
import pytest

from autodiag import reports
from autodiag.enums import ActionStatus
from caprse.base import office, pdf
from caprse.base.echoes import Passage, Protected
from caprse.base.paper import Drawing, Logo
from tests.document_text import words_of

QUESTION = "La structure tient-elle un registre partagé de ses rencontres ?"
CREATED = datetime(2025, 11, 4, 8, tzinfo=UTC)
WORDING = Protected(
    [
        Passage("question du critère 1.1", QUESTION),
        Passage("titre du critère 1.1", "Registre des rencontres", is_sentence=False),
    ]
)
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPj/HwADAgH/p2Qy3QAAAABJRU5ErkJggg=="
)
SECRETS = ("CONFIDENCE", "ACCORDSECRET", "COMMENTAIRESECRET", "PIECESECRETE", "SOURCESECRETE", "MOTIFSECRET")
INTERNAL = ("Registre des rencontres", QUESTION, "Il existe et se relit", "Vie des instances", "Structuré", "Réunions")


def criterion(rank, **said):
    """One criterion as `autodiag.documents.content_of` freezes it."""
    return {
        "stable_id": f"c{rank}",
        "code": f"1.{rank}",
        "title": "Registre des rencontres" if rank == 1 else f"Intitulé réservé {rank}",
        "section": "Vie des instances" if rank < 3 else "Écoute des équipes",
        "question": QUESTION if rank == 1 else f"Question réservée {rank} ?",
        "weight": 1,
        "levels": [[0, "Rien"], [1, "Un cahier"], [2, "Il existe et se relit"]],
        "kind": "level",
        "value": 2,
        "na_reason": "",
        "practice": f"Nous notons tout, cahier {rank}",
        "strength": "",
        "difficulty": "",
        "to_review": False,
        "comment": "",
        "agreement": None,
        "indicators": [],
        "evidence": [],
    } | said


def chapter(number=1, title="Gouvernance partagée", *criteria, **more):
    content = {
        "referentiel": "Référentiel RR",
        "code": "RR",
        "version": 1,
        "notice": "Mention de démonstration",
        "cohort": "Cohorte d’essai",
        "structure": "Les Bons Outils",
        "chapter": {"number": number, "title": title},
        "scale": [[0, "Rien"], [1, "Débuté"], [2, "Structuré"]],
        "criteria": list(criteria) or [criterion(1, **full()), criterion(2, value=0), criterion(3)],
        "score": {},
    }
    made = {"draft": False, "submitted_on": date(2025, 5, 20), "short_title": title.split()[0]} | more
    return reports.Chapter(number=number, title=title, content=content, **made)


def full():
    """Everything one criterion may hold."""
    return {
        "strength": "Une équipe qui ose dire",
        "difficulty": "CONFIDENCE sur nos difficultés",
        "comment": "COMMENTAIRESECRET partagé",
        "agreement": {
            "kind": "level",
            "value": 2,
            "reason": "ACCORDSECRET",
            "on": "2025-05-12",
            "voices": 4,
            "stands": True,
        },
        "evidence": [{"title": "PIECESECRETE", "page": "p. 3", "number": 1, "sha256": "", "url": ""}],
        "indicators": [
            {
                "title": "Réunions",
                "unit": "par an",
                "figures": [{"year": 2024, "value": "12.5", "unknown": False, "source": "SOURCESECRETE"}],
            }
        ],
    }


@pytest.fixture
def material():
    return reports.Material(
        structure="Les Bons Outils",
        cohort="Cohorte d’essai",
        referentiel="Référentiel RR",
        version=1,
        notice="Mention de démonstration",
        created=CREATED,
        chapters=(chapter(),),
        purpose="Redonner du travail, et du goût au travail.",
        actions=(
            reports.PlannedAction(
                what="Écrire le livret d’accueil",
                why="Personne ne le lit",
                who="Nadia",
                due_on=date(2026, 3, 1),
                means="Deux matinées",
                budget=Decimal("1250.00"),
                status="bloquée",
                status_reason="MOTIFSECRET",
                criterion="1.1 Registre des rencontres",
                public_id="abc",
            ),
        ),
        priorities=(reports.PutForward("1.2", "Intitulé réservé 2", impact="grand", effort="petit"),),
        presentations=(reports.Presented("le conseil d’administration", date(2025, 6, 3), note="CONFIDENCE du CA"),),
        letterheads=(reports.Letterhead("Les Bons Outils", None, "Association loi 1901, SIRET 000"),),
    )


@pytest.fixture
def whole(material):
    chapters = (chapter(), chapter(2, "Emploi et travail", draft=True, submitted_on=None))
    path = ((1, "Gouvernance partagée", "Gouvernance"), (2, "Emploi et travail", "Emploi"), (3, "Territoire", "Sol"))
    return replace(material, chapters=chapters, path=path)


def told(material, edition, form):
    guard = edition == reports.Edition.OUTWARD
    if form == "xlsx":
        made = reports.outward_workbook(material, WORDING) if guard else reports.internal_workbook(material)
        return words_of(office.render_xlsx(made), form)
    made = reports.outward_paper(material, WORDING) if guard else reports.internal_paper(material)
    draw = {"pdf": pdf.render_paper, "docx": office.render_docx, "pptx": office.render_pptx}[form]
    return words_of(draw(made), form)


FORMS = ("pdf", "docx", "pptx", "xlsx")


@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx"])
def test_the_internal_edition_holds_the_wording_the_answers_and_what_is_behind_them(material, form):
    text = told(material, reports.Edition.INTERNAL, form).replace("\u202f", " ")
    for expected in (*INTERNAL, *SECRETS[:5], "Redonner du travail", "Écrire le livret", "MOTIFSECRET", "loi 1901"):
        assert expected in text
    for expected in ("étayé", "déclaré", "12,5" if form != "xlsx" else "12.5", "Mention de démonstration"):
        assert expected in text


@pytest.mark.parametrize("form", FORMS)
def test_the_edition_to_be_shown_outside_holds_only_what_the_structure_says(whole, form):
    text = told(whole, reports.Edition.OUTWARD, form)
    for forbidden in (*INTERNAL, *SECRETS, "Intitulé réservé", "Mention de démonstration", "1 250", "déclaré", "étayé"):
        assert forbidden not in text, forbidden
    for expected in ("Redonner du travail", "Une équipe qui ose dire", "Nous notons tout, cahier 2", "Nadia", "1901"):
        assert expected in text
    for expected in ("Gouvernance partagée", "Emploi et travail", "Territoire", "Écrire le livret d’accueil"):
        assert expected in text


def test_a_level_with_evidence_is_backed_and_scores_no_more(material):
    paper = reports.internal_paper(material)
    table = next(block.table for s in paper.sections for block in s.blocks if isinstance(block, Drawing))
    backing = [row[1].partition("(")[2] for row in table.rows[:-1]]
    assert backing == ["étayé)", "déclaré)", "déclaré)"]
    bare = replace(material, chapters=(chapter(1, "Gouvernance partagée", *(criterion(r) for r in (1, 3))),))
    backed = criterion(1, evidence=full()["evidence"])
    shown = replace(material, chapters=(chapter(1, "Gouvernance partagée", backed, criterion(3)),))
    assert score_line(bare) == score_line(shown) == "Score : 2,0 sur une échelle de 0 à 2"


def score_line(material):
    section = next(s for s in reports.internal_paper(material).sections if s.title == "L’image du chapitre")
    return section.blocks[0].text.replace("\xa0", " ")


def test_the_purpose_opens_the_document_and_the_answers_close_it(whole):
    titles = [section.title for section in reports.internal_paper(whole).sections]
    assert titles[0] == "Notre pourquoi"
    assert titles[1] == "Le parcours d’un coup d’œil"
    assert titles[-2:] == ["Chapitre 1, critère par critère", "Chapitre 2, critère par critère"]
    assert {"Nos priorités", "Notre plan d’actions", "Présentations"} <= set(titles)


def test_the_sum_is_told_line_by_line(material):
    sections = {section.title: section.blocks for section in reports.internal_paper(material).sections}
    table = next(b.table for b in sections["L’image du chapitre"] if isinstance(b, Drawing))
    assert [row[2] for row in table.rows] == ["2 × 1 = 2", "0 × 1 = 0", "2 × 1 = 2", "4 pour un poids de 3"]
    assert "4 ÷ 3 = 1,3" in sections["Comment ce score est calculé"][1].text


def test_a_chapter_not_begun_leaves_a_gap_in_the_drawing(whole):
    paper = reports.outward_paper(whole, WORDING)
    drawing = next(b for s in paper.sections for b in s.blocks if isinstance(b, Drawing))
    assert drawing.chart.series[0][1][2] is None
    assert drawing.table.rows[2] == ("3. Territoire", "—")


def test_one_chapter_outside_gives_its_score_and_no_drawing(material):
    paper = reports.outward_paper(material, WORDING)
    assert not [b for s in paper.sections for b in s.blocks if isinstance(b, Drawing)]
    assert "1,3, sur une échelle de 0 à 2" in paper.sections[1].blocks[0].text


def test_without_any_level_it_says_so(material):
    bare = replace(
        material, chapters=(chapter(1, "Titre", criterion(1, kind="", value=None, practice="")),), actions=()
    )
    for form in FORMS:
        assert told(bare, reports.Edition.INTERNAL, form)
        assert told(bare, reports.Edition.OUTWARD, form)
    assert "Pas encore de score" in told(bare, reports.Edition.OUTWARD, "pdf")


# --- Withheld -----------------------------------------------------------------------------------------------------

COPIED = "Chez nous, la structure tient-elle un registre partagé de ses rencontres : oui."


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"purpose": COPIED}, "purpose"),
        ({"chapters": (chapter(1, "Titre", criterion(1, practice=COPIED)),)}, "practice"),
        ({"chapters": (chapter(1, "Titre", criterion(1, strength=COPIED)),)}, "strength"),
        ({"actions": (reports.PlannedAction(what=COPIED, public_id="abc"),)}, "action"),
        ({"actions": (reports.PlannedAction(what="Lire", why=COPIED, public_id="abc"),)}, "action"),
        ({"actions": (reports.PlannedAction(what="Lire", who=COPIED, public_id="abc"),)}, "action"),
        ({"letterheads": (reports.Letterhead("Nous", None, COPIED),)}, "letterhead"),
        ({"letterheads": (reports.Letterhead("Nous", Logo(DOT, COPIED)),)}, "letterhead"),
    ],
)
def test_a_text_that_repeats_the_wording_stays_out_and_is_told(material, change, kind):
    changed = replace(material, **change)
    withheld = reports.own_words(changed, WORDING).withheld
    assert [one.kind for one in withheld] == [kind]
    assert "registre partagé de ses rencontres" in withheld[0].words
    for form in FORMS:
        assert "registre partagé de ses" not in told(changed, reports.Edition.OUTWARD, form)
    assert "registre partagé de ses" in told(changed, reports.Edition.INTERNAL, "docx")


def test_an_action_whose_first_words_stay_out_leaves_whole(material):
    changed = replace(material, actions=(reports.PlannedAction(what=COPIED, why="Pour tenir", public_id="abc"),))
    assert "Pour tenir" not in told(changed, reports.Edition.OUTWARD, "docx")


def test_a_whole_short_title_copied_as_a_practice_stays_out(material):
    changed = replace(material, chapters=(chapter(1, "Titre", criterion(1, practice="Registre des rencontres")),))
    assert [one.code for one in reports.own_words(changed, WORDING).withheld] == ["1.1"]


def test_expressions_of_the_trade_are_everybody_s(material):
    changed = replace(material, purpose="Nous tenons un registre partagé, relu chaque mois.")
    assert reports.own_words(changed, WORDING).withheld == ()


@pytest.mark.parametrize("form", FORMS)
def test_outside_what_was_abandoned_is_not_among_what_we_will_do(material, form):
    over = replace(material.actions[0], what="Louer un second local", status=ActionStatus.ABANDONED.label)
    changed = replace(material, actions=(*material.actions, over))
    assert "Louer un second local" in told(changed, reports.Edition.INTERNAL, form)
    outside = told(changed, reports.Edition.OUTWARD, form)
    assert "Écrire le livret" in outside
    assert "Louer un second local" not in outside


def test_the_plan_may_be_left_out(material):
    without = replace(material, actions=None)
    for edition in reports.Edition:
        assert "livret" not in told(without, edition, "docx")


# --- As files -----------------------------------------------------------------------------------------------------


def test_formula_looking_texts_stay_texts(material):
    changed = replace(material, purpose="=HYPERLINK(1)", chapters=(chapter(1, "T", criterion(1, practice="+1+1")),))
    for edition in reports.Edition:
        made = reports.internal_workbook(changed)
        if edition == reports.Edition.OUTWARD:
            made = reports.outward_workbook(changed, WORDING)
        book = openpyxl.load_workbook(io.BytesIO(office.render_xlsx(made)))
        assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_the_pdf_is_tagged_in_the_name_of_the_structure_and_always_the_same(whole):
    headed = replace(whole, letterheads=(reports.Letterhead("Nous", Logo(DOT, "Une feuille verte"), "Mention A"),))
    paper = reports.internal_paper(headed)
    content = pdf.render_paper(paper)
    assert content == pdf.render_paper(paper)
    with pikepdf.open(io.BytesIO(content)) as document:
        assert document.Root.MarkInfo.Marked is True
        assert str(document.docinfo.Author) == "Les Bons Outils"
        alts = [str(o.Alt) for o in document.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
    assert "Une feuille verte" in alts
    text = words_of(content, "pdf")
    assert text.count("Mention de démonstration") >= 5  # the notice, on each page
    assert "Mention A" in text
