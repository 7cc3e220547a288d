"""Two patterns of calendar: the thirteen steps of Nouvelle-Aquitaine, and a quarterly path of nineteen months.

Source of the first: framing day of 4 March 2025, « Planification CAP RSE ».
"""

from datetime import date

from cohorts.enums import DatePrecision, MeetingKind, MeetingMode

ONLINE, ON_SITE = MeetingMode.ONLINE, MeetingMode.ON_SITE
READING, REGROUPEMENT = MeetingKind.READING, MeetingKind.REGROUPEMENT


def _chapter(number, opens, hour, closes):
    return (
        {
            "kind": READING,
            "title": f"Visio lecture du chapitre {number}",
            "chapter": number,
            "day": opens,
            "hour": hour,
            "mode": ONLINE,
        },
        {
            "kind": REGROUPEMENT,
            "title": f"Regroupement du chapitre {number}",
            "chapter": number,
            "day": closes,
            "mode": ON_SITE,
        },
    )


THIRTEEN_STEPS = (
    {
        "kind": MeetingKind.WEBINAR,
        "title": "Webinaire d’information",
        "day": date(2024, 11, 22),
        "mode": ONLINE,
    },
    {"kind": MeetingKind.KICKOFF, "title": "Journée de lancement", "day": date(2025, 3, 4), "mode": ON_SITE},
    *_chapter(1, date(2025, 4, 8), (15, 30), date(2025, 6, 11)),
    *_chapter(2, date(2025, 7, 1), (10, 0), date(2025, 9, 25)),
    *_chapter(3, date(2025, 10, 14), (10, 0), date(2025, 12, 9)),
    *_chapter(4, date(2026, 1, 15), (10, 0), date(2026, 3, 3)),
    *_chapter(5, date(2026, 4, 7), (10, 0), date(2026, 6, 9)),
    {
        "kind": MeetingKind.CLOSING,
        "title": "Clôture, évaluation finale et labellisation",
        "day": date(2026, 7, 1),
        "precision": DatePrecision.MONTH,
        "as_written": "Juillet 2026 ?",
    },
)


def _quarter(number, opens, capsule, closes):
    reading, regroupement = _chapter(number, opens, (14, 0), closes)
    middle = {
        "kind": MeetingKind.CAPSULE,
        "title": f"Capsule trimestrielle {number}",
        "chapter": number,
        "day": capsule,
        "mode": ONLINE,
    }
    return ({**reading, "title": f"Visio lecture du thème {number}"}, middle) + (
        {**regroupement, "title": f"Regroupement du thème {number}"},
    )


NINETEEN_MONTHS = (
    {
        "kind": MeetingKind.KICKOFF,
        "title": "Après-midi de lancement",
        "day": date(2025, 9, 16),
        "hour": (14, 0),
        "mode": ON_SITE,
    },
    *_quarter(1, date(2025, 10, 7), date(2025, 11, 18), date(2026, 1, 20)),
    *_quarter(2, date(2026, 2, 10), date(2026, 3, 24), date(2026, 5, 19)),
    *_quarter(3, date(2026, 6, 9), date(2026, 9, 8), date(2026, 10, 13)),
    *_quarter(4, date(2026, 11, 10), date(2026, 12, 15), date(2027, 3, 9)),
    {
        "kind": MeetingKind.CLOSING,
        "title": "Clôture et évaluation finale",
        "day": date(2027, 4, 1),
        "precision": DatePrecision.MONTH,
    },
)
