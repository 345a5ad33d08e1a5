"""What no walk is sure to come by: a few ways through the bot, walked step by step.

They lead to screens that need a state the town is not in, or several answers in a row.
"""

import asyncpg

from tests.crawl.chat import Chat

FORGOTTEN = "DELETE FROM messages WHERE tenant_id = $1"
SETTLED = (
    "UPDATE clients SET due_on = DATE '2026-12-20', agreed_day = 20 WHERE tenant_id = $1",
    "UPDATE settings SET extra = '{}' WHERE tenant_id = $1",
)
SOMEBODY = """
    SELECT min(id) FROM clients
    WHERE tenant_id = $1 AND archived_at IS NULL AND opted_out_at IS NULL
"""


async def run_errands(chat: Chat, console: asyncpg.Pool) -> None:
    """Renew to a typed date; archive; see the PIX key; write texts; come home to the unbilled."""
    client_id = await console.fetchval(SOMEBODY, chat.chat_id)
    await chat.say(f"/ver_{client_id}")
    for label in ("Renovar", "Outra data"):
        await _tap(chat, label)
    await chat.say("daqui a 45 dias")
    for label in ("Renovar até", "Mudar o texto", "Voltar", "Início"):
        await _tap(chat, label)
    await chat.say(f"/ver_{client_id}")
    for label in ("Arquivar", "Ver o cliente", "Por que não recebeu", "Trazer de volta"):
        await _tap(chat, label)
    await chat.say("/menu")
    for label in ("Configurações", "Chave PIX", "Mudar a chave"):
        await _tap(chat, label)
    await _write_texts(chat)
    await console.execute(FORGOTTEN, chat.chat_id)
    await chat.say("/menu")
    await _tap(chat, "sem cobrança")
    for statement in SETTLED:
        await console.execute(statement, chat.chat_id)
    await chat.say("/menu")
    await _tap(chat, "Escolher o que sai sozinho")


async def _write_texts(chat: Chat) -> None:
    """A text with a slip in it, let go of and taken back, saved, renamed, deleted; a default."""
    await chat.say("/textos")
    for label in ("›", "‹", "Novo texto"):
        await _tap(chat, label)
    await chat.say("Manutenção na rede")
    await chat.say("Oi, {nme}! Hoje a rede para das 2 às 4. {suporte}")
    for label in ("Trocar por", "Desistir", "Desfazer até", "Salvar", "Mudar o nome"):
        await _tap(chat, label)
    await chat.say("Rede parada")
    for label in ("Apagar", "Desfazer até"):
        await _tap(chat, label)
    await chat.say("/textos")
    # One that is not of today: its messages would tell of what they lack, below the screen.
    for label in ("Renovação", "Desligar", "Ligar", "Mudar o texto"):
        await _tap(chat, label)
    await chat.say("{primeiro_nome}, recebi os {valor}. Obrigado!")
    for label in ("Salvar", "Voltar ao texto padrão", "Ver pronto"):
        await _tap(chat, label)
    await chat.say("/textos")
    for label in ("Cobrança, 1 dia", "no mês", "/", "Voltar"):
        await _tap(chat, label)


async def _tap(chat: Chat, label: str) -> None:
    """Press the button of the live screen that says `label`."""
    live = chat.live
    found = [one for one in live.buttons if label in one.label] if live else []
    if live is None or not found or found[0].data is None:
        raise LookupError(f"no button {label!r} on {live.title if live else 'an empty chat'}")
    await chat.press(live, found[0].data)
