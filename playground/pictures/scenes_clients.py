"""Home, the list of clients, the search and the card: the phone of the sample's owner."""

from datetime import time

from playground.pictures.steps import LookBack, Press, Say, Scene, Search

CLIENTS = (
    Scene(
        "resumo",
        "O resumo do dia (tema escuro)",
        "Chega sozinho de manhã: o que vence, o que atrasou e o que sai hoje.",
        (LookBack("Bom dia"),),
        at=time(8, 1),
        dark=True,
    ),
    Scene(
        "inicio",
        "O início",
        "De qualquer tela se volta para cá com um toque.",
        (Say("/menu"),),
    ),
    Scene(
        "hoje",
        "A fila de hoje",
        "O que espera, até quando, e o que já aconteceu: cada número abre a sua lista.",
        (Say("/hoje"),),
    ),
    Scene(
        "whatsapp",
        "O WhatsApp",
        "O que importa é se as mensagens chegam: é o que a tela conta.",
        (Say("/whatsapp"),),
    ),
    Scene(
        "clientes",
        "Os clientes",
        "O dinheiro do mês, os filtros com a conta de cada um, e seis clientes por página.",
        (Say("/clientes"),),
    ),
    Scene(
        "clientes-pagina",
        "Outra página da lista",
        "As setas ficam no lugar, e o número diz onde se está.",
        (Say("/clientes"), Press("›", shows=""), Press("›")),
    ),
    Scene(
        "clientes-em-atraso",
        "Só os atrasados",
        "O filtro que vale fica marcado, e o título diz quantos são.",
        (Say("/clientes"), Press("🔴 2")),
    ),
    Scene(
        "clientes-vencendo",
        "Só os que vencem logo",
        "Hoje e os próximos três dias.",
        (Say("/clientes"), Press("🟡 1")),
    ),
    Scene(
        "clientes-em-dia",
        "Só os que estão em dia",
        "Quem tem mais de três dias pela frente.",
        (Say("/clientes"), Press("🟢 1")),
    ),
    Scene(
        "busca",
        "A busca",
        "Um pedaço do nome, digitado em qualquer tela, acha na mesma lista de sempre.",
        (Say("/clientes"), Say("souz", shows="🔎")),
    ),
    Scene(
        "busca-digitando",
        "A busca enquanto se digita",
        "Os clientes aparecem acima do teclado, letra por letra.",
        (Say("/clientes"), Search("souz")),
    ),
    Scene(
        "busca-ninguem",
        "Ninguém com esse nome",
        "Quem não foi achado pode ser cadastrado com um toque.",
        (Say("Valdirene Couto", shows="ninguém"),),
    ),
    Scene(
        "cliente",
        "Um cliente",
        "Cada dado se copia com um toque, e as últimas mensagens têm o seu sinal.",
        (Say("/clientes"), Say("roberto souza"), Press("Roberto Souza", shows="Últimas")),
    ),
    Scene(
        "por-que-nao-recebeu",
        "Por que não recebeu hoje?",
        "O motivo em uma frase, e o que fazer.",
        (Say("roberto souza"), Press("Roberto Souza"), Press("Por que não recebeu hoje?")),
    ),
    Scene(
        "historico",
        "As mensagens de um cliente",
        "O que foi, quando, e se chegou.",
        (Say("roberto souza"), Press("Roberto Souza"), Press("Histórico")),
    ),
    Scene(
        "preferencias",
        "As preferências de um cliente",
        "Dois botões: cobranças e avisos.",
        (Say("roberto souza"), Press("Roberto Souza"), Press("Preferências")),
    ),
    Scene(
        "preferencias-mudadas",
        "Uma preferência mudada",
        "Muda na hora, e diz o que isso faz com hoje.",
        (Say("neide rocha"), Press("Neide Rocha"), Press("Preferências"), Press("Cobranças")),
    ),
    Scene(
        "editar",
        "Mudar um dado",
        "Cada botão já mostra o que está guardado.",
        (Say("roberto souza"), Press("Roberto Souza"), Press("Editar")),
    ),
    Scene(
        "editar-valor",
        "Mudar o valor",
        "Os valores que já são usados vêm como botões.",
        (Say("nelson pires"), Press("Nelson Pires"), Press("Editar"), Press("💰 R$")),
    ),
    Scene(
        "editado",
        "O valor mudado",
        "Como ficou, como era, e dez minutos para desfazer.",
        (
            Say("/cancelar"),
            Say("nelson pires"),
            Press("Nelson Pires"),
            Press("Editar"),
            Press("💰 R$"),
            Say("89,90", shows="Antes"),
        ),
    ),
    Scene(
        "etiquetas-do-cliente",
        "As etiquetas de um cliente",
        "Cada etiqueta é um botão que liga e desliga.",
        (Say("roberto souza"), Press("Roberto Souza"), Press("Etiquetas")),
    ),
    Scene(
        "etiquetas",
        "As etiquetas",
        "Quantos clientes cada uma tem; um toque mostra quem são.",
        (Say("/clientes"), Press("🏷")),
    ),
    Scene(
        "etiqueta",
        "Os clientes de uma etiqueta",
        "A mesma lista de sempre, só com eles.",
        (Say("/clientes"), Press("🏷"), Press("Prédio Ipê")),
    ),
    Scene(
        "etiqueta-cor",
        "Uma etiqueta nova",
        "Depois do nome, a cor.",
        (
            Say("/clientes"),
            Press("🏷"),
            Press("Nova etiqueta"),
            Say("Paga em dinheiro", shows="cor"),
        ),
    ),
    Scene(
        "mais",
        "Mais sobre os clientes",
        "Planilhas, etiquetas, campos próprios e arquivados.",
        (Say("/cancelar"), Say("/clientes"), Press("Mais")),
    ),
    Scene(
        "campos",
        "Os campos próprios",
        "O que só este negócio guarda de cada cliente.",
        (Say("/clientes"), Press("Mais"), Press("Campos")),
    ),
    Scene(
        "campo-novo",
        "Um campo novo",
        "Um segredo fica coberto até ser tocado.",
        (
            Say("/clientes"),
            Press("Mais"),
            Press("Campos"),
            Press("Novo campo"),
            Say("Modelo do roteador", shows="segredo"),
        ),
    ),
    Scene(
        "arquivado",
        "Um cliente arquivado",
        "Sai da lista na hora, e volta com um toque.",
        (
            Say("/cancelar"),
            Say("nelson pires"),
            Press("Nelson Pires"),
            Press("Arquivar", shows="arquivados"),
        ),
    ),
    Scene(
        "desfeito",
        "Desfeito",
        "O que se desfaz volta como estava.",
        (
            Say("helena guedes"),
            Press("Helena Guedes"),
            Press("Arquivar", shows="arquivados"),
            Press("Desfazer"),
        ),
    ),
    Scene(
        "cliente-arquivado",
        "A ficha de um arquivado",
        "O passo verde dá lugar ao azul: trazer de volta.",
        (Say("nelson pires"), Press("Nelson Pires")),
    ),
    Scene(
        "apagar",
        "Apagar um cliente",
        "O que não tem volta é perguntado uma vez, com o que se perde.",
        (Say("roberto souza"), Press("Roberto Souza"), Press("Apagar")),
    ),
)
