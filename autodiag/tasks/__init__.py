"""Background work on autodiagnostics: ids in, fetch through the doors, delegate. Each module registers its own."""

from autodiag.tasks import plan, plan_imports, reports, synthesis  # noqa: F401  read so that each registers its own
