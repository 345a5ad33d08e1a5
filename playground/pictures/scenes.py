"""The scenes, in the order of the album: what a person does, and the screen that comes of it.

A new screen is one entry here. Its steps are what a thumb does; the last screen is the picture.
"""

from dataclasses import dataclass, field
from datetime import time
from enum import Enum

from bot.ui.words import CONNECT_BUTTON, HELP_BUTTON


class Who(Enum):
    """Whose phone it is."""

    STRANGER = "somebody who has never written to the bot"
    OWNER = "the owner of the sample business"


@dataclass(frozen=True, slots=True)
class Say:
    """Type something. `shows` is what the answer must hold before the next step."""

    text: str
    shows: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """Press the button whose label holds `label`, on the lowest message that has one."""

    label: str
    shows: str = ""


@dataclass(frozen=True, slots=True)
class SendFile:
    """Send a file."""

    name: str
    data: bytes = field(repr=False)
    shows: str = ""


@dataclass(frozen=True, slots=True)
class ClientWrites:
    """A client of the sample business writes to it on WhatsApp; the bot tells its owner."""

    name: str
    text: str
    shows: str = ""


Step = Say | Press | SendFile | ClientWrites


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: `name` is its file, `title` and `tells` are what the album says of it."""

    name: str
    title: str
    tells: str
    steps: tuple[Step, ...]
    who: Who = Who.OWNER
    at: time = time(10, 42)
    dark: bool = False


SCENES = (
    Scene(
        "primeiras-palavras",
        "As primeiras palavras",
        "Quem chega já sabe para que serve e tem um só caminho a seguir.",
        (Say("/start"),),
        who=Who.STRANGER,
        at=time(9, 12),
    ),
    Scene(
        "conectar",
        "O código para conectar o WhatsApp",
        "O código aparece na própria conversa e é trocado sozinho quando vence.",
        (Say("/start"), Press(CONNECT_BUTTON, shows="Aparelhos conectados")),
        who=Who.STRANGER,
        at=time(9, 15),
    ),
    Scene(
        "inicio",
        "O início",
        "De qualquer tela se volta para cá com um toque.",
        (Say("/menu"),),
    ),
    Scene(
        "hoje",
        "O dia de hoje",
        "Quem vence, quem atrasou e como está cada mensagem do dia.",
        (Say("/hoje"),),
    ),
    Scene(
        "whatsapp",
        "O WhatsApp",
        "O que importa é se as mensagens chegam: é o que a tela conta.",
        (Say("/whatsapp"),),
    ),
    Scene(
        "ajuda",
        "A ajuda (tema escuro)",
        "Como o EmDia funciona, em três passos.",
        (Say("/menu"), Press(HELP_BUTTON)),
        dark=True,
    ),
    Scene(
        "nao-entendi",
        "Quando o bot não entende",
        "O que não dá para entender volta com os caminhos mais prováveis.",
        (Say("bom dia, tudo bem?"),),
    ),
)
