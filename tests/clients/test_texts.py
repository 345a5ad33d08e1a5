"""The tenant's texts: counted, switched, edited in a working copy, put back, undone (D1 to D4)."""

from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import count
from typing import Any

import pytest

from actors.messages.account import GetReminders, SetReminder
from actors.messages.clients import EditClient, GetClient
from actors.messages.tags import DropOwnField, MakeOwnField, SetOwnValue
from actors.messages.texts import (
    ContinueEditor,
    DropEdit,
    DropText,
    EditAct,
    EditorView,
    EditText,
    GetText,
    GetTextList,
    GetTextMessages,
    OpenEditor,
    PreviewText,
    RenameText,
    RestoreEdit,
    RestoreText,
    SaveText,
    SwitchText,
    TextChanged,
    TextDropped,
    TextGroup,
    TypeText,
)
from actors.runtime import Request
from domain.clients import ClientField
from domain.default_templates import DEFAULT_TEMPLATES
from domain.own_texts import MAX_GENERAL_TEXTS
from domain.reminders import Kind
from domain.retention import Retention
from domain.rulebook import rulebook
from domain.text_keys import NEW_TEXT, TextKey
from errors import CannotUndo, InvalidInput, NotFound
from storage import outbox, retention, tenants
from tests.clients.shop import DAY, NEIGHBOUR, NINE, TENANT, Shop

BILLING = TextKey(Kind.BILLING)
RENEWAL = TextKey(Kind.RENEWAL)
REMINDER = TextKey(Kind.REMINDER_2_DAYS)
_UPDATES = count(1_000)


async def opened(shop: Shop, key: TextKey = BILLING, **more: Any) -> EditorView:
    asked = OpenEditor(key=key, update_id=next(_UPDATES), **more)
    return await shop.ask(asked)


async def typed(shop: Shop, text: str | None, update_id: int | None = None) -> EditorView:
    view = await shop.ask(TypeText(text, update_id or next(_UPDATES)))
    assert view is not None
    return view


async def edited(
    shop: Shop, view: EditorView, act: EditAct, what: str = "", at: int | None = None
) -> EditorView:
    after = await shop.ask(
        EditText(
            key=view.key,
            act=act,
            at=view.at if at is None else at,
            update_id=next(_UPDATES),
            what=what,
        )
    )
    assert after is not None
    return after


async def saved(shop: Shop, view: EditorView) -> TextChanged:
    done = await shop.ask(SaveText(view.key, view.at, next(_UPDATES)))
    assert isinstance(done, TextChanged)
    return done


async def written(shop: Shop, text: str, key: TextKey = BILLING, **more: Any) -> TextChanged:
    """A text that was typed and saved."""
    await opened(shop, key, **more)
    return await saved(shop, await typed(shop, text))


async def made(shop: Shop, name: str = "Manutenção", text: str = "Oi, {nome}!") -> TextKey:
    done = await written(shop, text, NEW_TEXT, name=name)
    return done.card.row.key


async def gone(shop: Shop, day: date = DAY, text_id: int | None = None) -> None:
    """All that is in the outbox went on that day."""
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            """UPDATE messages SET state = 'delivered', day = $2, sent_at = $3, text_id = $4
               WHERE tenant_id = $1""",
            TENANT,
            day,
            NINE,
            text_id,
        )


async def words_of(shop: Shop, client_id: int, kind: Kind = Kind.BILLING) -> tuple[str, ...]:
    """What the courier would write now, part by part."""
    async with shop.database.tenant(TENANT) as tx:
        book = rulebook(await tenants.charter(tx), shop.clock.now())
        message, client = next(
            found for found in await outbox.pending_of_day(tx, DAY) if found[1].id == client_id
        )
    assert kind is message.kind
    return book.write(message, client, shop.clock.now())


