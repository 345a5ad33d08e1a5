"""Where the PIX code goes is seen and switched on the screen of the key (D5)."""

from actors.messages.account import GetPix, SetPix
from bot.screens.settings import words
from bot.screens.settings.pix import CodeAlone
from bot.screens.settings.reminders import ShowReminder
from bot.ui.buttons import Go
from domain.reminders import Kind
from tests.bot.live import SECONDS, Live
from tests.bot.screens.walk import Walk, walk

CODE = "O PIX vai sozinho, na 2ª mensagem."


async def at_the_key(live: Live) -> Walk:
    """An owner with a key, before its screen."""
    person = await live.owner()
    await live.tenant(person).ask(SetPix("dona@exemplo.com", "Dona", "Recife"), deadline=SECONDS)
    return await (await walk(person)).open(Go(to="pix"))


async def alone(live: Live, there: Walk) -> bool:
    """Whether the code goes alone."""
    view = await live.tenant(there.person).ask(GetPix(), deadline=SECONDS)
    return bool(view.alone)


async def test_the_code_goes_alone_until_the_owner_wants_it_inside(live: Live) -> None:
    there = await at_the_key(live)
    before = (there.text, await alone(live, there))
    await there.tap(words.CODE_INSIDE_BUTTON)
    off = (there.text, there.toast, await alone(live, there))
    await there.tap(words.CODE_ALONE_BUTTON)

    assert ("vai sozinho, logo depois do texto" in before[0], before[1]) == (True, True)
    assert "vai dentro do texto" in off[0]
    assert ("Mudado. O código PIX vai dentro do texto.", False) == off[1:]
    assert await alone(live, there)


async def test_pressing_twice_switches_once(live: Live) -> None:
    there = await at_the_key(live)
    pressed = there.button(words.CODE_INSIDE_BUTTON)
    await there.press(pressed)
    await there.press_again(pressed)

    assert not await alone(live, there)


async def test_the_switch_of_an_old_screen_without_a_key_asks_for_one(live: Live) -> None:
    there = await (await walk(await live.owner())).open(CodeAlone(on=False))

    assert "Qual é a sua chave PIX?" in there.text


async def test_the_preview_of_a_text_with_the_code_shows_both_messages(live: Live) -> None:
    there = await at_the_key(live)
    async with live.database.tenant(there.person.chat_id) as tx:
        await tx.execute(
            """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
               VALUES ($1, 'cobranca', 'Cobrança', $2, true, now(), now())""",
            there.person.chat_id,
            "Oi, {primeiro_nome}! Copie o PIX 👇\n{pix_copia_e_cola}",
        )
    await there.open(ShowReminder(kind=Kind.BILLING))
    both = there.text
    await live.tenant(there.person).ask(SetPix("d@exemplo.com", "Dona", "Recife"), deadline=SECONDS)
    await there.open(ShowReminder(kind=Kind.REMINDER_2_DAYS))

    assert "Copie o PIX 👇\n000201" in both
    assert (True, False) == (CODE in both, CODE in there.text)
