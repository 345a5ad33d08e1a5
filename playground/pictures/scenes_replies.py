"""What clients write back, and what the owner does about it."""

from datetime import time

from playground.pictures.steps import Hear, Press, Say, Scene, Who

# Each a little later than the one before: what is answered came earlier.
TIMES = tuple(time(11, minute) for minute in range(5, 12))

REPLIES = (
    Scene(
        "resposta",
        "Um cliente responde",
        "O que ele escreveu, quanto está em aberto e o próximo passo. Nada renova sozinho.",
        (
            Hear("Roberto Souza", "paguei", shows="paguei"),
            Hear("Roberto Souza", kind="image", size=182_000, shows="Foto"),
        ),
        at=TIMES[0],
    ),
    Scene(
        "resposta-responder",
        "Responder sem sair do Telegram",
        "A resposta é mostrada antes de ir pelo WhatsApp.",
        (
            Press("Responder", shows="O que você quer responder"),
            Say("Recebi sim, Roberto. Obrigado!", shows="Vai assim"),
        ),
        who=Who.SAME,
        at=TIMES[1],
    ),
    Scene(
        "resposta-enviada",
        "Até onde a resposta chegou",
        "O mesmo cartão mostra se foi enviada, entregue ou lida.",
        (Press("Mandar agora", shows="Você:"),),
        who=Who.SAME,
        at=TIMES[2],
    ),
    Scene(
        "resposta-promessa",
        "Uma promessa de pagamento",
        "“Pago sexta” oferece um lembrete só, para aquele dia.",
        (Hear("Bruno Alves", "sexta eu pago", shows="Prometeu pagar"),),
        at=TIMES[3],
    ),
    Scene(
        "resposta-lembrete",
        "O lembrete marcado",
        "Um toque marca, e dez minutos para desfazer.",
        (Press("Lembrar", shows="Lembrete marcado"),),
        who=Who.SAME,
        at=TIMES[4],
    ),
    Scene(
        "respostas",
        "Quem espera por você",
        "Quem espera há mais tempo vem primeiro.",
        (
            Hear("Carla Dias", "oi, dá para mudar o vencimento?", shows="mudar o vencimento"),
            Say("/menu"),
            Press("1 resposta", shows="Respostas"),
        ),
        at=TIMES[5],
    ),
    Scene(
        "silencio",
        "As horas de silêncio",
        "De noite nada toca; de manhã vem tudo junto.",
        (Press("Horas de silêncio", shows="Horas de silêncio"),),
        who=Who.SAME,
        at=TIMES[6],
    ),
)