async def test_every_kind_has_a_text_from_the_first_minute(shop: Shop) -> None:
    view = await shop.ask(GetTextList())

    assert [
        ("cobranca", True),
        ("vence_hoje", False),
        ("lembrete_1_dia", False),
        ("lembrete_2_dias", False),
        ("renovacao", True),
        ("boas_vindas", True),
    ] == [(row.kind.value, row.on) for row in view.rows]
    assert 0 == sum(row.used for row in view.rows)


async def test_a_count_is_that_of_the_messages_of_the_month_that_went(shop: Shop) -> None:
    await shop.register()
    before = await shop.ask(GetText(BILLING))
    await gone(shop)
    after = await shop.ask(GetText(BILLING))
    behind = await shop.ask(GetTextMessages(BILLING, TextGroup.WENT))

    assert (0, None, 1) == (before.row.used, before.last_used, before.coming)
    assert (1, "09:00", 0) == (after.row.used, f"{after.last_used:%H:%M}", after.coming)
    assert (1, "Roberto Souza") == (behind.total, behind.messages[0].row.name)


async def test_what_went_last_month_is_a_last_use_and_no_count(shop: Shop) -> None:
    await shop.register()
    await gone(shop, date(2026, 10, 31))
    card = await shop.ask(GetText(BILLING))

    assert (0, True) == (card.row.used, card.last_used is not None)


async def test_a_text_of_ones_own_is_counted_apart_from_the_others(shop: Shop) -> None:
    first, second = await made(shop), await made(shop, "Natal")
    await shop.register()
    await shop.ask(SwitchText(BILLING, on=False))
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute("UPDATE messages SET kind = 'geral' WHERE tenant_id = $1", TENANT)
    await gone(shop, text_id=second.id)
    rows = {row.key: row for row in (await shop.ask(GetTextList())).rows}

    assert (0, 1, "Natal") == (rows[first].used, rows[second].used, rows[second].name)
    assert 0 == (await shop.ask(GetTextMessages(first, TextGroup.WENT))).total


async def test_a_text_switched_off_silences_its_kind_today_and_on_brings_it_back(
    shop: Shop,
) -> None:
    await shop.register()
    off = await shop.ask(SwitchText(BILLING, on=False))
    stopped = await shop.messages()
    behind = await shop.ask(GetTextMessages(BILLING, TextGroup.STOPPED))
    on = await shop.ask(SwitchText(BILLING, on=True))

    assert (False, 1, 0, False) == (
        off.card.row.on,
        off.card.stopped,
        off.card.coming,
        off.card.own,
    )
    assert [("cobranca", "cancelled", "kind_off")] == [one[1:] for one in stopped]
    assert 1 == behind.total
    assert (True, 0, 1) == (on.card.row.on, on.card.stopped, on.card.coming)


async def test_a_switch_is_undone_with_what_it_did_to_today(shop: Shop) -> None:
    await shop.register()
    off = await shop.ask(SwitchText(BILLING, on=False))
    again = await shop.ask(SwitchText(BILLING, on=False))
    await shop.undo(off.undo)

    assert off.undo == again.undo
    assert [("cobranca", "queued")] == [one[1:3] for one in await shop.messages()]


async def test_switching_a_reminder_on_lets_it_go_by_itself(shop: Shop) -> None:
    done = await shop.ask(SwitchText(REMINDER, on=True))
    chosen = {one.kind: one.on for one in await shop.ask(GetReminders())}
    await shop.undo(done.undo)

    assert (True, True) == (done.card.row.on, chosen[Kind.REMINDER_2_DAYS])
    assert not (await shop.ask(GetText(REMINDER))).row.on


async def test_a_kind_has_one_switch_wherever_it_is_turned(shop: Shop) -> None:
    await shop.ask(SwitchText(BILLING, on=False))
    off = {one.kind: one.on for one in await shop.ask(GetReminders())}
    await shop.ask(SetReminder(Kind.BILLING, on=True))

    assert not off[Kind.BILLING]
    assert (await shop.ask(GetText(BILLING))).row.on


