"""What an action holds beyond its columns: its steps, the other criteria it serves, what shows that it is done."""

from autodiag.models import ActionCriterion, ActionEvidence, ActionStep


def parts_of(action):
    """The parts as they stand: texts of the steps in order, ids of the criteria, ids of the items."""
    return {
        "steps": list(action.steps.order_by("position", "pk").values_list("text", flat=True)),
        "also": set(action.also.values_list("criterion_id", flat=True)),
        "evidence": set(action.evidence.values_list("evidence_id", flat=True)),
    }


def parts_differ(action, parts):
    """Whether the parts given, if any, are not those that stand."""
    if not parts:
        return False
    standing = parts_of(action)
    return any(standing[name] != _wished(name, value, action) for name, value in parts.items())


def write_parts(action, parts):
    """Make the parts given those of the action; a part that is not given stays."""
    if "steps" in parts:
        _write_steps(action, parts["steps"])
    if "also" in parts:
        _write_links(action, ActionCriterion, "criterion_id", _wished("also", parts["also"], action), {})
    if "evidence" in parts:
        organisation = {"organisation_id": action.participation.organisation_id}
        wished = _wished("evidence", parts["evidence"], action)
        _write_links(action, ActionEvidence, "evidence_id", wished, organisation)


def _wished(name, value, action):
    if name == "steps":
        return list(value)
    ids = {row.pk for row in value}
    return ids - {action.criterion_id} if name == "also" else ids


def _write_steps(action, texts):
    """A step keeps its tick as long as its words stand, wherever it moves."""
    standing = {}
    for step in action.steps.order_by("position", "pk"):
        standing.setdefault(step.text, []).append(step)
    kept, new = [], []
    for position, text in enumerate(texts, 1):
        if standing.get(text):
            step = standing[text].pop(0)
            step.position = position
            kept.append(step)
        else:
            new.append(ActionStep(action=action, position=position, text=text, **_anchors(action)))
    gone = [step.pk for rest in standing.values() for step in rest]
    ActionStep.objects.filter(pk__in=gone).delete()
    ActionStep.objects.bulk_update(kept, ["position"])
    ActionStep.objects.bulk_create(new)


def _write_links(action, model, column, wished, more):
    standing = model.objects.filter(action=action)
    known = set(standing.values_list(column, flat=True))
    standing.filter(**{f"{column}__in": known - wished}).delete()
    model.objects.bulk_create(
        model(action=action, **{column: pk}, **_anchors(action), **more) for pk in sorted(wished - known)
    )


def _anchors(action):
    return {"region_id": action.region_id, "participation_id": action.participation_id}
