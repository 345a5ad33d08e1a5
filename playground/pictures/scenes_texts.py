"""The texts of messages: the phone of the sample's owner."""

from datetime import time

from playground.pictures.steps import Press, Say, Scene, Who

AT = time(11, 6)

TEXTS = (
    Scene(
        "textos",
        "Os textos das mensagens",
        "O que sai sozinho, o que está desligado, e quantas vezes cada um saiu no mês.",
        (Say("/textos"),),
        at=AT,
    ),
    Scene(
        "texto",
        "Um texto",
        "Quando sai, o que ele faz hoje, e quando saiu por último.",
        (Press("Cobrança, 1 dia"),),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "texto-previa",
        "Como o cliente recebe",
        "Com um cliente de verdade, do jeito que o celular vai mostrar.",
        (Press("Ver pronto"),),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "texto-editor",
        "Mudar um texto",
        "Digitar troca o texto inteiro; os botões põem os dados no fim.",
        (
            Press("Mudar o texto"),
            Say(
                "{saudacao}, {primeiro_nome}! Seu plano de {valor} venceu em {vencimento}. "
                "Para pagar, copie o PIX 👇"
            ),
            Press("Código PIX", shows="2ª mensagem"),
        ),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "texto-engano",
        "Um nome escrito errado",
        "Eu explico, e um toque corrige. Só salva quando está certo.",
        (
            Say(
                "{saudacao}, {primeiro nome}! Seu plano de {valor} venceu em {vencimeto}.",
                shows="não sai assim",
            ),
        ),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "texto-salvo",
        "Texto salvo",
        "Já vale na próxima mensagem, e pode ser desfeito por dez minutos.",
        (
            Press("Trocar por", shows="Você quis dizer"),
            Press("Trocar por", shows="recebe assim"),
            Press("Salvar", shows="Sai sozinho"),
        ),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "texto-padrao",
        "O texto padrão de volta",
        "Quem se arrepende volta ao começo com um toque.",
        (Press("Voltar ao texto padrão", shows="texto padrão"),),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "texto-falta",
        "Falta um dado",
        "O que falta é dito antes, com o botão que preenche.",
        (
            Say("/textos"),
            Press("Novo texto"),
            Say("Manutenção na rede"),
            Say("Oi, {primeiro_nome}! Hoje a rede para das 2 às 4. Dúvidas: {suporte}"),
        ),
        at=AT,
    ),
    Scene(
        "texto-novo",
        "Um texto seu",
        "Sai quando você manda.",
        (
            Say("Oi, {primeiro_nome}! Hoje a rede para das 2 às 4.", shows="recebe assim"),
            Press("Salvar", shows="quando você manda"),
        ),
        who=Who.SAME,
        at=AT,
    ),
)
