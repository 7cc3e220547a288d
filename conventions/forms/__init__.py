"""Forms of the conventions, one module per subject."""

from conventions.forms.drafting import VariablesForm, WorkshopForm
from conventions.forms.life import CancelForm, EndForm
from conventions.forms.parties import PaperForm, PartyForm, SignatoryForm
from conventions.forms.signing import BackForm, RefuseForm, SignForm, WrongPersonForm

__all__ = [
    "BackForm",
    "CancelForm",
    "EndForm",
    "PaperForm",
    "PartyForm",
    "RefuseForm",
    "SignForm",
    "SignatoryForm",
    "VariablesForm",
    "WorkshopForm",
    "WrongPersonForm",
]
