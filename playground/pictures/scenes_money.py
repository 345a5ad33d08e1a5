"""Renewals and payments: the phone of the sample's owner."""

from datetime import time

from playground.pictures.steps import Press, Say, Scene, Who

AT = time(10, 44)
LATER = time(10, 58)

MONEY = (
    Scene(
        "renovar",
        "Renovar",
        "Cada botão começa pela data que dá; o valor é dito antes.",
        (Say("roberto souza"), Press("Roberto Souza"), Press("Renovar")),
        at=AT,
    ),
    Scene(
        "renovado",
        "Renovado",
        "O que foi feito, a mensagem pronta para mandar, e dez minutos para desfazer.",
        (
            Say("roberto souza"),
            Press("Roberto Souza"),
            Press("Renovar"),
            Press("25/12/2026", shows="Recebido"),
        ),
        at=AT,
    ),
    Scene(
        "renovacao-na-fila",
        "A mensagem de renovação na fila",
        "Sai na sua vez, uma por vez.",
        (
            Say("bruno alves"),
            Press("Bruno Alves"),
            Press("Renovar"),
            Press("25/12/2026", shows="Recebido"),
            Press("Mandar agora", shows="fila"),
        ),
        at=AT,
    ),
    Scene(
        "renovar-valor",
        "Outro valor",
        "Pagou só uma parte? O valor muda antes de escolher a data.",
        (
            Say("carla dias"),
            Press("Carla Dias"),
            Press("Renovar"),
            Press("Outro valor", shows="Quanto"),
        ),
        at=LATER,
    ),
    Scene(
        "renovar-parte",
        "Uma parte do valor",
        "O que falta é dito antes de fazer.",
        (Say("50", shows="Fica faltando"),),
        who=Who.SAME,
        at=LATER,
    ),
    Scene(
        "renovado-parte",
        "Renovado com uma parte",
        "O resto fica anotado na ficha.",
        (Press("25/12/2026", shows="Falta receber"),),
        who=Who.SAME,
        at=LATER,
    ),
    Scene(
        "renovar-outra-data",
        "Outra data",
        "Digitada do jeito que se fala.",
        (
            Say("diego ramos"),
            Press("Diego Ramos"),
            Press("Renovar"),
            Press("Outra data"),
        ),
        at=LATER,
    ),
    Scene(
        "renovar-data-passada",
        "Uma data que já passou",
        "Diz por quê, e pergunta de novo.",
        (Say("10/11/2026"),),
        who=Who.SAME,
        at=LATER,
    ),
    Scene(
        "renovar-confirmar",
        "A data digitada",
        "Digitar não faz nada sozinho: um toque confirma.",
        (Say("daqui a 45 dias", shows="Confira"),),
        who=Who.SAME,
        at=LATER,
    ),
    Scene(
        "renovacao-desfeita",
        "Renovação desfeita",
        "Data, pagamento e mensagens voltam ao que eram.",
        (
            Say("fábio moraes"),
            Press("Fábio Moraes"),
            Press("Renovar"),
            Press("25/12/2026", shows="Recebido"),
            Press("Desfazer"),
        ),
        at=LATER,
    ),
    Scene(
        "pagamentos",
        "Os pagamentos de um cliente",
        "O mais novo primeiro, cada um com o seu dia.",
        (Say("roberto souza"), Press("Roberto Souza"), Press("Pagamentos")),
        at=LATER,
    ),
    Scene(
        "pagamento",
        "Um pagamento",
        "O que ele fez com o vencimento, e o que dá para corrigir.",
        (
            Say("roberto souza"),
            Press("Roberto Souza"),
            Press("Pagamentos"),
            Press("💰 25/11"),
        ),
        at=LATER,
    ),
    Scene(
        "pagamento-nao-recebido",
        "Um pagamento que não veio",
        "Deixa de contar na hora, e pode ser desfeito.",
        (
            Say("carla dias"),
            Press("Carla Dias"),
            Press("Pagamentos"),
            Press("💰 25/11"),
            Press("Não recebi"),
        ),
        at=LATER,
    ),
    Scene(
        "registrar-pagamento",
        "Só anotar um pagamento",
        "Para quem pagou uma parte: o vencimento fica como está.",
        (
            Say("elaine costa"),
            Press("Elaine Costa"),
            Press("Pagamentos"),
            Press("Registrar pagamento"),
        ),
        at=LATER,
    ),
    Scene(
        "pagamento-registrado",
        "Pagamento anotado",
        "Quanto foi, e quanto ainda falta.",
        (Say("30", shows="Anotei"),),
        who=Who.SAME,
        at=LATER,
    ),
    Scene(
        "pagamentos-do-mes",
        "Os pagamentos do mês",
        "Somam o valor que a lista de clientes mostra.",
        (Say("/clientes"), Press("💰 R$", shows="Novembro")),
        at=LATER,
    ),
)
