"""One reminder a day and a person, whatever waits for them on every floor."""

import logging

from django.db import transaction

from caprse.base import clock, outbox, reminders
from caprse.base.outbox import Mail, renderer
from caprse.base.text import plural
from cohorts.models import User

logger = logging.getLogger(__name__)
REMINDER_MAIL = "reminder"
FROM_HOUR = 8
SATURDAY = 5


def is_a_time_to_remind(moment):
    """Whether people may be reminded at this moment: a working day, from eight in the morning, in Paris."""
    local = moment.astimezone(clock.PARIS)
    return local.hour >= FROM_HOUR and local.weekday() < SATURDAY


def remind():
    """Post the mails of the day. Running again, or by two workers at once, posts none twice. Returns how many."""
    if not is_a_time_to_remind(clock.now()):
        return 0
    today = clock.today()
    return sum(remind_safely(user_id, refs, today) for user_id, refs in sorted(reminders.due(today).items()))


def remind_safely(user_id, refs, today):
    """Remind one person; whatever goes wrong with them is logged, and holds nobody else's mail."""
    try:
        return remind_one(user_id, refs, today)
    except Exception:
        logger.exception("reminder not posted user=%s", user_id)
        return False


@transaction.atomic
def remind_one(user_id, refs, today):
    """Post one person's mail and note what it recalls, together; False when theirs has been posted today."""
    fresh = outbox.post_once(REMINDER_MAIL, to_id=user_id, once_key=f"reminder:{user_id}:{today}", refs=refs)
    if fresh:
        reminders.note(refs, today)
    return fresh


@renderer(REMINDER_MAIL)
def reminder(message):
    """Everything that still waits when the mail leaves, in one mail; nothing leaves when nothing waits any more."""
    user = User.objects.reachable(message.recipient_id)
    lines = reminders.lines(message.payload["refs"]) if user else []
    if not lines:
        return None
    listed = "\n\n".join(f"– {line.title}\n  {line.sentence}\n  {line.url}" for line in lines)
    count = len(lines)
    return Mail(
        to=user.email,
        subject=f"CAP RSE : {plural(count, 'une chose vous attend', f'{count} choses vous attendent')}",
        text=(
            f"Bonjour {user.first_name},\n\n"
            f"Voici ce qui attend votre réponse dans CAP RSE :\n\n"
            f"{listed}\n\n"
            "Si vous venez de répondre, ne tenez pas compte de ce rappel.\n"
        ),
    )


@outbox.undelivered(REMINDER_MAIL)
def came_back(message):
    """Whoever recalls something learns that the address does not answer."""
    reminders.undelivered(message.payload["refs"])