async def test_a_text_that_was_left_off_goes_again_when_it_is_switched_on(shop: Shop) -> None:
    await written(shop, "Oi, {nome}!")
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute("UPDATE templates SET active = false WHERE tenant_id = $1", TENANT)
    left = await shop.ask(GetText(BILLING))
    on = await shop.ask(SwitchText(BILLING, on=True))

    assert (False, True, "Oi, {nome}!") == (left.row.on, on.card.row.on, on.card.body)


async def test_an_offer_whose_text_is_off_is_not_made(shop: Shop) -> None:
    card = await shop.register()
    off = await shop.ask(SwitchText(RENEWAL, on=False))
    silent = await shop.renew(card)
    await shop.undo(off.undo)
    again = await shop.renew(await shop.ask(GetClient(card.row.client_id)))

    assert (None, True) == (silent.preview, again.preview is not None)


async def test_an_edit_is_in_the_very_next_message(shop: Shop) -> None:
    card = await shop.register()
    before = await words_of(shop, card.row.client_id)
    done = await written(shop, "Oi, {primeiro_nome}! São {valor}.")

    assert "ainda não vi o pagamento" in before[0]
    assert ("Oi, Roberto! São R$ 79,90.",) == await words_of(shop, card.row.client_id)
    assert (True, 1) == (done.card.own, done.card.coming)


async def test_the_default_comes_back_and_that_is_undone(shop: Shop) -> None:
    await written(shop, "Oi, {primeiro_nome}!")
    restored = await shop.ask(RestoreText(BILLING))
    again = await shop.ask(RestoreText(BILLING))
    await shop.undo(restored.undo)

    assert DEFAULT_TEMPLATES[Kind.BILLING].text == restored.card.body
    assert (False, restored.undo) == (restored.card.own, again.undo)
    assert "Oi, {primeiro_nome}!" == (await shop.ask(GetText(BILLING))).body


async def test_the_default_comes_back_switched_off_where_the_text_was_off(shop: Shop) -> None:
    await written(shop, "Oi, {primeiro_nome}!")
    await shop.ask(SwitchText(BILLING, on=False))
    restored = await shop.ask(RestoreText(BILLING))

    assert (False, False) == (restored.card.row.on, restored.card.own)


async def test_an_edit_is_undone_unless_it_was_edited_again(shop: Shop) -> None:
    first = await written(shop, "Um, {nome}")
    second = await written(shop, "Dois, {nome}")
    with pytest.raises(CannotUndo, match="de novo depois disso"):
        await shop.undo(first.undo)
    await shop.undo(second.undo)
    await shop.undo(first.undo)

    assert not (await shop.ask(GetText(BILLING))).own


async def test_a_text_of_ones_own_is_made_named_switched_deleted_and_had_again(
    shop: Shop,
) -> None:
    key = await made(shop)
    named = await shop.ask(RenameText(key, "  Rede  fora "))
    off = await shop.ask(SwitchText(key, on=False))
    dropped = await shop.ask(DropText(key))
    again = await shop.ask(DropText(key))
    without = [row.key for row in (await shop.ask(GetTextList())).rows]
    with pytest.raises(NotFound):
        await shop.ask(GetText(key))
    await shop.undo(dropped.undo)
    card = await shop.ask(GetText(key))

    assert ("Rede fora", False) == (named.card.row.name, off.card.row.on)
    assert dropped == again
    assert key not in without
    assert ("Rede fora", False, "Oi, {nome}!") == (card.row.name, card.row.on, card.body)


async def test_two_texts_have_no_name_in_common(shop: Shop) -> None:
    key = await made(shop)
    other = await made(shop, "Natal")

    with pytest.raises(InvalidInput, match="Você já tem um texto com o nome “Manutenção”"):
        await opened(shop, NEW_TEXT, name="MANUTENCAO")
    with pytest.raises(InvalidInput, match="Você já tem um texto"):
        await shop.ask(RenameText(other, "manutenção"))
    assert "manutenção" == (await shop.ask(RenameText(key, "manutenção"))).card.row.name


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(DropText, id="deleted"),
        pytest.param(partial(RenameText, name="Outro"), id="renamed"),
    ],
)
async def test_a_name_that_was_taken_meanwhile_does_not_come_back(
    shop: Shop, act: Callable[[TextKey], Request[TextDropped | TextChanged]]
) -> None:
    """Undone, there would be two texts of one name (D1)."""
    done = await shop.ask(act(await made(shop)))
    await made(shop, name="manutencao")

    with pytest.raises(CannotUndo, match="manutencao"):
        await shop.undo(done.undo)


