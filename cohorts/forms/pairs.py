"""The form that names a pair."""

from django import forms

from caprse.base.text import NBSP
from cohorts.enums import PairSeat

NOBODY = 0
LATER = (NOBODY, "À choisir plus tard")
SEAT = {
    "coerce": int,
    "initial": NOBODY,
    "error_messages": {
        "required": "Choisissez une personne, ou laissez pour plus tard.",
        "invalid_choice": "Cette personne n’est plus dans la liste. Choisissez-en une autre.",
    },
}


class PairForm(forms.Form):
    """Two seats, two people of the structure. `people`: those to choose among, as `people_in_words` gives them."""

    staff = forms.TypedChoiceField(
        label="Pour l’équipe", help_text="La direction, ou un·e salarié·e permanent·e.", **SEAT
    )
    board = forms.TypedChoiceField(
        label="Pour le conseil d’administration", help_text="Un·e administrateur·rice de la structure.", **SEAT
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(person.user_id, person.words) for person in people]
        of_board = [(person.user_id, person.words) for person in people if person.on_board]
        others = [choice for choice in choices if choice not in of_board]
        self.fields[PairSeat.STAFF.value].choices = [LATER, *choices]
        self.fields[PairSeat.BOARD.value].choices = [LATER, *of_board, *others]

    def clean(self):
        data = super().clean()
        staff, board = data.get("staff"), data.get("board")
        if staff == board == NOBODY:
            raise forms.ValidationError(
                f"Choisissez au moins une personne{NBSP}; vous pourrez revenir pour la seconde."
            )
        if staff and staff == board:
            self.add_error(
                "board",
                f"Le binôme réunit deux personnes différentes{NBSP}: l’une pour l’équipe, l’autre pour le conseil "
                "d’administration. Choisissez quelqu’un d’autre ici.",
            )
        return data

    def seats(self):
        """Keyword arguments of the service."""
        return {f"{seat}_id": self.cleaned_data[seat.value] or None for seat in PairSeat}
