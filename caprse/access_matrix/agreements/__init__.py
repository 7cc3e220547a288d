"""Conventions in full, in the matrix of access: one file a subject, brought together here."""

from caprse.access_matrix.agreements import annexes, life, parties, register, templates, verifying

SUBJECTS = (templates, parties, annexes, life, register, verifying)
AGREEMENTS_TABLE = "".join(subject.TABLE for subject in SUBJECTS)


def agreements_of(at):
    """The arguments of every route about conventions in full."""
    return {route: arguments for subject in SUBJECTS for route, arguments in subject.addresses(at).items()}
