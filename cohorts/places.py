"""Where a page stands: named in the header, and the notice of the référentiel it shows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """`label` and `url` lead back up; `organisation_id` or `cohort_id` says in whose name one acts.

    `notice` is shown on the page.
    """

    label: str
    url: str
    organisation_id: int | None = None
    cohort_id: int | None = None
    notice: str = ""

    @classmethod
    def of_participation(cls, participation):
        cohort = participation.cohort
        return cls(
            label=f"{cohort.region.name} · {cohort.name}",
            url=participation.get_absolute_url(),
            organisation_id=participation.organisation_id,
            cohort_id=cohort.pk,
            notice=cohort.version.referentiel.notice,
        )

    @classmethod
    def of_cohort(cls, cohort):
        return cls(
            label=f"{cohort.region.name} · {cohort.name}",
            url=cohort.get_absolute_url(),
            cohort_id=cohort.pk,
            notice=cohort.version.referentiel.notice,
        )
