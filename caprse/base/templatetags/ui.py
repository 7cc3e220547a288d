"""The components of our pages.

Each tag passes every variable its template uses, so that a misspelt attribute is an error at
compilation and an undefined variable never reaches a page. Patterns without a tag are described in
`docs/composants.md`.
"""

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html

register = template.Library()

ICONS = frozenset(
    [
        "alert",
        "arrow-left",
        "arrow-right",
        "calendar",
        "chart",
        "check",
        "check-circle",
        "chevron-down",
        "circle",
        "clock",
        "close",
        "comment",
        "document",
        "download",
        "eye",
        "flag",
        "half",
        "handshake",
        "help",
        "history",
        "home",
        "info",
        "key",
        "leaf",
        "lock",
        "logout",
        "mail",
        "menu",
        "minus",
        "paperclip",
        "pencil",
        "pin",
        "plus",
        "question",
        "refresh",
        "search",
        "star",
        "target",
        "trash",
        "upload",
        "user",
        "users",
        "video",
    ]
)

STATES = {
    "not_started": ("circle", "Pas commencé"),
    "in_progress": ("half", "En cours"),
    "to_review": ("eye", "À revoir"),
    "done": ("check-circle", "Terminé"),
    "late": ("alert", "En retard"),
    "closed": ("lock", "Clos"),
    "upcoming": ("calendar", "À venir"),
    "blocked": ("flag", "Bloquée"),
    "abandoned": ("close", "Abandonnée"),
}

ALERTS = {
    "info": ("info", "status"),
    "success": ("check-circle", "status"),
    "warning": ("alert", "status"),
    "error": ("alert", "alert"),
    "refused": ("lock", "alert"),
}
# Django's message levels that are not ours.
ALERT_ALIASES = {"debug": "info"}

VISIBILITIES = {
    "personal": ("user", "Visible par vous seulement"),
    "structure": ("lock", "Visible par votre structure seulement"),
    "facilitator": ("eye", "Visible par votre structure et votre accompagnateur·rice"),
    "accompanied": ("eye", "Visible par la structure et l’équipe qui l’accompagne"),
    "cohort": ("users", "Visible par toutes les structures de la cohorte"),
    "region": ("users", "Visible par l’équipe de la région"),
    "team": ("lock", "Interne : visible par l’équipe qui accompagne seulement"),
    "shared": ("eye", "Partagée : visible par la structure et l’équipe qui l’accompagne"),
    "national": ("chart", "Visible par l’équipe nationale seulement"),
}

BUTTONS = frozenset({"primary", "secondary", "quiet", "danger"})
RAMP = 5


def _pick(table, key, what):
    try:
        return table[key]
    except KeyError:
        raise ValueError(f"unknown {what}: {key!r}; known: {', '.join(sorted(table))}") from None


# Drawn dozens of times a page and always the same: kept once drawn.
@register.simple_tag
@cache
def ui_icon(name, large=False):
    """A drawing beside a word; it is never read aloud."""
    if name not in ICONS:
        raise ValueError(f"unknown icon: {name!r}")
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor"'
        ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"'
        ' focusable="false"><use href="{}#{}"></use></svg>',
        " icon--lg" if large else "",
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def ui_status(state, label=None):
    """A state: its drawing and its word, never its colour alone."""
    icon, default = _pick(STATES, state, "state")
    return format_html('<span class="status status--{}">{}{}</span>', state, ui_icon(icon), label or default)


@register.inclusion_tag("components/button.html")
def ui_button(
    label,
    href=None,
    kind="primary",
    icon=None,
    name=None,
    value=None,
    type="submit",
    small=False,
    id=None,
    form=None,
    disabled=False,
):
    """A link that looks like a button when `href` is given, a button otherwise."""
    if kind not in BUTTONS:
        raise ValueError(f"unknown kind of button: {kind!r}")
    return {
        "label": label,
        "href": href,
        "css": f"btn btn--{kind}" + (" btn--small" if small else ""),
        "icon": icon,
        "icon_last": icon == "arrow-right",
        "name": name,
        "value": value,
        "type": type,
        "id": id,
        "form": form,
        "disabled": disabled,
    }


