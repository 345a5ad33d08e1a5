"""WhatsApp: what happened, a code in the place of the QR, and each way it can end."""

from datetime import time

from playground.pictures.steps import Kick, Press, Say, Scan, Scene, Who
from playground.rig import CONNECTED

AT = time(10, 46)
CODE_NUMBER = "11 95550-0744"
FIRST_LOST = 5_511_955_500_751
# How it ends: the file's name, the title, WhatsApp's code, and a word of what is told.
ENDS = (
    ("removido", "O aparelho foi removido no celular", 401, "desconectado"),
    ("suspenso", "O WhatsApp suspendeu o número", 402, "suspendeu"),
    ("bloqueado", "O WhatsApp bloqueou o acesso", 403, "bloqueou"),
    ("banido", "O WhatsApp baniu o número", 406, "baniu"),
)


def _signs_up(phone: str) -> tuple[Say, ...]:
    return (
        Say("/start", shows="Como você se chama"),
        Say("Lia Campos", shows="e-mail"),
        Say("lia@exemplo.com", shows="celular"),
        Say(phone, shows="passos"),
    )


def _lost(place: int, name: str, title: str, code: int, shows: str) -> Scene:
    """Somebody whose line ends in one way."""
    number = str(FIRST_LOST + place)
    return Scene(
        f"whatsapp-{name}",
        title,
        "Diz o que houve, o que fica parado e o que fazer, com o botão para isso.",
        (
            *_signs_up(number),
            Press("Conectar WhatsApp", shows="Aparelhos conectados"),
            Scan(number, shows=CONNECTED),
            Kick(number, code, shows=shows),
        ),
        who=Who.STRANGER,
        at=AT,
    )


WHATSAPP = (
    Scene(
        "whatsapp-enviadas",
        "As mensagens das últimas 24 horas",
        "Cada número da tela do WhatsApp abre a lista que ele conta.",
        (Say("/whatsapp"), Press("📨")),
        at=AT,
    ),
    Scene(
        "whatsapp-o-que-aconteceu",
        "O que aconteceu com o WhatsApp",
        "Conexões, quedas e motivos, em palavras de todo dia.",
        (Say("/whatsapp"), Press("O que aconteceu")),
        at=AT,
    ),
    Scene(
        "whatsapp-teste",
        "Um teste para o próprio número",
        "Diz só o que se sabe: para o próprio número o WhatsApp não avisa quando chega.",
        (Say("/whatsapp"), Press("Mandar um teste", shows="recebeu o teste")),
        at=AT,
    ),
    Scene(
        "whatsapp-desconectar",
        "Antes de desconectar",
        "O que não dá para desfazer é perguntado uma vez, com o que vai parar.",
        (Say("/whatsapp"), Press("Desconectar", shows="Desconectar o WhatsApp?")),
        at=AT,
    ),
    Scene(
        "whatsapp-codigo-numero",
        "Quem tem um celular só",
        "Ninguém aponta o celular para si mesmo: o código é por número.",
        (
            *_signs_up(CODE_NUMBER),
            Press("Conectar WhatsApp", shows="Aparelhos conectados"),
            Press("fica neste celular", shows="Qual é o número"),
        ),
        who=Who.STRANGER,
        at=AT,
    ),
    Scene(
        "whatsapp-codigo",
        "O código para digitar",
        "Copiado com um toque, com o caminho no WhatsApp, e renovado sozinho.",
        (Press("(11) 95550-0744", shows="Seu código"),),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "whatsapp-nao-da-certo",
        "Quando não dá certo",
        "Os motivos de verdade, e os dois jeitos de tentar de novo.",
        (Press("Não está dando certo", shows="motivos"),),
        who=Who.SAME,
        at=AT,
    ),
    *(_lost(place, *end) for place, end in enumerate(ENDS)),
)
