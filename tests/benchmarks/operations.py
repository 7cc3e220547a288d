"""The operations measured. Each returns (rows, measured callable, bare callable)."""

from functools import cached_property

from django.db import connection
from django.test import Client
from django.urls import reverse

from autodiag.models import Answer
from autodiag.scoring import by_chapter
from cohorts.access import Actor, visible_or_404
from cohorts.models import Participation, User
from tests import scale, voices_at_scale
from tests.benchmarks import documents, drafts, network, plans, seals

SQL = """
SELECT a.participation_id, c.chapter_id, SUM(c.weight * l.value), SUM(c.weight)
FROM autodiag_answer a JOIN referentiel_criterion c ON c.id = a.criterion_id
JOIN referentiel_maturitylevel l ON l.id = a.level_id
WHERE a.region_id = %s AND a.kind = 'level' GROUP BY a.participation_id, c.chapter_id
"""


def browser(user):
    """A client that carries its anti-forgery token, as a browser does."""
    client = Client(enforce_csrf_checks=True, headers={"Accept": "application/json"})
    client.force_login(user)
    client.get("/")
    client.defaults["HTTP_X_CSRFTOKEN"] = client.cookies["csrftoken"].value
    return client


def expect(response, status=200):
    assert response.status_code == status, response.status_code
    return response


class Bench:
    """The data of a run: 200 structures of 100 criteria, and the same of 20, all answered; five viewpoints each.

    Made for the first operation that reads among them: a convention is signed without.
    """

    @cached_property
    def both(self):
        of_100 = scale.build(structures=200, criteria=100, slug="cent")
        of_20 = scale.build(structures=200, criteria=20, slug="vingt")
        for data in (of_100, of_20):
            voices_at_scale.give_voices(data)
        return of_100, of_20, Answer.objects.count()

    of_100, of_20, rows = (property(lambda self, rank=rank: self.both[rank]) for rank in range(3))

    def open_chapter_20(self):
        return self._page(self.of_20, "criterion", 1)

    def open_chapter_100(self):
        return self._page(self.of_100, "criterion", 1)

    def list_chapter_20(self):
        return self._page(self.of_20, "autodiag")

    def _page(self, data, name, *args):
        client = browser(data.referent)
        url = data.autodiag.url(name, *args)
        return self.rows, lambda: expect(client.get(url)), lambda: expect(client.get("/bare/page/"))

    def gaps_20(self):
        return self._page(self.of_20, "gaps")

    def gaps_100(self):
        return self._page(self.of_100, "gaps")

    def synthesis_100(self):
        """The picture of a whole path: here one chapter of 100 criteria, its gaps included."""
        data, client = self.of_100, browser(self.of_100.referent)
        path = data.autodiag.participation
        url = reverse("path_synthesis", kwargs={"region": data.region.slug, "public_id": path.public_id})
        return self.rows, lambda: expect(client.get(url)), lambda: expect(client.get("/bare/page/"))

    def consensus_100(self):
        return self._page(self.of_100, "consensus", 50)

    def save_answer(self):
        client = browser(self.of_20.referent)
        autodiag = self.of_20.autodiag
        url = autodiag.url("answer_save", 1)
        saved = autodiag.answers.get(criterion__position=1)
        touched = autodiag.answers.get(criterion__position=2)
        versions = {"saved": saved.revision, "touched": touched.revision}

        def save():
            values = {
                "revision": versions["saved"],
                "choice": "1",
                "practice": f"Nous relisons le carnet en équipe, page {versions['saved']}",
                "comment": "À revoir",
                "comment_visibility": "structure",
            }
            versions["saved"] = expect(client.post(url, values)).json()["revision"]

        def bare():
            expect(client.post(f"/bare/save/{touched.pk}/", {"revision": versions["touched"]}))
            versions["touched"] += 1

        return self.rows, save, bare

    def consolidated_200(self):
        scale.transmit(self.of_100)
        actor = Actor.of(self.of_100.facilitator)

        def consolidated():
            scores = by_chapter(Answer.objects.aggregates_for(actor).weighted_totals())
            assert len(scores) == 200

        def bare():
            with connection.cursor() as cursor:
                cursor.execute(SQL, [self.of_100.region.pk])
                assert len(cursor.fetchall()) == 200

        return 20_000, consolidated, bare

    def publish_draft(self):
        return drafts.publication(self.of_100, self.rows)

    def export_pdf(self):
        return documents.measured(self, "pdf")

    def export_docx(self):
        return documents.measured(self, "docx")

    def export_pptx(self):
        return documents.measured(self, "pptx")

    def plan_300(self):
        return self._plan("plan")

    def plan_300_board(self):
        return self._plan("plan_board")

    def plan_300_calendar(self):
        return self._plan("plan_calendar")

    def plan_300_timeline(self):
        return self._plan("plan_timeline")

    def _plan(self, view):
        client, url = browser(self.of_20.referent), plans.address_of(self.of_20, view)
        return 300, lambda: expect(client.get(url)), lambda: expect(client.get("/bare/page/"))

    def seal_18(self):
        """The final document of eighteen parties, from the last signature to the seal that was read again."""
        return seals.PARTIES, seals.sealing(), self._bare_page()

    def verify_final(self):
        """The same document, its register, its seal and its proofs, from the bytes to the verdict."""
        return seals.PARTIES, seals.verification(), self._bare_page()

    def signature(self):
        """One of eighteen signatures, from the code typed to the chain, taken back each time."""
        return seals.PARTIES, seals.signature(), self._bare_page()

    def parallel_signers(self):
        """Twenty who sign at the same moment, each in a thread: none lost, none stuck, the chain whole."""
        sign, prepare = seals.parallel_signers()
        return seals.AT_ONCE, sign, self._bare_page(), prepare

    @staticmethod
    def _bare_page():
        """The bare page, for somebody who has nothing to read."""
        client = Client()
        client.force_login(User.objects.get_or_create(email="seule@bench.example.org")[0])
        return lambda: expect(client.get("/bare/page/"))

    def consolidated_10000(self):
        return network.consolidated()

    def board_200(self):
        """The board of a cohort of 200 structures and five chapters of 20 criteria, whole request."""
        data = scale.build(structures=200, criteria=20, chapters=5, slug="suivi")
        client, member = browser(data.facilitator), browser(data.referent)
        url = reverse("cohort_board", args=[data.cohort.region.slug, data.cohort.slug])
        return Answer.objects.count(), lambda: expect(client.get(url)), lambda: expect(member.get("/bare/page/"))

    def _rights(self, user):
        path = self.of_20.participations[0]

        def rights():
            actor = Actor.of(user)
            visible_or_404(Participation.objects.with_context(), actor, pk=path.pk)
            assert actor.permissions_on(path)

        return self.rows, rights, lambda: Participation.objects.with_context().get(pk=path.pk)

    def rights_member(self):
        return self._rights(self.of_20.referent)

    def rights_coordinator(self):
        return self._rights(self.of_20.facilitator)
