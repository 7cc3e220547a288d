"""From the picture to the plan, in the matrix of access: one file a subject, brought together here."""

from types import SimpleNamespace

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


def forward_of(region, side):
    """The arguments of every route of these subjects."""
    at = SimpleNamespace(
        region=region,
        side=side,
        cohort={"region": region, "slug": side.participation.cohort.slug},
        path={"region": region, "public_id": side.participation.public_id},
        card={"region": region, "public_id": side.organisation.public_id},
        draft={"region": region, "public_id": side.draft.public_id},
        submitted={"region": region, "public_id": side.submitted.public_id},
        code=side.participation.cohort.version.referentiel.code,
    )
    return {route: arguments for subject in SUBJECTS for route, arguments in subject.addresses(at).items()}
