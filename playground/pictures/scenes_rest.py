"""The settings, the account and the help."""

from datetime import time

from playground.pictures.steps import LookBack, Press, Say, Scene, Who

AT = time(15, 5)

REST = (
    Scene(
        "configuracoes",
        "As configurações",
        "Onde está cada coisa que se pode mudar.",
        (Say("/menu"), Press("Configurações")),
        at=AT,
    ),
    Scene(
        "baixar",
        "Tudo em uma planilha",
        "Os dados são do dono: saem em um arquivo, e voltam por ele.",
        (Say("/clientes"), Press("Mais"), Press("Baixar planilha", shows="Tudo o que é seu")),
        at=AT,
    ),
    Scene(
        "conta",
        "A conta",
        "Até quando vale, e os dados de quem usa.",
        (Say("/conta"),),
        at=AT,
    ),
    Scene(
        "conta-mudar",
        "Mudar o e-mail da conta",
        "A mesma pergunta do começo.",
        (Press("E-mail"),),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "ajuda",
        "A ajuda (tema escuro)",
        "Como o EmDia funciona, em três passos.",
        (Say("/ajuda"),),
        at=AT,
        dark=True,
    ),
    Scene(
        "ajuda-parte",
        "Uma parte da ajuda",
        "Cada parte cabe em uma tela.",
        (Press("🔄 Renovar", shows="Quando o cliente paga"),),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "nao-entendi",
        "Quando o bot não entende",
        "O que não dá para entender volta com os caminhos mais prováveis.",
        (Say("bom dia, tudo bem?"),),
        at=AT,
    ),
    Scene(
        "clientes-de-exemplo",
        "Olhar com clientes de exemplo",
        "Para quem quer ver antes de cadastrar: nada é enviado a eles.",
        (
            Say("/start", shows="Como você se chama"),
            Say("Lia Campos", shows="e-mail"),
            Say("lia@exemplo.com", shows="celular"),
            Say("11 95550-0777", shows="passos"),
            Say("/clientes", shows="Nenhum cliente"),
            Press("clientes de exemplo", shows="Todos os clientes"),
        ),
        who=Who.STRANGER,
        at=AT,
    ),
    Scene(
        "acesso-terminado",
        "Quando o teste grátis acaba",
        "Nada se perde, e o botão para voltar é um só.",
        (Say("/menu", shows="terminou"), LookBack("Seu acesso terminou")),
        who=Who.SAME,
        at=AT,
        days=8,
    ),
    Scene(
        "acesso-voltar",
        "Pagar para voltar",
        "Os dias parados não são cobrados: conta a partir do pagamento.",
        (Press("Gerar PIX e voltar", shows="Pix Copia e Cola"),),
        who=Who.SAME,
        at=AT,
        days=8,
    ),
)
