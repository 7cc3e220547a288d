"""People of a structure in words, for pages that let one choose among them. Pure: no query of its own."""

from dataclasses import dataclass, field

from cohorts.enums import PairSeat, Role


@dataclass
class Person:
    """Somebody to choose: `words` is « Nadia Benali – référent·e CAP RSE »."""

    user_id: int
    name: str
    sort_name: tuple
    on_board: bool = False
    about: list = field(default_factory=list)

    @property
    def words(self):
        return f"{self.name} – {', '.join(self.about)}"


def people_in_words(memberships, invitations, seated):
    """Who is there, then who is only invited, then who still holds a seat without being either; by name."""
    people = {}
    for row in memberships:
        _add(people, row.user_id, row.user.full_name, row.user, Role(row.role).label, row.role)
    there = set(people)
    for row in invitations:
        if row.user_id not in there:
            words = f"{Role(row.role).label}, invitation en attente"
            _add(people, row.user_id, row.full_name, row, words, row.role)
    for row in seated:
        if row.user_id not in people:
            _add(people, row.user_id, row.shown_name, row.user, "n’est plus dans la structure", None)
    return sorted(people.values(), key=lambda person: (person.sort_name, person.user_id))


def _add(people, user_id, name, named, words, role):
    person = people.setdefault(user_id, Person(user_id, name, (named.last_name, named.first_name)))
    person.about.append(words)
    person.on_board |= role == Role.BOARD_MEMBER


def pair_seats(seated):
    """Both seats in order, each as (its name, whoever holds it or None). `seated` comes from `with_names`."""
    held = {row.seat: row for row in seated}
    return [(seat.label, held.get(seat.value)) for seat in PairSeat]
