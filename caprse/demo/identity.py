"""The demonstration: letterheads, purposes, stakeholders."""

import io
from datetime import date

from PIL import Image, ImageDraw

from caprse.base import clock
from caprse.demo.cast import read
from cohorts.access import Actor
from cohorts.services.letterheads import set_letterhead
from cohorts.services.purpose import set_purpose
from cohorts.services.stakeholders import add_stakeholder, name_at_kickoff, stamp_of

LABEL = "Partie prenante de vérification"
SIZE = (720, 240)


def small_logo(ground, ink, shape):
    """A sign anybody could have drawn: a coloured shape and three strokes, on white."""
    picture = Image.new("RGB", SIZE, "#ffffff")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((20, 20, 220, 220), radius=100 if shape == "round" else 36, fill=ground)
    if shape == "bridge":
        draw.arc((50, 90, 190, 250), 180, 360, fill=ink, width=18)
        draw.line((40, 120, 200, 120), fill=ink, width=18)
    else:
        draw.polygon(((120, 60), (180, 170), (60, 170)), fill=ink)
    for rank, width in enumerate((440, 360, 220)):
        draw.rounded_rectangle((260, 60 + rank * 50, 260 + width, 86 + rank * 50), radius=13, fill=ground)
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def write(cast, paths, rounds):
    """Letterheads, then what each structure says of itself, and what the launch of the cohort named."""
    story = read("identity.toml")
    cohort = next(iter(rounds.values())).cohort
    with clock.stopped(clock.at(date(2025, 3, 4), 17)):
        by = Actor.of(cast.facilitators[cohort.region.slug][0])
        name_at_kickoff(cohort=cohort, names=story["kickoff"], seen=stamp_of([]), by=by)
    for subject, tell in (("letterheads", _head), ("purposes", _why), ("stakeholders", _place)):
        for line in story[subject]:
            said = dict(line)
            moment = clock.at(said.pop("day"), 14)
            if moment > clock.now():
                continue
            with clock.stopped(moment):
                tell(cast.organisations[said.pop("key")], Actor.of(cast.people[said.pop("by")]), said)


def _head(organisation, by, said):
    logo = small_logo(said["ground"], said["ink"], said["shape"])
    told = {"mentions": said["mentions"], "logo_text": said["logo_text"]}
    set_letterhead(organisation=organisation, revision=0, logo=logo, by=by, **told)


def _why(organisation, by, said):
    set_purpose(organisation=organisation, revision=0, by=by, **said)


def _place(organisation, by, said):
    add_stakeholder(organisation=organisation, by=by, **said)


class IdentitySide:
    """What one side has here, for the replay of the matrix of access."""

    @property
    def stakeholder(self):
        """One of the replay's own, added again each time it was taken off."""
        return add_stakeholder(organisation=self.organisation, name=LABEL, by=self.referent)

    def take_away_identity(self):
        """The replay's own row."""
        self.organisation.stakeholders.filter(name=LABEL).delete()
