"""Where each route is, for the objects of one structure."""

from django.urls import reverse

from caprse.access_matrix.agreements import agreements_of
from caprse.access_matrix.forward import Places, forward_of

# Routes whose address says no more than the object they are about.
OF_COHORT = ("cohort", "cohort_board", "cohort_setup", "cohort_calendar", "cohort_participants")
OF_COHORT += ("structure_add", "facilitator_add", "partner_add", "convention_draft")
OF_COHORT += ("cohort_relays", "need_new", "resource_new")
OF_PATH = ("participation", "pair", "clearance_exception", "notes", "plan")
OF_CARD = ("organisation", "organisation_edit", "organisation_invite", "adhesion_add", "approach_add")
OF_DRAFT = ("autodiag", "autodiag_submit", "threads")
OF_CRITERION = ("criterion", "answer_save", "answer_history", "remark_add", "thread_open")
OF_SURVEY = ("survey", "survey_cards", "survey_sheet", "survey_entry", "survey_entry_undo", "survey_renew")
OF_SURVEY += ("survey_close",)
OF_SUBMITTED = ("synthesis", "synthesis_pdf", "autodiag_reopen")
OF_CONVENTION = ("convention", "convention_pdf", "signing_open", "convention_end")
OF_DRAFT_CONVENTION = ("convention_edit", "convention_parties", "convention_preview")
OF_DRAFT_CONVENTION += ("convention_freeze", "convention_send", "convention_cancel")
OF_DRAFT_PARTY = ("signatory_edit",)
OF_DRAFT += ("viewpoints", "voice_choose", "voice_rule", "comparison_open")
OF_CRITERION += ("viewpoint", "viewpoint_save")
OF_SUBMITTED += ("gaps",)
OF_DRAFT += ("agreements", "assignments")
OF_CRITERION += ("consensus",)
OF_CARD += ("evidence_list", "evidence_new")
OF_EVIDENCE = ("evidence", "evidence_edit", "evidence_replace", "evidence_archive", "evidence_restore")
OF_CRITERION += ("evidence_link",)
OF_USE = ("evidence_unlink", "evidence_page")
# The same for everybody.
OF_NOBODY = {
    "help_page": lambda: {"slug": "referent"},
    "account_reset_password_from_key": lambda: {"uidb36": "zzz", "key": "jeton-faux"},
}
OF_SIGNATORY = ("signing", "signing_code", "signing_act", "signing_pdf")
OF_THREAD = ("thread", "thread_reply", "thread_close", "thread_reopen")
OF_INVITATION = ("invitation_mine", "invitation_resend", "invitation_cancel")


OF_REFERENTIEL = ("referentiel_draft", "draft_start", "draft_publish", "referentiel_editors")
OF_REFERENTIEL += ("draft_voice_groups", "survey_questions")
OF_QUESTION = ("survey_question", "survey_question_release", "survey_question_withdraw")


def question_of(side, row):
    """The address of a question asked without an account, or of its criterion, in the référentiel one follows."""
    return {"code": side.participation.cohort.version.referentiel.code, "stable_id": row.stable_id}


def draft_party_of(region, side):
    """The address of a party of the draft."""
    return {"region": region, "public_id": side.draft_convention.public_id, "party_pk": side.draft_party.pk}


def message_of(region, message):
    """The address of one message of an exchange."""
    return {"region": region, "public_id": message.thread.public_id, "message_pk": message.pk}


def version_of(evidence):
    """The version in place of an item of the library."""
    return {"evidence_id": evidence.public_id, "number": evidence.current.number}


def evidence_of(card, at, side):
    """The arguments of the pages about one item of a structure's library, and about it on the first criterion."""
    return {
        **dict.fromkeys(OF_EVIDENCE, lambda: {**card, "evidence_id": side.evidence.public_id}),
        **dict.fromkeys(OF_USE, lambda: {**at.draft, "position": 1, "evidence_id": side.evidence.public_id}),
        "evidence_download": lambda: {**card, **version_of(side.evidence)},
    }


def surveys_of(region, at, side):
    """The arguments of the pages about the surveys of a chapter, and about the one under way."""
    return {
        **dict.fromkeys(("surveys", "survey_new"), lambda: at.draft),
        **dict.fromkeys(OF_SURVEY, lambda: {"region": region, "public_id": side.survey.public_id}),
        "survey_answer": lambda: {"code": side.survey_code},
    }


def relays_of(cohort, side):
    """The arguments of the pages about one need and one resource of a partner."""
    return {
        "resource_share": lambda: {**cohort, "public_id": side.share.resource.public_id},
        "share_withdraw": lambda: {**cohort, "public_id": side.share.public_id},
        "need_answer": lambda: {"public_id": side.need.public_id},
        "resource_download": lambda: {"public_id": side.share.public_id},
    }


