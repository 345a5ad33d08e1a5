"""What an administrator tells all owners: written, seen as it will look, and how it goes."""

from playground.pictures.steps import Press, Say, Scene, Who

BROADCASTS = (
    Scene(
        "administracao-aviso",
        "Um aviso a todas as contas",
        "Para quem vai, cada escolha com quantas contas são.",
        (Say("/admin"), Press("Avisar"), Press("Novo aviso")),
        who=Who.ADMIN,
    ),
    Scene(
        "administracao-aviso-conferir",
        "O aviso como vai chegar",
        "Palavra por palavra, antes de qualquer conta receber.",
        (
            Press("Todas as contas"),
            Say(
                "Na quinta, às 22:00, o EmDia para por 10 minutos. "
                "Nenhuma cobrança sai nessa hora: o que for dessa noite sai na manhã seguinte."
            ),
        ),
        who=Who.SAME,
    ),
    Scene(
        "administracao-aviso-andamento",
        "Como o aviso foi",
        "Uma mensagem só, reescrita enquanto vai; cada contagem abre a lista das suas contas.",
        (Press("📣 Avisar", shows="Aviso dado"),),
        who=Who.SAME,
    ),
)
