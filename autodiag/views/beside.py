"""What stands around the answer to one criterion: its figures by year, the evidence that supports it, the agreement."""

from autodiag.agreement import told
from autodiag.figures import follow
from autodiag.forms.indicators import YearForm
from autodiag.models import Consensus, EvidenceUse, IndicatorValue
from autodiag.models.agreeing import agreement_of
from caprse.base import clock


def surround(request, autodiag, card):
    """Give the card of a criterion its figures, the evidence used for it and the last agreement, in two queries at most."""
    indicators = list(card.criterion.indicators.all())
    if indicators:
        rows = IndicatorValue.objects.visible_to(request.actor).filter(autodiag=autodiag, indicator__in=indicators)
        rows = list(rows.select_related("updated_by").in_order())
        today = clock.today()
        card.year_form = YearForm({"year": request.GET["annee"]} if "annee" in request.GET else None, today=today)
        asked = card.year_form.cleaned_data["year"] if card.year_form.is_valid() else None
        card.followed = follow(indicators, rows, today=today, asked=asked)
    uses = EvidenceUse.objects.visible_to(request.actor).filter(answer=card.answer)
    card.uses = list(uses.with_current())
    card.agreement = told(agreement_of(card.answer), card.answer, card.scale)


def last_agreement(actor, answer, scale):
    """What a meeting agreed on last for an answer, as `_agreement.html` shows it, or None: one query."""
    noted = Consensus.objects.visible_to(actor).filter(answer=answer).with_names().newest_first()
    return told(noted.first(), answer, scale)


def figures_by_position(request, autodiag):
    """{position of the criterion: its indicators with what was written}, for the pages of one's own words."""
    rows = IndicatorValue.objects.visible_to(request.actor).filter(autodiag=autodiag)
    found = {}
    for row in rows.select_related("indicator__criterion").in_order():
        found.setdefault(row.indicator.criterion.position, []).append(row)
    return {
        position: follow(dict.fromkeys(row.indicator for row in own), own, today=clock.today())
        for position, own in found.items()
    }
