"""The workbook that holds a plan."""

from django import forms
from django.conf import settings

from autodiag.services.plan_imports import accept_workbook
from caprse.base.office import XLSX
from caprse.base.text import size_in_words
from caprse.base.uploads import taken_in


class PlanImportForm(forms.Form):
    """One file, opened and checked before anything is kept."""

    file = forms.FileField(
        label="Votre classeur",
        widget=forms.FileInput(attrs={"accept": f".xlsx,{XLSX}"}),
        error_messages={
            "required": "Choisissez votre classeur.",
            "empty": "Ce fichier est vide. Choisissez-en un autre.",
            "invalid": "Choisissez votre classeur.",
        },
    )

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.upload = None
        self.fields["file"].help_text = f"Excel (.xlsx), {size_in_words(settings.UPLOAD_FILE_BYTES)} au plus."

    def clean_file(self):
        """Open it and have the antivirus read it."""
        file = self.cleaned_data["file"]
        self.upload = taken_in(file, accept_workbook)
        return file