async def test_a_name_that_was_taken_meanwhile_is_not_saved(shop: Shop) -> None:
    await opened(shop, NEW_TEXT, name="Natal")
    view = await typed(shop, "Oi")
    await add_texts(shop, 1, "natal")
    refused = await shop.ask(SaveText(NEW_TEXT, view.at, next(_UPDATES)))

    assert isinstance(refused, EditorView)
    assert "Você já tem um texto com o nome" in (refused.notice or "")


async def test_there_are_so_many_texts_of_ones_own(shop: Shop) -> None:
    await add_texts(shop, MAX_GENERAL_TEXTS)

    with pytest.raises(InvalidInput, match=f"São até {MAX_GENERAL_TEXTS} textos"):
        await opened(shop, NEW_TEXT, name="Mais um")


async def add_texts(shop: Shop, many: int, name: str = "Texto ") -> None:
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            """INSERT INTO templates (tenant_id, kind, name, body, created_at, updated_at)
               SELECT $1, 'geral', concat($4::text, nullif(n, 1)), 'Oi', $2, $2
               FROM generate_series(1, $3) AS n""",
            TENANT,
            NINE,
            many,
            name,
        )


@pytest.mark.parametrize("act", [EditAct.CLIENT, EditAct.PAGE, EditAct.ADD])
@pytest.mark.parametrize("what", ["", "x", "-1", "9" * 40, "f9", "²"])
async def test_a_button_that_nobody_made_changes_no_words(
    shop: Shop, act: EditAct, what: str
) -> None:
    view = await opened(shop)
    after = await edited(shop, view, act, what)

    assert (view.body, 1) == (after.body, after.page)


async def test_saving_twice_is_one_text(shop: Shop) -> None:
    await opened(shop, NEW_TEXT, name="Natal")
    view = await typed(shop, "Boas festas, {nome}!")
    first = await saved(shop, view)
    second = await saved(shop, view)

    assert first.card == second.card
    assert first.undo == second.undo
    assert 7 == len((await shop.ask(GetTextList())).rows)


async def test_a_new_text_is_taken_back(shop: Shop) -> None:
    done = await written(shop, "Oi", NEW_TEXT, name="Natal")
    await shop.undo(done.undo)

    assert 6 == len((await shop.ask(GetTextList())).rows)


async def test_a_working_copy_changes_nothing_until_it_is_saved(shop: Shop) -> None:
    card = await shop.register()
    before = await words_of(shop, card.row.client_id)
    await opened(shop)
    await typed(shop, "Outro texto, {nome}")
    away = await opened(shop, RENEWAL)
    there = await opened(shop)

    assert before == await words_of(shop, card.row.client_id)
    assert (await shop.ask(GetText(BILLING))).writing
    assert "Outro texto, {nome}" == there.body
    assert DEFAULT_TEMPLATES[Kind.RENEWAL].text == away.body


async def test_what_is_typed_belongs_to_the_editor_that_is_open(shop: Shop) -> None:
    await opened(shop)
    await opened(shop, RENEWAL)
    await typed(shop, "Renovado, {nome}!")

    assert "Renovado, {nome}!" == (await opened(shop, RENEWAL)).body
    assert DEFAULT_TEMPLATES[Kind.BILLING].text == (await opened(shop)).body


async def test_an_update_that_is_handled_again_changes_nothing_more(shop: Shop) -> None:
    view = await opened(shop)
    first = await typed(shop, "Oi, {nome}", 5_001)
    again = await typed(shop, "Oi, {nome}", 5_001)
    add = EditText(key=BILLING, act=EditAct.ADD, at=first.at, update_id=5_002, what="valor")
    added, repeated = await shop.ask(add), await shop.ask(add)

    assert (view.at + 1, first) == (first.at, again)
    assert "Oi, {nome} {valor}" == (added.body if added else "")
    assert added == repeated


