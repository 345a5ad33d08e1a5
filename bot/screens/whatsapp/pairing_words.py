"""What is said while a device is paired: how to read the QR, how to type the code (F1)."""

import math
from datetime import datetime, timedelta

from bot.ui.words import moment_in, safe
from domain.contacts import format_phone

BY_CODE_BUTTON = "📱 Meu WhatsApp fica neste celular"
TROUBLE_BUTTON = "❓ Não está dando certo"
NEW_QR_BUTTON = "🔄 Gerar outro código"
NEW_CODE_BUTTON = "🔄 Pedir outro código"
COPY_CODE_BUTTON = "📋 Copiar o código"
QR_BUTTON = "🔳 Ler um QR com outro celular"
CODE_BUTTON = "📱 Digitar um código"
NEW_QR_ANYWAY = "🔳 Sim, mostrar o código"
CONNECTING = "⏳ Só um instante, estou preparando o código…"
STILL_COMING = (
    "⏳ <b>O código já vem</b>\nEle aparece aqui mesmo, nesta conversa, em alguns segundos."
)
QR_EXPIRED = (
    "⌛ <b>Ninguém leu o código a tempo</b>\n"
    "Sem problema: nada mudou. Quando estiver com o celular na mão, peça um código novo."
)
ASK_NUMBER = (
    "📱 <b>Qual é o número do WhatsApp do seu negócio?</b>\n"
    "\n"
    "O código só vale para esse número. Toque nele, ou escreva outro com o DDD.\n"
    "Exemplo: 11 98765-4321"
)
TROUBLE = (
    "❓ <b>Não está dando certo?</b>\n"
    "Quase sempre é um destes motivos:\n"
    "<blockquote expandable>"
    "1. <b>Outro número.</b> O código vale só para o número que você escolheu. Confira o número, "
    "também o 9 da frente.\n"
    "2. <b>Já há 4 aparelhos.</b> Em Aparelhos conectados, remova um que você não usa mais.\n"
    "3. <b>O código venceu.</b> Use sempre o último que eu mostrei.\n"
    "4. <b>WhatsApp antigo.</b> Atualize o aplicativo e desligue a VPN, se usar.\n"
    "5. <b>“Tente mais tarde”.</b> Muitas tentativas seguidas: espere uma hora.\n"
    "6. <b>Chave de acesso.</b> Se o WhatsApp pedir digital, rosto ou PIN para conectar, ainda não "
    "consigo com essa conta. Use outro número.\n"
    "7. <b>O código digitado não entra.</b> Abra esta conversa no computador "
    "(web.telegram.org) ou no celular de alguém e leia o QR de lá."
    "</blockquote>"
)


def qr_caption(seconds_left: float, now: datetime) -> str:
    """How to read the code, and until when it can be read (F1)."""
    return (
        "📲 <b>Leia com o WhatsApp do seu negócio</b>\n"
        "1. No outro celular, abra o WhatsApp e toque em <b>⋮</b> (no iPhone, "
        "<b>Configurações</b>)\n"
        "2. Toque em <b>Aparelhos conectados</b>\n"
        "3. Toque em <b>Conectar aparelho</b> e aponte\n"
        "\n"
        f"⏳ Este código vence {_in(seconds_left, now)}. Aí eu troco por outro aqui mesmo, sozinho."
    )


def code_shown(code: str, phone: str, seconds_left: float, now: datetime) -> str:
    """The code to type, and where."""
    return (
        f"📱 <b>Seu código: </b><code>{safe(spelt(code))}</code>\n"
        f"Só vale para {safe(format_phone(phone))}\n"
        "\n"
        "1. Abra o WhatsApp e toque em <b>⋮</b> (no iPhone, <b>Configurações</b>)\n"
        "2. Toque em <b>Aparelhos conectados</b> e em <b>Conectar aparelho</b>\n"
        "3. Embaixo, toque em <b>Conectar com número de telefone</b>\n"
        "4. Digite o código\n"
        "\n"
        f"⏳ Vence {_in(seconds_left, now)}. Aí eu troco por outro aqui mesmo."
    )


def code_expired(phone: str) -> str:
    """Nobody typed it, however often it was renewed."""
    return (
        "⌛ <b>Ninguém digitou o código a tempo</b>\n"
        f"Ele era para {safe(format_phone(phone))}. Quando estiver com o celular na mão, "
        "peça um código novo."
    )


def refused(phone: str | None) -> str:
    """WhatsApp did not take what was read or typed."""
    number = f" para {safe(format_phone(phone))}" if phone else ""
    return (
        f"⚠️ <b>O WhatsApp não aceitou o código{number}</b>\n"
        "Nada mudou. Confira o número e tente de novo; se continuar, veja o que costuma ser."
    )


def number_label(phone: str) -> str:
    """The label of a number that a code may be for."""
    return f"📱 {format_phone(phone)}"


def without_nine(phone: str) -> str:
    """The label of the other form of a number (decision 6)."""
    return f"🔁 Tentar como {format_phone(phone)}"


def spelt(code: str) -> str:
    """The code as the phone shows it: in two halves."""
    half = len(code) // 2
    return code if "-" in code else f"{code[:half]}-{code[half:]}"


def ask_new_qr(phone: str | None) -> str:
    """What another pairing means while one works."""
    number = f" ({safe(format_phone(phone))})" if phone else ""
    return (
        "🔳 <b>Ler um código novo?</b>\n"
        "\n"
        f"Até alguém ler o código, nada sai: o número de agora{number} espera.\n"
        "Se for lido, vale o número que leu. Se ninguém ler, volto sozinho para o de agora."
    )


def _in(seconds: float, now: datetime) -> str:
    """How long is left, which apps that can count down by themselves."""
    whole = math.ceil(seconds)
    minutes = round(whole / 60)
    counted = "1 minuto" if minutes == 1 else f"{minutes} minutos"
    words = f"em {whole} segundos" if whole < 100 else f"em {counted}"  # noqa: PLR2004 - as said
    return moment_in(now + timedelta(seconds=whole), words)
