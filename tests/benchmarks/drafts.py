"""Publishing a draft of 100 criteria while 200 structures work on the version before it."""

from django.db import connection, transaction

from caprse.base import clock
from referentiel.documents import content_hash
from referentiel.services import publish, start_draft

OF_CHAPTER = "SELECT id FROM referentiel_chapter WHERE version_id = %s"
OF_CRITERION = f"SELECT id FROM referentiel_criterion WHERE chapter_id IN ({OF_CHAPTER})"
READS = (
    "SELECT value, label FROM referentiel_scalestep WHERE version_id = %s",
    "SELECT stable_id, number, title FROM referentiel_chapter WHERE version_id = %s",
    f"SELECT chapter_id, number, title FROM referentiel_section WHERE chapter_id IN ({OF_CHAPTER})",
    "SELECT chapter_id, stable_id, code, title, question, weight FROM referentiel_criterion "
    f"WHERE chapter_id IN ({OF_CHAPTER})",
    f"SELECT criterion_id, value, description FROM referentiel_maturitylevel WHERE criterion_id IN ({OF_CRITERION})",
    f"SELECT criterion_id, title, unit FROM referentiel_indicator WHERE criterion_id IN ({OF_CRITERION})",
    f"SELECT criterion_id, framework, number FROM referentiel_correspondence WHERE criterion_id IN ({OF_CRITERION})",
)
WRITE = (
    "UPDATE referentiel_version SET state = 'published', published_at = %s, published_by = 'Équipe', "
    "content_hash = %s WHERE id = %s"
)


def publication(data, rows):
    """Both write for real, then undo it: the draft is the same at every turn."""
    draft = start_draft(referentiel=data.cohort.version.referentiel)

    def published():
        with transaction.atomic():
            publish(version=draft, by_name="Équipe nationale")
            transaction.set_rollback(True)

    def bare():
        with transaction.atomic(), connection.cursor() as cursor:
            content = []
            for read in READS:
                cursor.execute(read, [draft.pk])
                content.append(cursor.fetchall())
            cursor.execute(WRITE, [clock.now(), content_hash(content), draft.pk])
            transaction.set_rollback(True)

    return rows, published, bare
