"""The owner's data, business and pinned board."""

from datetime import time

from playground.pictures.steps import Press, Say, Scene, Who

AT = time(15, 20)

DATA = (
    Scene(
        "empresa",
        "A empresa",
        "O que as mensagens dizem do negócio, e quantos textos usam cada parte.",
        (Say("/menu"), Press("Configurações"), Press("Minha empresa")),
        at=AT,
    ),
    Scene(
        "empresa-mudar",
        "Mudar o nome do negócio",
        "Uma pergunta, com um exemplo que funciona.",
        (Press("Nome do negócio"),),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "dados",
        "Meus dados",
        "Tudo o que é do dono sai daqui, também depois que o acesso termina.",
        (Say("/conta"), Press("Meus dados")),
        at=AT,
    ),
    Scene(
        "dados-trilha",
        "Quem fez o quê",
        "Cada ato, com a hora e sem nomes.",
        (Press("Quem fez o quê"),),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "dados-apagar",
        "Antes de apagar a conta",
        "O que se perde, com números, e a palavra que ninguém digita sem querer.",
        (Say("/conta"), Press("Meus dados"), Press("Apagar minha conta")),
        at=AT,
    ),
)
