"""Sign-up and the first steps, as somebody lives them who never saw EmDia (A1, A2, A10)."""

from typing import Any

import asyncpg
import pytest

from actors.messages.account import GetAccount, GetPix
from bot.screens.home.words import CLIENTS_BUTTON, PIX_STEP_BUTTON
from playground.telegram import TelegramStandIn
from storage.database import Database, Limits
from tests.bot.live import SECONDS, Live, living
from tests.bot.support import Person, buttons


async def say(person: Person, text: str, name: str = "Marcos Andrade") -> dict[str, Any]:
    """What the bot answers to `text`: the first message with buttons."""
    person.say(text, name)
    return await answer(person)


async def answer(person: Person) -> dict[str, Any]:
    """The next thing the bot shows that has buttons, or asks something."""
    while True:
        shown = await person.read()
        if shown["buttons"]:
            return shown


async def signed_up(person: Person) -> dict[str, Any]:
    """Go through the three questions; the screen after them."""
    first = await say(person, "/start")
    await person.press(first, "👤 Marcos Andrade")
    await answer(person)
    await say(person, "marcos@exemplo.com")
    return await say(person, "11 95550-0142")


async def test_three_answers_make_an_account_and_lead_to_whatsapp(live: Live) -> None:
    marcos = live.stranger()
    home = await signed_up(marcos)
    account = await live.tenant(marcos).ask(GetAccount(), deadline=SECONDS)

    assert "Faltam 3 passos" in home["text"]
    assert ("Marcos Andrade", "marcos@exemplo.com", "+5511955500142", 7) == (
        account.name,
        account.email,
        account.phone,
        account.days_left,
    )


async def test_the_first_words_say_what_it_is_and_what_it_costs(live: Live) -> None:
    shown = await say(live.stranger(), "/start")

    assert shown["text"].startswith("Oi, Marcos! Eu sou o EmDia")
    assert "R$ 20,00 por mês" in shown["text"]
    assert ["👤 Marcos Andrade", "❓ Como funciona"] == [*buttons(shown)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param("123", "O nome precisa ter letras.", id="no letters"),
        pytest.param("x" * 101, "nome", id="too long"),
    ],
)
async def test_a_name_that_is_none_is_asked_for_again(live: Live, typed: str, said: str) -> None:
    marcos = live.stranger()
    await say(marcos, "/start")
    again = await say(marcos, typed)

    assert said in again["text"]
    assert "Como você se chama?" in again["text"]


async def test_a_wrong_answer_is_explained_and_can_be_gone_back_on(live: Live) -> None:
    marcos = live.stranger()
    await say(marcos, "/start")
    await say(marcos, "Marcos")
    bad = await say(marcos, "isto não é e-mail")
    await marcos.press(bad, "⬅️ Voltar")
    name = await answer(marcos)

    assert "Esse e-mail não parece certo" in bad["text"]
    assert "Como você se chama?" in name["text"]


async def test_an_answer_that_could_not_be_kept_is_taken_when_it_is_given_again(
    stand_in: TelegramStandIn, dsn: str
) -> None:
    impatient = await Database.open(dsn, limits=Limits(command_seconds=0.5))
    console = await asyncpg.connect(dsn)
    async with living(stand_in, impatient) as live:
        marcos = live.stranger()
        await say(marcos, "/start")
        await say(marcos, "Marcos")
        async with console.transaction():
            await console.execute("LOCK TABLE drafts")
            marcos.say("marcos@exemplo.com")
            refused = await marcos.read()
        following = await say(marcos, "marcos@exemplo.com")
    await console.close()
    await impatient.close()

    assert "Tente de novo" in refused["text"]
    assert "pergunta 3 de 3" in following["text"]


@pytest.mark.parametrize("typed", ["/menu", "/clientes", "/conta", "oi", "/whatsapp"])
async def test_a_stranger_reaches_the_sign_up_and_nothing_else(live: Live, typed: str) -> None:
    shown = await say(live.stranger(), typed)

    assert "Como você se chama?" in shown["text"]


async def test_a_second_sign_up_is_the_home_screen(live: Live) -> None:
    marcos = live.stranger()
    await signed_up(marcos)
    again = await say(marcos, "/start")

    assert PIX_STEP_BUTTON not in buttons(again)
    assert "Faltam 3 passos" in again["text"]


async def test_a_form_outlives_a_restart(stand_in: TelegramStandIn, database: Database) -> None:
    marcos = Person(stand_in)
    async with living(stand_in, database):
        await say(marcos, "/start")
        await say(marcos, "Marcos")
    async with living(stand_in, database):
        asked = await say(marcos, "marcos@exemplo.com")

    assert "Qual é o seu" in asked["text"]


async def test_the_menu_is_there_before_the_steps_are_done(live: Live) -> None:
    marcos = live.stranger()
    home = await signed_up(marcos)
    await marcos.press(home, "🏠 Ver o menu")

    assert CLIENTS_BUTTON in buttons(await answer(marcos))


async def test_a_pix_key_is_set_in_three_answers(live: Live) -> None:
    owner = await live.owner()
    await owner.press(await say(owner, "/menu"), "🏠 Ver o menu")
    await owner.press(await answer(owner), "⚙️ Configurações")
    await owner.press(await answer(owner), "🔑 Chave PIX")
    await answer(owner)
    receiver = await say(owner, "dona@exemplo.com")
    await owner.press(receiver, "👤 Conecta Bairro")
    await owner.press(await answer(owner), "🏙 Deixar BRASIL")
    done = await answer(owner)

    assert "Chave PIX salva" in done["text"]
    assert "Chave (e-mail): dona@exemplo.com" in done["text"]
    assert (await live.tenant(owner).ask(GetPix(), deadline=SECONDS)).code is not None