@register.inclusion_tag("components/field.html")
def ui_field(bound_field, label=None, help=None):
    """One field of a form: label, help, error, widget; the widget keeps Django's own attributes."""
    field, widget = bound_field.field, bound_field.field.widget
    input_type = getattr(widget, "input_type", "")
    as_group = bound_field.use_fieldset
    return {
        "field": bound_field,
        "hidden": bound_field.is_hidden,
        "is_check": input_type == "checkbox" and not as_group,
        "as_group": as_group,
        "choices": as_group and input_type in ("radio", "checkbox"),
        "label": label or bound_field.label,
        "help": help or bound_field.help_text,
        # A field some answers ask for says so in its help: `depends`.
        "optional": not (field.required or field.disabled or bound_field.is_hidden or getattr(field, "depends", False)),
        "errors": bound_field.errors,
        "described_by": bound_field.aria_describedby or "",
        "auto_id": bound_field.auto_id,
        "for_id": bound_field.id_for_label,
    }


@register.inclusion_tag("components/error_summary.html")
def ui_error_summary(form):
    """What is to be put right, at the top of the form, each line leading to its field."""
    if not form.is_bound:
        return {"lines": []}
    lines = [{"target": "", "label": "", "text": error} for error in form.non_field_errors()]
    for bound_field in form:
        target = bound_field.id_for_label or (f"{bound_field.auto_id}_0" if bound_field.auto_id else "")
        label = str(bound_field.label).rstrip(" :.\u00a0")
        lines += [{"target": target, "label": label, "text": error} for error in bound_field.errors]
    return {"lines": lines}


@register.simple_block_tag
def ui_alert(content, kind, title=None):
    kind = ALERT_ALIASES.get(kind, kind)
    icon, role = _pick(ALERTS, kind, "alert")
    return render_to_string(
        "components/alert.html", {"kind": kind, "icon": icon, "role": role, "title": title, "content": content}
    )


@register.inclusion_tag("components/visibility.html")
def ui_visibility(who, insider=True):
    """Who can see this. `insider`: false for a reader who is not of the structure, and for whom it is not theirs."""
    who = "accompanied" if who == "facilitator" and not insider else who
    icon, label = _pick(VISIBILITIES, who, "visibility")
    return {"who": who, "icon": icon, "label": label}


@register.inclusion_tag("components/progress.html")
def ui_progress(done, total, label):
    return {"done": done, "total": total, "label": label, "maximum": total or 1}


@register.simple_block_tag
def ui_empty(content, title, icon="leaf"):
    return render_to_string("components/empty.html", {"title": title, "icon": icon, "content": content})


@register.inclusion_tag("components/breadcrumbs.html")
def ui_breadcrumbs(items):
    """`items`: pairs (label, url); the last one, without url, is the page itself."""
    return {"items": [{"label": label, "url": url} for label, url in items]}


def ramp_step(value, total):
    """The step of the colour ramp (0 to 4) of a level counted from 0 to `total` - 1."""
    last = max(total - 1, 1)
    if not 0 <= value <= last:
        raise ValueError(f"level {value} outside 0–{last}")
    return round(value * (RAMP - 1) / last)


@register.simple_tag
def ui_step(value, total):
    """For a class by hand: `ramp-…` (ground and ink)."""
    return ramp_step(value, total)


@register.inclusion_tag("components/level.html")
def ui_level(value, label, total, shown=None):
    """A level of maturity: `value` counts from 0 to `total` - 1; None says that there is none.

    `shown`: its number on a scale that does not begin at 0.
    """
    if value is None:
        return {"step": None, "value": None, "label": label or "Sans niveau", "bars": []}
    bars = [n <= value for n in range(1, max(total, 2))]
    return {
        "step": ramp_step(value, total),
        "value": value if shown is None else shown,
        "label": label,
        "bars": bars,
    }


@register.inclusion_tag("components/level_card.html")
def ui_level_card(
    name,
    value,
    level,
    total,
    label,
    text="",
    note="",
    checked=False,
    disabled=False,
    required=False,
    id=None,
    shown=None,
):
    """A described level as a choice: `value` is what the form sends, `level` counts from 0."""
    return {
        "name": name,
        "value": value,
        "level": level,
        "total": total,
        "shown": shown,
        "step": ramp_step(level, total),
        "label": label,
        "text": text,
        "note": note,
        "checked": checked,
        "disabled": disabled,
        "required": required,
        "id": id,
    }


@register.inclusion_tag("components/other_card.html")
def ui_other_card(name, value, label, text="", checked=False, disabled=False, asks_reason=False, id=None):
    """« Je ne sais pas », « Non applicable » : a quieter choice, never a level."""
    return {
        "name": name,
        "value": value,
        "label": label,
        "text": text,
        "checked": checked,
        "disabled": disabled,
        "asks_reason": asks_reason,
        "id": id,
    }


@register.inclusion_tag("components/stat.html")
def ui_stat(value, label):
    return {"value": value, "label": label}
