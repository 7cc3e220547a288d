"""Who may make which edition of a document. Pure: no query."""

from cohorts.rules import YES, Verdict


def can_make(*, outward, insider):
    """What is shown outside in the structure's name, its own people alone prepare."""
    if outward and not insider:
        return Verdict(
            False, "L’édition à diffuser porte la parole de la structure : ses membres seuls peuvent la préparer."
        )
    return YES
