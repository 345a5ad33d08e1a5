"""A new client, question by question, and what may be sent instead of answering them."""

from datetime import time

from playground.pictures.steps import Press, Say, Scene, ShareContact, Who

AT = time(14, 20)


def asked(name: str, title: str, tells: str, *steps: Say | Press) -> Scene:
    """A question of the form, in the chat of the one before."""
    return Scene(name, title, tells, steps, who=Who.SAME, at=AT)


REGISTER = (
    Scene(
        "novo-nome",
        "Um cliente novo: o nome",
        "Uma pergunta por vez, com o passo e um exemplo.",
        (Say("/novo", shows="Qual é o nome"),),
        at=AT,
    ),
    asked(
        "novo-celular-errado",
        "Um celular que não dá",
        "Diz o que faltou e repete a pergunta.",
        Say("Juliana Prado Filha", shows="WhatsApp"),
        Say("9555-0201"),
    ),
    asked(
        "novo-plano",
        "O plano, e quem já usa o celular",
        "O plano mais usado vem primeiro; um celular repetido é avisado na hora.",
        Say("11 95550-0201", shows="Qual é o plano"),
    ),
    asked(
        "novo-valor",
        "O valor",
        "O que já é cobrado dos outros vem como botão.",
        Press("30 dias", shows="Quanto paga"),
    ),
    asked(
        "novo-servidor",
        "O servidor",
        "Os que já existem, digitado, ou nenhum.",
        Press("R$ 79,90", shows="servidor"),
    ),
    asked(
        "novo-data",
        "O vencimento",
        "A data que o plano dá vem primeiro, por extenso.",
        Press("Torre Vila", shows="Quando vence"),
    ),
    asked(
        "novo-data-errada",
        "Uma data que não existe",
        "Explica por quê, e oferece as datas mais prováveis.",
        Say("31/02"),
    ),
    asked(
        "novo-campos",
        "Os campos do negócio",
        "Todos de uma vez, um em cada linha.",
        Press("25/12/2026", shows="campos"),
    ),
    asked(
        "novo-observacao",
        "A observação",
        "Só o dono lê, e pode ser pulada.",
        Say("juliana.prado\nm4Xp81", shows="anotar"),
    ),
    asked(
        "novo-resumo",
        "Tudo, antes de salvar",
        "Cada resposta pode ser trocada sem começar de novo.",
        Say("Ligar só depois das 18h", shows="confira"),
    ),
    asked(
        "novo-salvo",
        "Cliente salvo",
        "As boas-vindas prontas, do jeito que o cliente vai ler.",
        Press("Salvar cliente", shows="salvo"),
    ),
    asked(
        "novo-boas-vindas",
        "As boas-vindas na fila",
        "Quando sai, e o caminho para o cliente.",
        Press("Mandar agora", shows="fila"),
    ),
    asked(
        "novo-linha",
        "Tudo em uma linha",
        "O que foi escrito preenche o formulário; só falta o que não foi dito.",
        Say("/novo Otávio Lins 11 95550-0444 mensal 79,90 dia 10", shows="servidor"),
    ),
    asked(
        "novo-deixado",
        "Um cadastro deixado de lado",
        "Nada foi salvo, e dá para voltar a ele por dez minutos.",
        Press("Desistir", shows="Nada foi salvo"),
    ),
    Scene(
        "novo-contato",
        "Um contato da agenda",
        "Nome e celular já vêm preenchidos.",
        (ShareContact("+5511955500555", "Paula Rezende", shows="plano"),),
        at=AT,
    ),
    Scene(
        "lista-colada",
        "Uma lista colada na conversa",
        "Cada linha que se entende vira um cliente; a que não se entende é dita.",
        (
            Press("Desistir", shows="Nada foi salvo"),
            Say(
                "Rui Alencar 11 95550-0601 mensal 79,90 dia 5\n"
                "Sônia Braga 11 95550-0602 mensal 79,90 dia 12\n"
                "Tadeu 9555 mensal\n",
                shows="para cadastrar",
            ),
        ),
        at=AT,
    ),
)
