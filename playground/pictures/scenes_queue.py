"""The queue of today, one message, who was left unbilled, and a day to come."""

from datetime import time

from playground.pictures.steps import Press, Say, Scene, Who

AT = time(10, 42)

QUEUE = (
    Scene(
        "fila-mensagem",
        "Uma mensagem da fila",
        "O texto como o celular mostra, os recibos com as horas, e o que aconteceu.",
        (Say("/fila"), Press("✅"), Press("✅")),
        at=AT,
    ),
    Scene(
        "fila-parada",
        "Tudo parado",
        "O que segura a fila vem primeiro, com desde quando e a saída.",
        (Say("/fila"), Press("Parar", shows="Você parou os envios")),
        at=AT,
    ),
    Scene(
        "fila-volta",
        "A fila volta",
        "O que resta de hoje sai na sua vez.",
        (Press("Voltar a enviar", shows="Fila de hoje"),),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "amanha",
        "O que sai amanhã",
        "Antes de sair: quem, quando, e por que não.",
        (Say("/fila"), Press("🔮", shows="O que sai amanhã")),
        at=AT,
    ),
    Scene(
        "amanha-texto",
        "Um texto de amanhã",
        "Cada mensagem como vai chegar, uma por uma.",
        (Press("👀"),),
        who=Who.SAME,
        at=AT,
    ),
)
