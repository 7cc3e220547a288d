"""From the picture to the plan, in the matrix of access: one file a subject, brought together here."""

from caprse.access_matrix.forward import (
    actions,
    documents,
    identity,
    library,
    picture,
    plan_views,
    planning,
    practices,
    sharings,
)

SUBJECTS = (documents, picture, actions, plan_views, planning, library, identity, sharings, practices)
FORWARD_TABLE = "".join(subject.TABLE for subject in SUBJECTS)


class Places:
    """What the addresses of many routes are made of. A chapter is looked for when a route asks for it alone."""

    def __init__(self, region, side):
        self.region, self.side = region, side
        self.cohort = {"region": region, "slug": side.participation.cohort.slug}
        self.path = {"region": region, "public_id": side.participation.public_id}
        self.card = {"region": region, "public_id": side.organisation.public_id}
        self.code = side.participation.cohort.version.referentiel.code

    @property
    def draft(self):
        return {"region": self.region, "public_id": self.side.draft.public_id}

    @property
    def submitted(self):
        return {"region": self.region, "public_id": self.side.submitted.public_id}


def forward_of(at):
    """The arguments of every route of these subjects."""
    return {route: arguments for subject in SUBJECTS for route, arguments in subject.addresses(at).items()}