def organising_of(region, cohort, path, card, side):
    """The arguments of the pages about a cohort, a path, a structure's card."""
    return {
        **dict.fromkeys(OF_COHORT, lambda: cohort),
        **dict.fromkeys(OF_PATH, lambda: path),
        **dict.fromkeys(OF_CARD, lambda: card),
        **dict.fromkeys(OF_INVITATION, lambda: {"public_id": side.invitation.public_id}),
        **relays_of(cohort, side),
        "cohort_new": lambda: {"region": region},
        "note_edit": lambda: {**path, "note_id": side.note.public_id},
        "round_adjust": lambda: {**path, "number": side.draft.round.chapter.number},
        "clearance_end": lambda: {**path, "pk": side.clearance.pk},
        "invitation": lambda: {"token": side.invitation_token},
        "approach_remove": lambda: {**card, "approach_pk": side.approach.pk},
        "job": lambda: {"public_id": side.job.public_id},
        "download": lambda: {"region": region, "public_id": side.document.public_id},
    }


def conventions_of(region, side):
    """The arguments of the pages about a convention, signed or a draft."""
    return {
        **dict.fromkeys(OF_CONVENTION, lambda: {"region": region, "public_id": side.convention.public_id}),
        **dict.fromkeys(OF_DRAFT_CONVENTION, lambda: {"region": region, "public_id": side.draft_convention.public_id}),
        **dict.fromkeys(OF_DRAFT_PARTY, lambda: draft_party_of(region, side)),
        **dict.fromkeys(OF_SIGNATORY, lambda: {"public_id": side.signatory.public_id}),
        "signing_link": lambda: {"token": side.signing_token},
    }


def referentiel_of(side):
    """The arguments of the pages about a référentiel, its draft and its questions."""
    version = side.participation.cohort.version
    code = version.referentiel.code
    return {
        **dict.fromkeys(OF_REFERENTIEL, lambda: {"code": code}),
        **dict.fromkeys(OF_QUESTION, lambda: question_of(side, side.unreleased_question)),
        "survey_question_new": lambda: question_of(side, side.unreleased_question.criterion),
        "survey_question_delete": lambda: question_of(side, side.released_question),
        "draft_chapter": lambda: {"code": code, "stable_id": side.draft_chapter.stable_id},
        "draft_criterion": lambda: {"code": code, "stable_id": side.draft_criterion.stable_id},
        "editor_remove": lambda: {"code": code, "public_id": side.editor.public_id},
        "referentiel_version": lambda: {"code": code, "number": version.number},
        "network_chapter": lambda: {"code": code, "number": version.number, "chapter": 1},
    }


def diagnostic_of(region, path, at, side):
    """The arguments of the pages about a chapter, its answers and what is said of them."""
    return {
        **dict.fromkeys(OF_DRAFT, lambda: at.draft),
        **dict.fromkeys(OF_CRITERION, lambda: {**at.draft, "position": 1}),
        **dict.fromkeys(OF_SUBMITTED, lambda: at.submitted),
        **dict.fromkeys(OF_THREAD, lambda: {"region": region, "public_id": side.thread.public_id}),
        **surveys_of(region, at, side),
        "submission": lambda: {**at.submitted, "number": 1},
        "autodiag_review": lambda: {"region": region, "public_id": side.to_review.public_id},
        "message_withdraw": lambda: message_of(region, side.message),
        "autodiag_start": lambda: {**path, "number": side.draft.round.chapter.number},
        "answer_restore": lambda: {**at.draft, "position": 1, "past": 1},
        "indicator_save": lambda: {**at.draft, "position": 1, "indicator": 1, "year": 2024},
        "remark_withdraw": lambda: {**at.draft, "position": side.remark.position, "remark_pk": side.remark.pk},
    }


def address(route, side):
    """The route's address for the objects of one structure.

    `side` has the objects the functions above name: see the worlds of the tests, and `caprse.demo.sides`.
    """
    region = side.participation.cohort.region.slug
    at = Places(region, side)
    cohort, path, card = at.cohort, at.path, at.card
    arguments = {
        **organising_of(region, cohort, path, card, side),
        **conventions_of(region, side),
        **referentiel_of(side),
        **diagnostic_of(region, path, at, side),
        **evidence_of(card, at, side),
        **forward_of(at),
        **agreements_of(at),
        **OF_NOBODY,
    }
    return reverse(route, kwargs=arguments[route]() if route in arguments else None)
