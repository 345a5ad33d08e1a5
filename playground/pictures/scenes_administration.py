"""The administration of the platform: accounts, money, lines, the system."""

from playground.pictures.steps import Press, Say, Scene, Who

ADMINISTRATION = (
    Scene(
        "administracao",
        "A administração",
        "As contas por situação, o dinheiro do mês e as linhas; nenhum cliente de ninguém aparece.",
        (Say("/admin"),),
        who=Who.ADMIN,
    ),
    Scene(
        "administracao-conta",
        "Uma conta",
        "Situação, WhatsApp pelo que chega, contagens e pagamentos; o que dá para fazer com ela.",
        (Say("/admin"), Say("prô lia"), Press("Reforço da Prô Lia")),
        who=Who.ADMIN,
    ),
    Scene(
        "administracao-dias",
        "Dar dias",
        "Cada opção começa pela data em que o acesso passaria a terminar.",
        (Press("Dar dias"),),
        who=Who.SAME,
    ),
    Scene(
        "administracao-dados",
        "Dias dados, com volta",
        "Feito na hora, anotado e avisado ao dono; dez minutos para desfazer.",
        (Press("+30 dias"),),
        who=Who.SAME,
    ),
    Scene(
        "administracao-bloquear",
        "Antes de bloquear",
        "O que para de sair, com o número, e o motivo que o dono vai ler.",
        (Say("/admin"), Say("ponto do sinal"), Press("Ponto do Sinal"), Press("Bloquear")),
        who=Who.ADMIN,
    ),
    Scene(
        "administracao-receita",
        "A receita por mês",
        "O gráfico de um ano, a tabela de seis meses, e cada mês abre as suas entradas.",
        (Say("/admin"), Press("Receita")),
        who=Who.ADMIN,
    ),
    Scene(
        "administracao-previsao",
        "A previsão de 30 dias",
        "Quem já pagou e termina nesse prazo, uma vez cada; quem está em teste não conta.",
        (Press("Previsão"),),
        who=Who.SAME,
    ),
    Scene(
        "administracao-linhas",
        "As linhas de WhatsApp",
        "Por entrega, nunca por “conectado”: cada contagem abre a sua lista.",
        (Say("/admin"), Press("📲"), Press("🟢")),
        who=Who.ADMIN,
    ),
)
