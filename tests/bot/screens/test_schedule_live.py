"""The Agendador touched and typed, with the real tenant behind it (E2, E9, law 12)."""

from datetime import timedelta

import pytest

from actors.messages.account import SetPix
from actors.messages.schedule import GetSchedule
from bot.screens.schedule.buttons import (
    DropOwnHoliday,
    PutHours,
    PutTime,
    PutZone,
    ShowChanged,
    Timed,
)
from tests.bot.chat import Shop
from tests.bot.live import NOW, Live
from tests.bot.screens.walk import Walk


async def agendador(live: Live) -> Walk:
    """The Agendador of an owner with a client who is one day late; it is 10:42."""
    shop = Shop(live, await live.owner())
    # Nothing is missing, so no notice comes in between.
    await shop.ask(SetPix("dona@exemplo.com", "Dona Maria", "Recife"))
    await shop.client(due_on=NOW.date() - timedelta(days=1))
    return await Walk(shop.owner).say("/agendador")


async def test_the_time_of_sending_is_set_by_preset_told_listed_and_undone(live: Live) -> None:
    """E2: set by preset, stored, and effective at once."""
    w = await agendador(live)
    assert "⏰ Agendador · envio às 09:00" in w.text
    await (await w.tap("📤 09:00")).tap("18:30")
    assert w.toast == "Envio mudado para 18:30"
    assert "Isso muda 1 mensagem de hoje" in w.text
    assert "Ia sair agora, vai sair às 18:30." in w.text
    await w.tap("👀 Ver a mensagem")
    assert any("→18:30" in label for label in w.labels)
    await (await w.tap("🔴 Roberto")).tap("⬅️ Voltar")
    assert "O que muda hoje" in w.text
    await (await w.tap("⬅️ Voltar")).tap("↩️ Desfazer até")
    await w.tap("⬅️ Voltar")
    assert "envio às 09:00" in w.text


@pytest.mark.parametrize(
    ("button", "typed", "shown"),
    [
        pytest.param("📤", "18h30", "envio às 18:30", id="send"),
        pytest.param("📋", "às 6", "📋 06:00", id="verify"),
        pytest.param("🧹", "3 da manhã", "🧹 03:00", id="clean"),
        pytest.param("🕗", "9h às 21h", "🕗 09:00 às 21:00", id="the window"),
    ],
)
async def test_times_are_typed_as_people_write_them(
    live: Live, button: str, typed: str, shown: str
) -> None:
    """E2: or typed HH:MM."""
    w = await (await (await agendador(live)).tap(button)).say(typed)

    assert shown in w.text + str(w.labels)


async def test_a_time_outside_the_window_is_refused_and_the_nearest_taken(live: Live) -> None:
    w = await (await (await agendador(live)).tap("📤")).say("7:00")
    assert "nada pode sair: o horário de envio é das 08:00 às 20:00" in w.text
    await w.tap("📤 07:00 e 🕗 07:00 às 20:00")

    assert "envio às 07:00" in w.text
    assert "🕗 07:00 às 20:00" in w.labels


async def test_what_is_no_time_is_explained_and_asked_again(live: Live) -> None:
    w = await (await (await agendador(live)).tap("📤")).say("de tarde")
    assert "Não entendi o horário" in w.text
    await w.say("14h")

    assert "envio às 14:00" in w.text


async def test_switches_turn_at_once_and_say_what_they_mean(live: Live) -> None:
    w = await (await agendador(live)).tap("🟢 Domingos")
    assert ("⚪ Domingos" in w.labels, "no dia seguinte eu mostro" in w.toast) == (True, True)
    await w.tap("⚪ Vence hoje")

    assert "🟢 Vence hoje" in w.labels


async def test_summary_zone_and_decision_2_are_set_too(live: Live) -> None:
    w = await (await agendador(live)).tap("⚙️ Mais")
    await w.tap("🟢 Resumo do dia")
    assert "⚪ Resumo do dia" in w.labels
    await w.tap("⚪ Nunca cobrar")
    assert "🔘 Nunca cobrar" in w.labels
    await (await w.tap("☀️")).say("7h")
    await (await w.tap("⚙️ Mais")).tap("🌎 Brasília")
    await w.say("acre")
    await w.tap("⚙️ Mais")

    assert {"🌎 Rio Branco", "☀️ 07:00"} <= set(w.labels)


async def test_own_holidays_are_typed_and_taken_away(live: Live) -> None:
    w = await (await (await agendador(live)).tap("⚙️ Mais")).tap("📅 Ver os feriados")
    await w.say("25/01 aniversário da cidade")
    assert "aniversário da cidade · seu" in w.text
    await w.say("carnaval")
    assert "Não achei a data" in w.text
    await w.tap("🗑 25/01")

    assert "aniversário" not in str(w.labels)


@pytest.mark.parametrize(
    "pressed",
    [
        PutTime(which=Timed.SEND, minutes=99_999),
        PutTime(which=Timed.SEND, minutes=-1),
        PutHours(opens=-5, closes=2**62),
        PutHours(opens=600, closes=600),
        PutZone(index=99),
        ShowChanged(undo_id=2**62, page=2**62),
        DropOwnHoliday(holiday_id=2**62),
    ],
    ids=str,
)
async def test_a_button_that_nobody_made_changes_nothing(live: Live, pressed: PutTime) -> None:
    """H2, B2."""
    shop = Shop(live, await live.owner())
    w = await Walk(shop.owner).say("/agendador")
    before = (await shop.ask(GetSchedule())).dials
    await w.press_again(pressed.pack())
    await live.bot.drawn()

    assert before == (await shop.ask(GetSchedule())).dials


async def reminders(w: Walk) -> Walk:
    """Where what goes by itself stands with its texts."""
    await (await w.say("/menu")).tap("🏠 Ver o menu")
    return await (await w.tap("⚙️ Configurações")).tap("🔔 O que sai")


async def test_a_kind_switched_where_its_text_is_shown_is_the_same_switch_and_is_undone(
    live: Live,
) -> None:
    w = await reminders(await agendador(live))
    await w.tap("⚪ No dia")
    await (await w.tap("↩️ Desfazer até")).say("/agendador")
    undone = "⚪ Vence hoje" in w.labels
    await w.tap("⚪ Vence hoje")
    await reminders(w)

    assert (True, True) == (undone, "🟢 No dia" in w.labels)
