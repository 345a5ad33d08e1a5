"""The owner pays for EmDia: the PIX, what became of it, the payments and a receipt."""

from datetime import time

from playground.pictures.steps import Pay, Press, Say, Scene, Who

AT = time(15, 30)
LATER = time(15, 33)
BACK = time(15, 40)

SUBSCRIPTION = (
    Scene(
        "assinar",
        "O PIX do EmDia",
        "De quando até quando, e o código com um toque; até a hora em que vence.",
        (Say("/conta"), Press("Gerar PIX", shows="Pix Copia e Cola")),
        at=AT,
    ),
    Scene(
        "assinar-esperando",
        "Já paguei, mas ainda não caiu",
        "Ninguém paga duas vezes: confere de novo com um toque, ou espera o aviso.",
        (Press("Já paguei", shows="ainda não caiu"),),
        who=Who.SAME,
        at=AT,
    ),
    Scene(
        "assinatura-paga",
        "Pagamento confirmado",
        "Chega sozinho, com a data nova; o código que foi pago some.",
        (Press("Ver o código PIX", shows="Pix Copia e Cola"), Pay(shows="Pagamento confirmado")),
        who=Who.SAME,
        at=LATER,
    ),
    Scene(
        "assinatura-recibo",
        "O recibo",
        "Para guardar ou mostrar, com o número do Mercado Pago.",
        (Press("Ver o recibo", shows="Recibo de pagamento"),),
        who=Who.SAME,
        at=LATER,
    ),
    Scene(
        "assinatura-pdf",
        "O recibo em PDF",
        "O mesmo, em um arquivo.",
        (Press("Baixar em PDF", shows="Recibo de"),),
        who=Who.SAME,
        at=LATER,
    ),
    Scene(
        "assinatura-pagamentos",
        "Os pagamentos do EmDia",
        "Cada um abre o seu recibo.",
        (Say("/conta"), Press("Pagamentos", shows="Toque em um")),
        at=LATER,
    ),
    Scene(
        "assinar-renovar",
        "Pagar antes da hora",
        "Os dias que faltam não se perdem: a data nova conta a partir do fim.",
        (Say("/conta"), Press("Gerar PIX", shows="Pix Copia e Cola")),
        at=BACK,
    ),
)
