"""A plan for the board: at a glance first, then each action, in the order one speaks of them."""

from autodiag.enums import ActionStatus
from caprse.base.paper import Facts, Heading, Paper, Points, Section, Table, Text
from caprse.base.text import NBSP, euros, plural, short_date

# Blocked first: these are the ones a board can help with.
PARTS = (
    (ActionStatus.BLOCKED, "Ce qui est bloqué"),
    (ActionStatus.IN_PROGRESS, "Ce qui est en cours"),
    (ActionStatus.TO_DO, "Ce qui est à faire"),
    (ActionStatus.DONE, "Ce qui est fait"),
    (ActionStatus.ABANDONED, "Ce que nous avons abandonné"),
)
NO_DAY, NOBODY = "sans date", "à confier"


def plan_paper(material):
    """The whole plan, as a document."""
    return Paper(
        title=material.title,
        subtitle=f"Parcours CAP RSE – {material.cohort}",
        organisation=material.structure,
        created=material.created,
        sections=tuple(_sections(material)),
        facts=_facts(material),
        notice=material.notice,
        context=material.structure if material.outward else material.cohort,
        logos=material.logos,
        mentions=material.mentions,
    )


def _facts(material):
    facts = [("Actions", _counted(material.lines))]
    if material.adopted:
        day, body = material.adopted
        facts.append(("Adoption", f"Plan adopté le {short_date(day)} par {body}"))
    if material.review_on:
        facts.append(("Prochaine relecture", short_date(material.review_on)))
    return tuple(facts)


def _counted(lines):
    """« 12, dont 3 faites et 1 bloquée »."""
    done = sum(line.status == ActionStatus.DONE for line in lines)
    blocked = sum(line.status == ActionStatus.BLOCKED for line in lines)
    told = [f"{done} {plural(done, 'faite', 'faites')}"] if done else []
    told += [f"{blocked} {plural(blocked, 'bloquée', 'bloquées')}"] if blocked else []
    return f"{len(lines)}, dont {' et '.join(told)}" if told else str(len(lines))


def _sections(material):
    if material.purpose:
        yield Section("Notre pourquoi", (Text(material.purpose, "lead"),))
    if not material.lines:
        yield Section("Le plan", (Text("Ce plan n’a pas encore d’action."),))
        return
    yield Section("Le plan d’un coup d’œil", (_overview(material),))
    for status, title in PARTS:
        lines = [line for line in material.lines if line.status == status]
        if lines:
            # A day that is past is the structure's own business.
            today = None if material.outward else material.today
            blocks = [block for line in lines for block in _blocks(line, today)]
            yield Section(title, tuple(blocks), aside=True)


def _overview(material):
    rows = [
        (line.what, line.who or line.pilot or NOBODY, _day(line), ActionStatus(line.status).label)
        for line in material.lines
        if line.status != ActionStatus.ABANDONED
    ]
    columns = ("Quoi", "Qui", "Pour quand", "Où en est-on")
    return Table("Les actions, dans l’ordre de leurs échéances", columns, tuple(rows))


def _day(line):
    return short_date(line.due_on) if line.due_on else NO_DAY


def _blocks(line, today):
    """An action: who and when on a line, why, what it takes and shows, its steps; the rest in small."""
    yield Heading(line.what)
    yield Text(_who_and_when(line, today), "small")
    if line.why:
        yield Text(line.why)
    yield Facts(tuple((label, text) for label, text in _told(line) if text))
    if line.steps:
        yield Points(tuple(f"{text} (faite)" if done else text for text, done in line.steps))
    if rest := [f"{label}{NBSP}: {text}" for label, text in _rest(line) if text]:
        yield Text(" – ".join(rest), "small")


def _who_and_when(line, today):
    """« Samira, suivie par Maëlle – du 5 janvier 2026 au 30 juin 2026 (date passée, à reprendre) »."""
    who = line.who or line.pilot or NOBODY
    follows = f", suivie par {line.pilot}" if line.pilot and line.pilot != who else ""
    late = " (date passée, à reprendre)" if today and line.due_on and line.due_on < today and not line.is_over else ""
    when = f"pour le {short_date(line.due_on)}" if line.due_on else NO_DAY
    since = f"à partir du {short_date(line.starts_on)}, " if line.starts_on else ""
    done = f", faite le {short_date(line.done_on)}" if line.done_on else ""
    return f"{who}{follows} – {since}{when}{late}{done}"


def _told(line):
    news = line.notes[0] if line.notes else None
    return (
        ("Raison", line.status_reason),
        ("Avec quels moyens", line.means),
        ("À quoi nous verrons que c’est fait", line.indicator),
        ("Dernière nouvelle", f"{news.text} ({news.name}, {short_date(news.day)})" if news else ""),
    )


def _rest(line):
    return (
        ("Partenaires", line.partners),
        ("Budget", "" if line.budget is None else euros(line.budget)),
        ("Critère", " ".join(line.criterion) if line.criterion else ""),
        ("Sert aussi", ", ".join(" ".join(one) for one in line.also)),
    )
