"""Those who administer, and what they see (A8, A11): over the real bot, tenants and PostgreSQL."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from actors.messages.account import AccountField, EditAccount, SignUp
from bot.screens.administration.buttons import ShowAccounts
from bot.ui.buttons import Back
from domain.clients import NewClient
from storage import clients
from tests.bot.live import NOW, SECONDS, Live
from tests.bot.screens.walk import Walk, walk
from tests.bot.support import Person

HERS = NewClient(
    name="Zuleica Prates",
    phone="+5511977770001",
    plan="30 dias",
    price=Decimal(35),
    due_on=NOW.date(),
)


@pytest.fixture
def boss(live: Live) -> Walk:
    """Somebody who administers, and has no account."""
    return Walk(live.admin())


async def test_who_administers_sees_the_platform_without_an_account(boss: Walk) -> None:
    await boss.say("/admin")

    assert "Administração" in boss.text


async def test_to_everybody_else_the_administration_is_not_there(live: Live) -> None:
    owner = await walk(await live.owner())

    said = (await owner.say("/admin")).text
    unknown = (await owner.say("/nadadisso")).text

    assert said == unknown


async def test_a_button_of_the_administration_in_other_hands_is_one_that_is_over(
    live: Live,
) -> None:
    owner = await walk(await live.owner())

    await owner.press_again(ShowAccounts(place="a1").pack())

    assert ("Esse botão já não vale mais.", False) == (
        owner.toast,
        "Administração" in owner.text,
    )


@pytest.mark.parametrize("way", ["aa1", "c1~", "v1", "f1", "j1", "nf1", "o1", "gadmin"])
async def test_no_way_back_leads_others_there(live: Live, way: str) -> None:
    owner = await walk(await live.owner())

    await owner.press_again(Back(to=way).pack())
    there = await walk(owner.person)

    assert "Administração" not in there.text
    assert "Algo deu errado" not in owner.toast


async def test_the_command_stands_in_the_menu_of_who_administers_alone(
    live: Live, boss: Walk
) -> None:
    owner = await live.owner()
    await walk(owner)
    await boss.say("/admin")
    async with asyncio.timeout(SECONDS):
        while not _offers_admin(live, boss.person):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)

    assert not _offers_admin(live, owner)


def _offers_admin(live: Live, person: Person) -> bool:
    commands = live.stand_in.control.commands(person.chat_id)
    return "admin" in {command["command"] for command in commands}


async def test_who_has_no_account_is_led_home_to_the_administration(boss: Walk) -> None:
    await boss.say("/admin")
    await boss.press_again(boss.button("🏠 Início"))

    assert "Este chat administra e não tem uma conta" in boss.toast


async def test_who_has_no_account_may_sign_up_by_writing(boss: Walk) -> None:
    await boss.say("/start")

    assert "Eu sou o EmDia" in boss.text


async def test_an_administrator_with_an_account_sees_its_own_clients_alone(
    live: Live, boss: Walk
) -> None:
    other = await live.owner("Ponto do Sinal")
    async with live.database.tenant(other.chat_id) as tx:
        await clients.add_many(tx, [HERS], NOW)
    await live.tenant(boss.person).ask(SignUp("Chefe"), deadline=SECONDS)

    said = [(await boss.say(text)).text for text in ("/clientes", "/buscar Zuleica", "/admin")]
    found = (await boss.say("Zuleica")).text

    assert [False] * 4 == ["Zuleica Prates" in text for text in [*said, found]]


# One account


@pytest.fixture
async def shop(live: Live) -> Person:
    """An owner on trial until 02/12."""
    owner = await live.owner("Studio Fôlego")
    await walk(owner)
    return owner


async def look_at(boss: Walk, shop: Person) -> Walk:
    """The account of a shop, found by its number."""
    await boss.say("/admin")
    await boss.say(str(shop.chat_id))
    return await boss.tap("🎁 Studio Fôlego")


async def test_an_account_is_found_by_name_e_mail_phone_and_number(live: Live, boss: Walk) -> None:
    shop = await live.owner("Ateliê Jacarandá")
    await live.tenant(shop).ask(
        EditAccount(AccountField.EMAIL, "eu@jaca.example"), deadline=SECONDS
    )
    await live.tenant(shop).ask(EditAccount(AccountField.PHONE, "71 98888-1234"), deadline=SECONDS)
    await boss.say("/admin")

    found = [
        [label for label in (await boss.say(text)).labels if "Jacarandá" in label]
        for text in ("jacaranda", "eu@jaca", "98888-1234", str(shop.chat_id))
    ]

    assert [["🎁 Ateliê Jacarandá · 02/12"]] * 4 == found


async def test_an_account_shows_what_is_its_own_and_counts(boss: Walk, shop: Person) -> None:
    await look_at(boss, shop)

    assert [
        "🎁 Studio Fôlego",
        "Em teste até 02/12/2026 (7 dias)",
        "",
        "👤 Studio Fôlego · desde 25/11/2026",
        "✉️ dona@exemplo.com",
        f"📱 (11) 95550-0142 · chat {shop.chat_id}",
        "",
        "📲 Fora: nunca conectado",
        "👥 0 clientes",
        "💬 0 mensagens hoje, 0 enviadas ao todo",
        "💰 0 pagamentos: R$ 0,00",
    ] == boss.text.splitlines()


async def test_days_are_given_at_a_touch_and_taken_back(boss: Walk, shop: Person) -> None:
    await look_at(boss, shop)
    await boss.tap("🎁 Dar dias")
    await boss.tap("01/01/2027 · +30 dias")
    given = boss.text.splitlines()[:2]
    heard = [await shop.read()]
    await boss.tap("↩️ Desfazer até 10:52")
    heard.append(await shop.read())

    assert ["🟢 Studio Fôlego", "Em dia até 01/01/2027 (37 dias)"] == given
    assert "Em teste até 02/12/2026 (7 dias)" == boss.text.splitlines()[1]
    assert [True, True] == [
        "Você ganhou 30 dias" in heard[0]["text"],
        "02/12/2026" in heard[1]["text"],
    ]


async def test_a_number_of_days_is_typed_and_what_is_none_is_asked_again(
    boss: Walk, shop: Person
) -> None:
    await look_at(boss, shop)
    await boss.tap("🎁 Dar dias")
    refused = (await boss.say("muitos")).text
    await boss.say("45 dias")

    assert "Não entendi quantos dias" in refused
    assert "Em dia até 16/01/2027 (52 dias)" == boss.text.splitlines()[1]


async def test_pressed_twice_days_are_given_once(boss: Walk, shop: Person) -> None:
    await look_at(boss, shop)
    await boss.tap("🎁 Dar dias")
    month = boss.button("01/01/2027")
    await boss.press(month)
    await boss.press_again(month)

    assert "Em dia até 01/01/2027 (37 dias)" == boss.text.splitlines()[1]


async def test_an_account_is_blocked_with_a_reason_and_let_in_again(
    live: Live, boss: Walk, shop: Person
) -> None:
    await look_at(boss, shop)
    await boss.tap("⛔ Bloquear")
    asked = boss.text
    await boss.say("Pagamento contestado <no banco>")
    blocked = boss.text.splitlines()[:3]
    told = (await shop.read())["text"]
    await boss.tap("✅ Desbloquear")
    free = boss.text.splitlines()[:2]

    assert ("nada mais sai" in asked, "Escreva o motivo" in asked) == (True, True)
    assert [
        "⛔ Studio Fôlego",
        "Acesso até 02/12/2026",
        "Bloqueada em 25/11/2026: Pagamento contestado <no banco>",
    ] == blocked
    assert "Pagamento contestado <no banco>" in told
    assert ["🎁 Studio Fôlego", "Em teste até 02/12/2026 (7 dias)"] == free
    assert [
        (f"admin {boss.person.chat_id}", "block"),
        (f"admin {boss.person.chat_id}", "unblock"),
    ] == await acts_in_the_log(live, shop)


async def acts_in_the_log(live: Live, shop: Person) -> list[tuple[str, str]]:
    """Who did what to a shop, in their order."""
    async with live.database.tenant(shop.chat_id) as tx:
        rows = await tx.fetch(
            "SELECT actor, action FROM audit_log WHERE tenant_id = $1 ORDER BY id", shop.chat_id
        )
    return [(row["actor"], row["action"]) for row in rows]


# Money, lines, the system


async def paid(live: Live, shop: Person, *amounts: int) -> None:
    """A shop has paid us, the last time an hour ago, the times before a month earlier each."""
    async with live.database.tenant(shop.chat_id) as tx:
        for back, amount in enumerate(reversed(amounts)):
            await tx.execute(
                """WITH charge AS (
                       INSERT INTO subscription_charges (tenant_id, amount, status, idempotency_key,
                           external_reference, payment_id, created_at, expires_at, booked, bookings)
                       VALUES ($1, $2, 'approved', gen_random_uuid(), $3, $3, $4, $4, $2, 1))
                   INSERT INTO revenue_ledger (payment_id, number, kind, amount, currency, at)
                   VALUES ($3, 1, 'received', $2, 'BRL', $4)""",
                shop.chat_id, Decimal(amount), f"{shop.chat_id}-{back}",
                NOW - timedelta(hours=1, days=30 * back),
            )  # fmt: skip


async def test_money_is_shown_by_month_with_a_picture_and_opens_its_entries(
    live: Live, boss: Walk, shop: Person
) -> None:
    await paid(live, shop, 35, 20)
    await boss.say("/admin")
    await boss.tap("💰 Receita")
    picture, table = boss.shown["photo"], boss.shown["caption"]
    await boss.tap("out/26")

    assert picture is not None
    assert "nov/26 · R$ 20,00 · 1 PIX" in table
    assert [
        "💰 Outubro de 2026: R$ 35,00 · 1 PIX",
        "",
        "26/10 · R$ 35,00 · Studio Fôlego",
    ] == boss.text.splitlines()


async def test_what_is_not_there_any_more_is_said_and_the_list_is_as_it_is_now(
    live: Live, boss: Walk
) -> None:
    shop = await live.owner("Vai Embora")
    await boss.say("/admin")
    await boss.say("vai embora")
    card = boss.button("🎁 Vai Embora")
    async with live.database.tenant(shop.chat_id) as tx:
        await tx.execute("DELETE FROM tenants WHERE tenant_id = $1", shop.chat_id)

    await boss.press(card)

    assert "Essa conta não existe mais" in boss.toast
    assert "nenhuma conta" in boss.text


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        (("⏳",), "PIX esperando"),
        (("📲",), "Linhas com falha"),
        (("📤",), "Nenhuma mensagem hoje"),
        (("🖥 Sistema",), "Sistema · tudo funcionando"),
        (("🖥 Sistema", "🧯"), "Nenhuma falha nas últimas 24 horas"),
        (("💰 Receita", "📈"), "Ninguém que já pagou termina nesse prazo"),
        (("🔎 Achar",), "Qual conta você procura?"),
    ],
    ids=["charges", "lines", "today", "system", "troubles", "forecast", "search"],
)
async def test_each_figure_has_a_screen_and_a_way_back(
    boss: Walk, ways: tuple[str, ...], expected: str
) -> None:
    await boss.say("/admin")
    for label in ways:
        await boss.tap(label)
    there = boss.text
    for _ in ways:
        await boss.tap("⬅️ Voltar")

    assert (True, True) == (expected in there, "🛠 Administração" in boss.text)
