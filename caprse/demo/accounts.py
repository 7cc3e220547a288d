"""The accounts of the demonstration: shown on its sign-in page, listed by `manage.py demo --accounts`."""

from caprse.base import clock
from caprse.demo.cast import PASSWORD
from cohorts.enums import OrganisationKind, Role
from cohorts.models import Membership
from cohorts.models.memberships import current

# The sign-in page shows one person per role and region, and these situations.
TELLING = ("Ajoncs", "Tardoire")

LAST = "~"
ORDER = [role.value for role in Role]


def accounts():
    """Every role held today, as {role, role_label, name, email, password, region, organisation}."""
    held = (
        Membership.objects.filter(current(clock.today()))
        .select_related("user", "organisation__region", "cohort__region")
        .order_by("pk")
    )
    return [_account(membership) for membership in held]


def _account(membership):
    scope = membership.organisation or membership.cohort
    region = scope.region.name if scope.region else ""
    return {
        "role": membership.role,
        "role_label": Role(membership.role).label,
        "name": membership.user.full_name,
        "email": membership.user.email,
        "password": PASSWORD,
        "region": region,
        "organisation": scope.legal_name if membership.organisation else scope.name,
        "kind": membership.organisation.kind if membership.organisation else OrganisationKind.REGION.value,
    }


def shown_accounts():
    """A short list for the sign-in page: one person per role and region."""
    seen, shown = set(), []
    for account in accounts():
        key = (account["role"], account["region"])
        telling = any(word in account["organisation"] for word in TELLING) and account["role"] == Role.REFERENT
        if key not in seen or telling:
            seen.add(key)
            label = account["role_label"]
            shown.append({**account, "role": label[0].upper() + label[1:], "rank": ORDER.index(account["role"])})
    return sorted(shown, key=lambda account: (account["region"] or LAST, account["rank"]))
