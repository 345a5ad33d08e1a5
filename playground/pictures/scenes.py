"""The scenes, in the order in which an owner meets them.

A new screen is one entry in its part of the album. Its steps are what a thumb does; the last screen
is the picture. What a scene changes stays changed for those that follow.
"""

from playground.pictures.scenes_administration import ADMINISTRATION
from playground.pictures.scenes_begin import BEGIN
from playground.pictures.scenes_broadcasts import BROADCASTS
from playground.pictures.scenes_by_hand import BY_HAND
from playground.pictures.scenes_clients import CLIENTS
from playground.pictures.scenes_data import DATA
from playground.pictures.scenes_money import MONEY
from playground.pictures.scenes_queue import QUEUE
from playground.pictures.scenes_register import REGISTER
from playground.pictures.scenes_replies import REPLIES
from playground.pictures.scenes_rest import REST
from playground.pictures.scenes_schedule import SCHEDULE
from playground.pictures.scenes_subscription import SUBSCRIPTION
from playground.pictures.scenes_texts import TEXTS
from playground.pictures.scenes_whatsapp import WHATSAPP
from playground.pictures.steps import Scene

SCENES: tuple[Scene, ...] = (
    *BEGIN,
    *CLIENTS,
    *REGISTER,
    *MONEY,
    *BY_HAND,
    *REPLIES,
    *QUEUE,
    *TEXTS,
    *REST,
    *SCHEDULE,
    *DATA,
    *SUBSCRIPTION,
    *WHATSAPP,
    *ADMINISTRATION,
    *BROADCASTS,
)
