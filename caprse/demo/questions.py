"""The questions asked without an account, about the référentiels of the demonstration."""

from datetime import date

from caprse.base import clock
from caprse.demo.cast import read
from referentiel.models import Criterion
from referentiel.services.questions import release_question, withdraw_question, write_question

WRITTEN_ON, RELEASED_ON, WITHDRAWN_ON = date(2025, 1, 14), date(2025, 1, 20), date(2025, 9, 8)


def write(versions, editor):
    """Write them all, release most, withdraw one; `versions` by code of référentiel."""
    for line in read("questions.toml")["questions"]:
        criterion = Criterion.objects.select_related("chapter").get(
            chapter__version=versions[line["referentiel"]], code=line["criterion"]
        )
        state = line.get("state", "released")
        with clock.stopped(clock.at(WRITTEN_ON, 14)):
            question = write_question(criterion=criterion, text=line["text"], easy_text=line["easy_text"], by=editor)
        if state != "draft":
            with clock.stopped(clock.at(RELEASED_ON, 10)):
                release_question(question=question, by_name=editor.full_name, by=editor)
        if state == "withdrawn" and clock.today() >= WITHDRAWN_ON:
            with clock.stopped(clock.at(WITHDRAWN_ON, 9)):
                withdraw_question(question=question, by_name=editor.full_name, by=editor)
