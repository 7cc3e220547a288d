"""A document of a whole chapter of a hundred criteria, with all that stands around its answers, in three formats."""

from autodiag.models import Action, Autodiag
from autodiag.reports import Edition, Format
from autodiag.services.reporting import document_of, material_of
from caprse.base import clock
from cohorts.access import Actor
from tests import depth_at_scale, scale

SLUG = "papiers"


class Documents:
    """One structure of a hundred criteria, figures, evidence and a plan of thirty actions; made once."""

    def __init__(self):
        self.data = scale.build(structures=1, criteria=100, slug=SLUG)
        depth_at_scale.surround(self.data)
        actor = Actor.of(self.data.referent)
        path = self.data.autodiag.participation
        Action.objects.bulk_create(
            Action(
                region_id=path.region_id,
                participation=path,
                what=f"Relire le carnet partagé, partie {rank}",
                why="Pour que chacun·e s’y retrouve.",
                who="L’équipe",
                due_on=clock.today(),
                created_by_id=actor.user_id,
            )
            for rank in range(30)
        )

    def made(self, form):
        """(rows, the document from its first query, the query that finds its chapter)."""
        actor, pk = Actor.of(self.data.referent), self.data.autodiag.pk

        def make():
            autodiag = Autodiag.objects.with_context().visible_to(actor).get(pk=pk)
            material = material_of(actor, autodiag.participation, autodiag=autodiag)
            _, content = document_of(material, edition=Edition.INTERNAL, form=form)
            assert len(content) > 10_000

        return 100, make, lambda: Autodiag.objects.with_context().get(pk=pk)


def measured(bench, form):
    """The same data serves the three formats."""
    if not hasattr(bench, "documents"):
        bench.documents = Documents()
    return bench.documents.made(Format(form))