async def test_a_button_of_an_older_screen_changes_nothing_and_says_so(shop: Shop) -> None:
    view = await opened(shop)
    await edited(shop, view, EditAct.ADD, "valor")
    late = await edited(shop, view, EditAct.ADD, "valor")
    unsaved = await shop.ask(SaveText(BILLING, view.at, next(_UPDATES)))

    assert (1, True) == (late.body.count("{valor}") - view.body.count("{valor}"), late.outdated)
    assert isinstance(unsaved, EditorView)
    assert unsaved.outdated


async def test_a_slip_is_kept_explained_set_right_and_then_saved(shop: Shop) -> None:
    await opened(shop)
    view = await typed(shop, "Oi, {nme}! {valr}")
    refused = await shop.ask(SaveText(BILLING, view.at, next(_UPDATES)))
    mended = await edited(shop, await edited(shop, view, EditAct.MEND), EditAct.MEND)
    back = await edited(shop, mended, EditAct.UNDO)

    assert isinstance(refused, EditorView)
    assert "Você quis dizer {nome}?" in (view.fault.sentence if view.fault else "")
    assert not (await shop.ask(GetText(BILLING))).own
    assert ("Oi, {nome}! {valor}", None) == (mended.body, mended.fault)
    assert "Oi, {nome}! {valr}" == back.body


@pytest.mark.parametrize(
    ("said", "notice"),
    [
        pytest.param(None, "Aqui eu preciso de um texto", id="a picture"),
        pytest.param("a" * 2_001, "passou em 1 letra", id="too long"),
        pytest.param("\u200b", "Escreva o texto inteiro", id="nothing that is seen"),
    ],
)
async def test_what_is_no_text_leaves_the_working_copy_as_it_is(
    shop: Shop, said: str | None, notice: str
) -> None:
    before = await opened(shop)
    view = await typed(shop, said)

    assert before.body == view.body
    assert notice in (view.notice or "")


async def test_a_text_that_could_grow_too_long_is_not_saved(shop: Shop) -> None:
    await opened(shop)
    view = await typed(shop, "{informacoes}" * 9)
    refused = await shop.ask(SaveText(BILLING, view.at, next(_UPDATES)))

    assert isinstance(refused, EditorView)
    assert "passaria em 404 letras" in (refused.notice or "")


async def test_changes_that_were_let_go_of_come_back(shop: Shop) -> None:
    await opened(shop)
    await typed(shop, "Outro texto")
    gone_copy = await shop.ask(DropEdit(BILLING))
    without = await shop.ask(ContinueEditor(BILLING, next(_UPDATES)))
    number = gone_copy.number if gone_copy else 0
    restored = await shop.ask(RestoreEdit(BILLING, number, next(_UPDATES)))

    assert without is None
    assert "Outro texto" == (restored.body if restored else "")
    assert await shop.ask(DropEdit(RENEWAL)) is None


async def test_own_fields_are_offered_put_in_and_covered_where_secret(shop: Shop) -> None:
    field = await shop.ask(MakeOwnField("Senha do app", secret=True))
    card = await shop.register()
    await shop.ask(SetOwnValue(card.row.client_id, field.field_id, "xk29mQ7"))
    view = await opened(shop)
    last = await edited(shop, view, EditAct.PAGE, "99")
    there = await edited(shop, last, EditAct.ADD, f"f{field.field_id}")
    done = await saved(shop, there)
    shown = await shop.ask(PreviewText(BILLING))

    assert (4, 4) == (last.page, last.pages)
    assert done.card.body.endswith("{senha_do_app}")
    assert shown.preview.parts[0].endswith("xk29mQ7")
    assert ("xk29mQ7",) == shown.preview.secrets
    assert "xk29mQ7" not in repr(shown)
    with pytest.raises(InvalidInput, match=r"usa \{senha_do_app\}"):
        await shop.ask(DropOwnField(field.field_id))


