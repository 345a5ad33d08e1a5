"""How long is kept what nobody needs for ever (I9). What counts money or proves a sending stays.

Each is far longer than whoever repeats things repeats them: Telegram a day, WhatsApp weeks.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Times to live, from the day a row was done with."""

    log: timedelta = timedelta(days=180)  # the steps of each message (`message_events`)
    planned: timedelta = timedelta(days=180)  # which days were planned: why somebody was left out
    replies: timedelta = timedelta(days=90)  # what clients wrote
    notices: timedelta = timedelta(days=90)  # what the owner was told
    updates: timedelta = timedelta(days=7)  # of Telegram, handled
    set_aside: timedelta = timedelta(days=90)  # of Telegram, given up
    numbers: timedelta = timedelta(days=60)  # WhatsApp's answers, twice as long as they count
    whatsapp_log: timedelta = timedelta(days=90)  # what happened to WhatsApp, and its tests
    webhooks: timedelta = timedelta(days=90)
    replicas: timedelta = timedelta(days=1)  # processes that are no more
    imports: timedelta = timedelta(days=30)  # sheets that were sent, from the day they came
    undos: timedelta = timedelta(days=1)  # what could be undone, and what was dropped meanwhile
