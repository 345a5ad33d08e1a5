"""What administrators do to an account, and the pages no walk is sure to turn to."""

import asyncpg

from tests.crawl.chat import Chat
from tests.crawl.desk import WAITING
from tests.crawl.house import NOW

# More than a page shows.
SEVERAL = "SELECT tenant_id FROM tenants ORDER BY tenant_id LIMIT 9"


async def walk_the_desk(chat: Chat, console: asyncpg.Pool, account: int) -> None:
    """Give days and take them back, shut the account out and let it in; turn the pages of money."""
    for (owner,) in await console.fetch(SEVERAL):
        await console.execute(WAITING, owner, NOW)
    await _look_at(chat, account)
    for label in ("Dar dias", "+30", "Desfazer", "Dar dias", "Voltar", "pagamento", "›", "Voltar"):
        await chat.tap(label)
    await chat.tap("Dar dias")
    for said in ("muitos", "9999", "45"):
        await chat.say(said)
    await chat.tap("Bloquear")
    for said in ("x" * 300, "Pagamento contestado"):
        await chat.say(said)
    for label in ("Desbloquear", "Bloquear", "Desistir", "Desfazer até", "Voltar"):
        await chat.tap(label)
    await chat.say("/admin")
    for label in ("Receita", "›", "‹", "Previsão", "🟢", "Voltar", "Voltar", "nov/26", "Voltar"):
        await chat.tap(label)
    await chat.say("/admin")
    for label in ("PIX", "⏳", "Voltar", "›", "‹", "Voltar", "📲", "⚪", "Voltar", "📤"):
        await chat.tap(label)
    await chat.say("/admin")
    for label in ("Sistema", "Falhas", "🤖", "›", "Voltar", "Voltar", "de novo"):
        await chat.tap(label)


async def _look_at(chat: Chat, account: int) -> None:
    await chat.say("/admin")
    await chat.say("…")
    await chat.say(str(account))
    await chat.tap("·")