async def test_a_preview_is_the_message_on_the_day_it_goes_with_the_code_alone(
    shop: Shop,
) -> None:
    await shop.register(name="Bruno Lima", due_on=date(2026, 12, 10), phone="+5511955500188")
    await shop.register()
    await written(shop, "{saudacao}, {nome}! Venceu {vencimento}, {status}.\n{pix_copia_e_cola}")
    first = (await shop.ask(PreviewText(BILLING))).preview
    second = (await shop.ask(PreviewText(BILLING, first.next_id or 0))).preview
    third = (await shop.ask(PreviewText(BILLING, second.next_id or 0))).preview

    assert "Bom dia, Roberto Souza! Venceu 23/11/2026, atrasado há 1 dia." == first.parts[0]
    assert (2, True) == (len(first.parts), first.parts[1].startswith("000201"))
    assert "Bom dia, Bruno Lima! Venceu 10/12/2026, atrasado há 1 dia." == second.parts[0]
    assert first == third


async def test_without_any_client_somebody_invented_reads_it(shop: Shop) -> None:
    await shop.ask(MakeOwnField("Usuário"))
    await written(shop, "{nome}, {usuario}, {servidor}, {informacoes}", RENEWAL)
    shown = (await shop.ask(PreviewText(RENEWAL))).preview

    assert (None, ("Ana Souza, Exemplo, Exemplo, Exemplo",)) == (shown.row, shown.parts)


async def test_what_is_missing_is_named_where_it_is_filled_in(shop: Shop) -> None:
    card = await shop.register()
    await shop.ask(EditClient(card.row.client_id, ClientField.PRICE, None))
    await written(shop, "{nome}: {servidor} {suporte}\n{pix_copia_e_cola}")
    lacks = (await shop.ask(PreviewText(BILLING))).preview
    await written(shop, "{nome}: {pix_chave}")
    filled = (await shop.ask(PreviewText(BILLING))).preview

    assert ((), ("servidor", "suporte", "valor")) == (lacks.parts, lacks.missing)
    assert ("Roberto Souza: rita@tv.example",) == filled.parts


async def test_a_client_of_the_last_day_there_is_has_a_preview(shop: Shop) -> None:
    await shop.register(due_on=date.max)

    assert (await shop.ask(PreviewText(BILLING))).preview.parts


@pytest.mark.parametrize(
    "asked",
    [
        GetText,
        PreviewText,
        DropText,
        RestoreText,
        partial(RenameText, name="X"),
        partial(SwitchText, on=False),
    ],
    ids=str,
)
async def test_the_texts_of_another_business_are_not_found(
    shop: Shop, asked: Callable[[TextKey], Request[Any]]
) -> None:
    key = await made(shop)
    with pytest.raises(NotFound):
        await shop.ask(asked(key), NEIGHBOUR)

    assert ("Manutenção", True) == ((card := await shop.ask(GetText(key))).row.name, card.row.on)


@pytest.mark.parametrize("key", [NEW_TEXT, TextKey(Kind.GENERAL), TextKey(Kind.GENERAL, 2**63 - 1)])
@pytest.mark.parametrize("asked", [GetText, DropText, RestoreText, partial(SwitchText, on=True)])
async def test_what_is_no_text_is_not_found(
    shop: Shop, key: TextKey, asked: Callable[[TextKey], Request[Any]]
) -> None:
    with pytest.raises(NotFound):
        await shop.ask(asked(key))


async def test_cleaning_forgets_a_deleted_text(shop: Shop) -> None:
    key = await made(shop)
    dropped = await shop.ask(DropText(key))
    async with shop.database.tenant(TENANT) as tx:
        await retention.clean(tx, Retention(), NINE.replace(day=27))
        left = await tx.fetchval("SELECT count(*) FROM templates WHERE tenant_id = $1", TENANT)

    assert dropped.undo is not None
    assert 0 == left
