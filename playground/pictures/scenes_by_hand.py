"""Messages by hand: to one client, now or at a moment, as the sample's owner writes them."""

from datetime import time

from playground.pictures.steps import Press, Say, Scene, Who

AT = time(11, 20)

BY_HAND = (
    Scene(
        "mensagem-texto",
        "Escrever para um cliente",
        "Um texto pronto com um toque, ou o que for digitado.",
        (Say("neide rocha"), Press("Neide Rocha"), Press("Mensagem", shows="O que você quer")),
        at=AT,
    ),
    Scene(
        "mensagem-quando",
        "Como chega, e quando",
        "A mensagem exatamente como o celular vai mostrar.",
        (Say("Oi, {primeiro_nome}! A internet volta hoje à tarde.", shows="Quando eu mando"),),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "mensagem-passou",
        "Um horário que já passou",
        "Diz por quê, e oferece o mais perto que dá.",
        (Say("hoje 9h", shows="já passou"),),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "mensagem-conferir",
        "Conferir antes de marcar",
        "Como chega naquele dia, com o que muda até lá.",
        (Say("sexta às 18:30", shows="Sexta-feira"),),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "mensagem-agendada",
        "Agendada",
        "Marcada, com dez minutos para desfazer.",
        (Press("Agendar", shows="Agendada para"),),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "agendadas",
        "O que está agendado",
        "O que vem, em ordem; o que não saiu fica embaixo, com o motivo.",
        (
            Press("Agendadas"),
            Press("Escrever"),
            Say("Amanhã tem visita técnica?"),
            Say("todo dia 5 às 10h", shows="Todo mês"),
            Press("Agendar", shows="Agendada para"),
            Press("Agendadas", shows="mensagens"),
        ),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "agendada-uma",
        "Uma mensagem agendada",
        "Mudar o horário, mudar o texto, ou não mandar mais.",
        (Press("18:30", shows="Sai sexta"),),
        who=Who.SAME,
        at=AT,
    ),
)
