"""The Agendador: as it stands, just changed, a time, the window, the holidays."""

from datetime import time

from playground.pictures.steps import Press, Say, Scene, Who

AT = time(8, 40)

SCHEDULE = (
    Scene(
        "agendador",
        "O Agendador",
        "Os horários do dia, o que sai sozinho, domingos e feriados.",
        (Say("/agendador"),),
        at=AT,
        days=1,
    ),
    Scene(
        "agendador-horario",
        "Mudar um horário",
        "Toque em um, ou escreva outro do seu jeito.",
        (Press("📤", shows="Envio"),),
        who=Who.SAME,
        at=AT,
        days=1,
    ),
    Scene(
        "agendador-mudado",
        "O que a mudança faz com hoje",
        "Quantas mensagens mudam, de quando para quando, e se dá tempo. Dá para desfazer.",
        (Say("18h30", shows="18:30"),),
        who=Who.SAME,
        at=AT,
        days=1,
    ),
    Scene(
        "agendador-recusado",
        "Um horário que não dá",
        "Por que não, e o mais perto que dá.",
        (Say("/agendador"), Press("📤", shows="Envio"), Say("23h", shows="nada pode sair")),
        who=Who.SAME,
        at=AT,
        days=1,
    ),
    Scene(
        "feriados",
        "Os feriados",
        "Os nacionais e os seus, os próximos primeiro.",
        (
            Say("/agendador"),
            Press("Mais ajustes", shows="Mais ajustes"),
            Press("Ver os feriados", shows="Feriados"),
            Say("25/01 aniversário da cidade", shows="seu"),
        ),
        who=Who.SAME,
        at=AT,
        days=1,
    ),
    Scene(
        "agendador-desfeito",
        "Tudo como antes",
        "O horário de envio volta para as 09:00.",
        (
            Say("/agendador"),
            Press("📤", shows="Envio"),
            Press("09:00", shows="envio às"),
        ),
        who=Who.SAME,
        at=AT,
        days=1,
    ),
)
