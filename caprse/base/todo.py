"""What remains to be done, told by the upper floors and composed by the pages at the top."""

from dataclasses import dataclass, field
from datetime import date

from caprse.base.text import date_in_words

_providers = []


@dataclass(frozen=True, order=True)
class Todo:
    """One thing expected of somebody.

    `rank` sorts between kinds (smaller first), `why` is a sentence, `url` the page where the thing is done.
    Its date: `due`, the last day, else `moment`, in words. `about`: the id of the participation whose moment it tells.
    """

    rank: int
    sort_due: date = field(init=False, repr=False)
    title: str = field(compare=False)
    why: str = field(compare=False)
    url: str = field(compare=False)
    action: str = field(compare=False)
    due: date | None = field(default=None, compare=False)
    moment: str = field(default="", compare=False)
    about: int | None = field(default=None, compare=False)
    late: bool = field(default=False, compare=False)
    icon: str = field(default="arrow-right", compare=False)

    def __post_init__(self):
        object.__setattr__(self, "sort_due", self.due or date.max)

    @property
    def when(self):
        """Its date in words."""
        return f"Avant la fin du {date_in_words(self.due)}" if self.due else self.moment


def register(provider):
    """Add `provider(actor, participations) -> iterable of Todo`: a constant number of queries for N participations."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def collect(actor, participations):
    """Everything expected of this actor for these participations, most pressing first."""
    return sorted(todo for provider in _providers for todo in provider(actor, participations))
