"""What administrators do to an account, and the pages no walk is sure to turn to."""

from collections.abc import Awaitable, Callable

from tests.crawl.desk import WAITING
from tests.crawl.errand import Errand
from tests.crawl.house import NOW

# More than a page shows.
SEVERAL = "SELECT tenant_id FROM tenants ORDER BY tenant_id LIMIT 9"
Walk = Callable[[Errand], Awaitable[None]]


def walk_the_desk(account: int) -> Walk:
    """The errand about the account of this chat."""

    async def steer_an_account(errand: Errand) -> None:
        """Give days and take them back, shut the account out and let it in."""
        for (owner,) in await errand.console.fetch(SEVERAL):
            await errand.console.execute(WAITING, owner, NOW)
        await _look_at(errand, account)
        await errand.tap("Dar dias", "+30", "Desfazer", "Dar dias", "Voltar")
        await errand.tap("pagamento", "›", "Voltar", "Dar dias")
        for said in ("muitos", "9999", "45"):
            await errand.say(said)
        await errand.tap("Bloquear")
        for said in ("x" * 300, "Pagamento contestado"):
            await errand.say(said)
        await errand.tap("Desbloquear", "Bloquear", "Desistir", "Desfazer até", "Voltar")

    return steer_an_account


async def turn_the_pages(errand: Errand) -> None:
    """Turn the pages of money, of the lines and of what failed."""
    await errand.say("/admin")
    await errand.tap("Receita", "›", "‹", "Previsão", "🟢", "Voltar", "Voltar", "nov/26", "Voltar")
    await errand.say("/admin")
    await errand.tap("PIX", "⏳", "Voltar", "›", "‹", "Voltar", "📲", "⚪", "Voltar", "📤")
    await errand.say("/admin")
    await errand.tap("Sistema", "Falhas", "🤖", "›", "Voltar", "Voltar", "de novo")


async def _look_at(errand: Errand, account: int) -> None:
    await errand.say("/admin")
    await errand.say("…")
    await errand.say(str(account))
    await errand.tap("·")
