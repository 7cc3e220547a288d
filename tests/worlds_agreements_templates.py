"""The fixed worlds of templates: stub."""


def build_templates(world, marker):
    """Called for each side once its convention is signed; `marker` stands in every text of theirs."""


class TemplatesOfWorld:
    """What one side has of templates."""
