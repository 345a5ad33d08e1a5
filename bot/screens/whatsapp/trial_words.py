"""What is said of a test message that an owner sends to themselves (F2)."""

from typing import assert_never

from actors.messages.whatsapp import TestView
from bot.ui.words import safe
from domain.contacts import format_phone
from domain.whatsapp_tests import MOST_A_DAY, OwnTest, TestState, WhyNot

OTHER_BUTTON = "📱 Mandar para outro celular"
REFRESH_BUTTON = "🔄 Atualizar"
UPDATED = "Atualizado."
GONE = "🧪 Esse teste já não existe mais."
ASK_NUMBER = (
    "🧪 <b>Para qual celular mando o teste?</b>\n"
    "\n"
    "Escreva o número com o DDD: o seu, o de um sócio, o de alguém de casa. "
    "Para um cliente, não: ele receberia um teste.\n"
    "Exemplo: 11 98765-4321"
)
OUTCOMES = {
    TestState.WAITING: "esperando",
    TestState.SENDING: "saindo",
    TestState.SENT: "enviado",
    TestState.DELIVERED: "chegou",
    TestState.READ: "lido",
    TestState.UNKNOWN: "não se sabe se saiu",
    TestState.FAILED: "não saiu",
}
WHY = {
    WhyNot.OFFLINE: "o WhatsApp não está conectado agora. Conecte e mande de novo.",
    WhyNot.RESTRICTED: "o WhatsApp pediu para esperar. Para proteger o número, nem o teste sai.",
    WhyNot.TOO_SOON: "acabei de mandar um. Espere um minuto para mandar outro.",
    WhyNot.TOO_MANY: f"hoje já foram {MOST_A_DAY}. Muitos testes iguais chamam a atenção do "
    "WhatsApp: amanhã dá de novo.",
    WhyNot.CLIENT: "esse número é de um cliente. Teste é só para você ou para alguém seu.",
    WhyNot.NOBODY: "esse número não tem WhatsApp. Confira se está certo.",
    WhyNot.UNANSWERED: "o WhatsApp não disse de quem é esse número. Tente de novo mais tarde.",
    WhyNot.REFUSED: "o WhatsApp recusou a mensagem para esse número.",
    WhyNot.FORGOTTEN: "não consegui mandar em dez minutos e desisti. Mande outro quando quiser.",
}


def shown(view: TestView) -> str:
    """How a test stands, or why there is none."""
    if view.test is not None:
        return test(view.test)
    if view.refused is None:
        return GONE
    if view.client:
        return (
            f"🧪 <b>Não mandei o teste</b>\nEsse número é de {safe(view.client)}, sua cliente ou "
            "seu cliente. Teste é só para você ou para alguém seu."
        )
    return _not_sent(view.refused)


def test(one: OwnTest) -> str:
    """How a test stands."""
    to = "o seu próprio número" if one.own else safe(format_phone(one.phone))
    match one.state:
        case TestState.WAITING | TestState.SENDING:
            return (
                f"🧪 <b>Mandando um teste para {to}</b>\n"
                "Sai em alguns segundos, no ritmo de sempre. Esta mensagem muda sozinha."
            )
        case TestState.SENT:
            return _sent(one, to)
        case TestState.DELIVERED | TestState.READ:
            at = f" às {one.delivered_at:%H:%M}" if one.delivered_at else ""
            read = "E já foi lido. " if one.state is TestState.READ else ""
            return f"✅ <b>O teste chegou{at}</b>\n{read}Seu WhatsApp está entregando para {to}."
        case TestState.UNKNOWN:
            return (
                f"❔ <b>Não sei se o teste para {to} saiu</b>\n"
                "A conexão caiu bem na hora. Veja no celular; não mando de novo sozinho."
            )
        case TestState.FAILED:
            return _not_sent(one.reason)
        case _:
            assert_never(one.state)


def _sent(one: OwnTest, to: str) -> str:
    at = f" às {one.sent_at:%H:%M}" if one.sent_at else ""
    head = f"✔️ <b>O WhatsApp recebeu o teste{at}</b>\n"
    if one.own:
        return (
            f"{head}Ele está na conversa com você mesmo: abra o WhatsApp e veja.\n"
            "\n"
            "Para o próprio número o WhatsApp não avisa quando chega. "
            "Para eu ver a chegada, mande para outro celular."
        )
    return f"{head}Ainda não chegou a {to}. Quando chegar, esta mensagem muda sozinha."


def _not_sent(reason: WhyNot | None) -> str:
    why = WHY.get(reason, "não deu certo.") if reason else "não deu certo."
    return f"🧪 <b>Não mandei o teste</b>\n{why[:1].upper()}{why[1:]}"
