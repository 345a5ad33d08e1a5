"""Sheets in the chat, below the screens: looked at, confirmed once, taken back (C11, C12, B2)."""

import io
import zipfile
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from actors.messages.sheets import (
    ConfirmImport,
    ExportClients,
    GetImport,
    GetImportRows,
    GetTemplateSheet,
    ImportDone,
    ImportUndone,
    PreviewImport,
    SampleRow,
    SeenColumn,
    UndoImport,
)
from actors.messages.tags import GetTags, MakeOwnField, MakeTag, SetTag
from actors.messages.undo import Undo
from actors.runtime import Request
from domain.import_decision import Doubles, Left, LeftRow
from domain.sheet_choice import MAX_ROWS
from domain.sheets import MAX_FILE_BYTES
from errors import CannotUndo, InvalidInput, NotFound
from gateways.spreadsheet import read_rows
from storage.database import Database
from tests.postgres import NOW
from tests.system.sheets import ANA, BIA, CAIO, SECONDS, STRANGER, TENANT, Shop, open_shop, sheet
from tests.unit.sheets import Tab, delimited, workbook

TEN_MINUTES = timedelta(minutes=10)
ZONE = ZoneInfo("America/Sao_Paulo")
OLD_ANA = ("ANA LIMA", "11 9000 0001", "30,00", "10/11/2026", "mensal", "", "")
NO_PHONE = ("Davi Sem Telefone", "", "35,00", "10/12/2026", "", "", "")


@pytest.fixture
async def shop(dsn: str, database: Database) -> AsyncIterator[Shop]:
    """The business."""
    async with open_shop(dsn, database) as opened:
        yield opened


async def test_a_dry_run_tells_everything_and_writes_nobody(shop: Shop) -> None:
    await shop.bring_in(ANA)
    review = await shop.preview(ANA, BIA, BIA, NO_PHONE)

    assert (1, 2, 1, 1, 0) == (
        *(review.new, review.doubles, review.known, review.bad, review.left_out),
    )
    assert (LeftRow(5, "Davi Sem Telefone", "Faltou o telefone."),) == review.first_bad
    assert SeenColumn("Obs", "observações") in review.columns
    assert ("clientes.csv", None) == (review.file_name, review.done)
    assert ["Ana Lima"] == await shop.names()


async def test_the_first_rows_are_shown_as_they_were_read(shop: Shop) -> None:
    review = await shop.preview(ANA)

    assert (
        SampleRow(
            row=2,
            name="Ana Lima",
            phone="+5511990000001",
            price=Decimal("35.00"),
            due_on=date(2026, 12, 10),
            plan="Mensal",
            server="Alfa",
            notes="por PIX",
            tags=(),
        ),
    ) == review.sample


async def test_what_was_read_by_a_rule_is_told(shop: Shop) -> None:
    review = await shop.preview((*ANA[:3], "10/12", *ANA[4:]))

    assert ["Vencimento sem o ano"] == [note[:20] for note in review.notes]


async def test_the_dry_run_is_shown_again_as_it_was(shop: Shop) -> None:
    review = await shop.preview(ANA, BIA, NO_PHONE)
    await shop.bring_in(BIA)

    assert review == await shop.tenant.ask(GetImport(review.import_id), deadline=SECONDS)


async def test_rows_come_in_pages_of_six_and_a_page_too_far_is_the_last(shop: Shop) -> None:
    rows = [(f"Davi {number}", "", *ANA[2:]) for number in range(8)]
    review = await shop.preview(ANA, *rows)
    order = GetImportRows(review.import_id, Left.BAD, 7)
    page = await shop.tenant.ask(order, deadline=SECONDS)

    assert [9, 10] == [row.row for row in page.rows]
    assert (2, 8, 2) == (page.page, page.total, page.pages)


async def test_each_double_says_what_stands_and_what_the_sheet_has(shop: Shop) -> None:
    await shop.bring_in(OLD_ANA, CAIO)
    review = await shop.preview(ANA, BIA, (*BIA[:2], "41,00", *BIA[3:]), CAIO)
    order = GetImportRows(review.import_id, Left.DOUBLE)
    page = await shop.tenant.ask(order, deadline=SECONDS)

    assert (
        LeftRow(
            2,
            "Ana Lima",
            "Já cadastrado (vence 10/11/2026, R$ 30,00); "
            "esta linha diz vence 10/12/2026 e R$ 35,00.",
        ),
        LeftRow(
            4,
            "Bia Souza",
            "Repetido da linha 3 (vence 11/12/2026, R$ 40,00); esta linha diz R$ 41,00.",
        ),
        LeftRow(5, "Caio Melo", "Já cadastrado, igual."),
    ) == page.rows


async def test_who_left_is_listed_with_the_word_of_the_sheet(shop: Shop) -> None:
    data = workbook(Tab("A", [("Nome", "Telefone", "Valor", "Vencimento", "Status"), GONE]))
    review = await shop.tenant.ask(PreviewImport("a.xlsx", data), deadline=SECONDS)
    page = await shop.tenant.ask(GetImportRows(review.import_id, Left.GONE), deadline=SECONDS)

    assert (LeftRow(2, "Ana Lima", "A planilha diz “Cancelado”."),) == page.rows


GONE = (*ANA[:4], "Cancelado")


async def test_a_confirmation_registers_the_good_rows(shop: Shop) -> None:
    done = await shop.bring_in(ANA, BIA, NO_PHONE)

    assert (2, 0, 0) == (done.added, done.updated, done.skipped)
    assert ["Ana Lima", "Bia Souza"] == await shop.names()


async def test_it_can_be_taken_back_for_ten_minutes_on_the_owners_clock(shop: Shop) -> None:
    done = await shop.bring_in(ANA)

    assert done.undo is not None
    assert NOW + TEN_MINUTES - timedelta(seconds=5) < done.undo.until < NOW + 2 * TEN_MINUTES
    assert datetime(2026, 11, 24, 5, 0, tzinfo=ZONE).utcoffset() == done.undo.until.utcoffset()


async def test_a_second_confirmation_answers_the_same_and_adds_nobody(shop: Shop) -> None:
    done = await shop.bring_in(ANA)
    again = await shop.confirm(done.import_id, Doubles.ADD)

    assert done == again
    assert ["Ana Lima"] == await shop.names()


async def test_what_changed_since_the_dry_run_counts(shop: Shop) -> None:
    review = await shop.preview(ANA, BIA)
    await shop.bring_in(ANA)
    done = await shop.confirm(review.import_id)

    assert (1, 0, 1) == (done.added, done.updated, done.skipped)
    assert ["Ana Lima", "Bia Souza"] == await shop.names()


async def test_dates_without_a_year_are_those_of_the_dry_run(shop: Shop) -> None:
    review = await shop.preview((*ANA[:3], "25/05", *ANA[4:]))
    shop.pass_by(timedelta(days=20))
    await shop.confirm(review.import_id)

    assert review.sample[0].due_on == await shop.value("SELECT due_on FROM clients")


async def test_updating_sets_what_the_sheet_says_and_nothing_else(shop: Shop) -> None:
    await shop.bring_in((*OLD_ANA[:6], "antiga"))
    await shop.console.execute(
        "UPDATE clients SET receives_billing = false, archived_at = now(), server = 'Velho'"
    )
    done = await shop.bring_in((*ANA[:5], "Novo", ""), BIA, doubles=Doubles.UPDATE)
    ana = await shop.console.fetchrow("SELECT * FROM clients WHERE notes = 'antiga'")

    assert (1, 1, 0) == (done.added, done.updated, done.skipped)
    assert ana is not None
    assert (Decimal(35), date(2026, 12, 10), "Novo", "Mensal", 30, 10) == (
        *(ana["price"], ana["due_on"], ana["server"], ana["plan"], ana["plan_days"]),
        ana["agreed_day"],
    )
    assert ("ANA LIMA", False, True) == (
        *(ana["name"], ana["receives_billing"], ana["archived_at"] is not None),
    )


async def test_updating_with_what_stands_there_already_changes_nobody(shop: Shop) -> None:
    await shop.bring_in(ANA)
    done = await shop.bring_in(ANA, doubles=Doubles.UPDATE)

    assert (0, 0, 1) == (done.added, done.updated, done.skipped)


async def test_the_agreed_day_outlives_an_update_to_the_end_of_a_short_month(shop: Shop) -> None:
    await shop.bring_in((*ANA[:3], "31/12/2026", *ANA[4:]))
    await shop.bring_in((*ANA[:3], "28/02/2027", *ANA[4:]), doubles=Doubles.UPDATE)

    assert 31 == await shop.value("SELECT agreed_day FROM clients")


async def test_adding_registers_doubles_but_for_the_very_same(shop: Shop) -> None:
    await shop.bring_in(ANA)
    other = (*ANA[:3], "15/12/2026", *ANA[4:])
    done = await shop.bring_in(ANA, other, other, BIA, doubles=Doubles.ADD)

    assert (2, 0, 2) == (done.added, done.updated, done.skipped)
    assert ["Ana Lima", "Ana Lima", "Bia Souza"] == await shop.names()


async def test_whoever_is_one_day_late_is_billed_on_the_day_of_the_import(shop: Shop) -> None:
    shop.pass_by(timedelta(hours=5))
    await shop.bring_in((*ANA[:3], "23/11/2026", *ANA[4:]), BIA)

    assert "cobranca" == await shop.value("SELECT kind FROM messages")


async def test_taking_it_back_removes_whom_it_added_and_sets_back_whom_it_changed(
    shop: Shop,
) -> None:
    await shop.bring_in(OLD_ANA)
    before = await shop.console.fetchrow(EDITABLE)
    done = await shop.bring_in(ANA, BIA, doubles=Doubles.UPDATE)
    undone = await shop.tenant.ask(UndoImport(done.import_id), deadline=SECONDS)

    expected = ImportUndone(import_id=done.import_id, removed=1, restored=1, kept=(), kept_total=0)
    assert expected == undone
    assert [before] == await shop.console.fetch(EDITABLE)


EDITABLE = "SELECT id, name, plan, plan_days, price, server, due_on, agreed_day, notes FROM clients"


async def test_whoever_was_planned_for_today_goes_with_the_message_that_never_went(
    shop: Shop,
) -> None:
    shop.pass_by(timedelta(hours=5))
    done = await shop.bring_in((*ANA[:3], "23/11/2026", *ANA[4:]))
    await shop.tenant.ask(UndoImport(done.import_id), deadline=SECONDS)

    assert [] == await shop.names()
    assert 0 == await shop.value("SELECT count(*) FROM messages")


@pytest.mark.parametrize(
    "happened",
    [
        pytest.param(
            """INSERT INTO client_payments (tenant_id, client_id, amount, paid_on, recorded_at)
               SELECT 41, id, 35, '2026-11-24', updated_at + interval '1 minute'
               FROM clients WHERE name = 'Ana Lima'""",
            id="paid",
        ),
        pytest.param(
            """INSERT INTO messages (tenant_id, client_id, kind, due_on, day, state, phone,
                   whatsapp_id, correlation_id, attempt, not_before, expires_at, created_at)
               SELECT 41, id, 'cobranca', due_on, '2026-11-24', 'sent', phone, '3EB0ABCDEF', 'm', 1,
                   updated_at, updated_at, updated_at FROM clients WHERE name = 'Ana Lima'""",
            id="written to",
        ),
        pytest.param(
            """INSERT INTO messages (tenant_id, client_id, kind, day, state, phone, whatsapp_id,
                   correlation_id, attempt, not_before, expires_at, created_at)
               SELECT 41, id, 'geral', '2026-11-24', 'queued', phone, '3EB0ABCDEF', 'm', 0,
                   updated_at, updated_at, updated_at FROM clients WHERE name = 'Ana Lima'""",
            id="about to be written to by hand",
        ),
        pytest.param(
            """UPDATE clients SET notes = 'dela', updated_at = updated_at + interval '1 second'
               WHERE name = 'Ana Lima'""",
            id="edited",
        ),
    ],
)
async def test_whoever_something_happened_to_since_stays_and_is_named(
    shop: Shop, happened: str
) -> None:
    done = await shop.bring_in(ANA, BIA)
    await shop.console.execute(happened)
    undone = await shop.tenant.ask(UndoImport(done.import_id), deadline=SECONDS)

    assert (1, ("Ana Lima",), 1) == (undone.removed, undone.kept, undone.kept_total)
    assert ["Ana Lima"] == await shop.names()


async def test_taking_it_back_twice_answers_the_same(shop: Shop) -> None:
    done = await shop.bring_in(ANA)
    undone = await shop.tenant.ask(UndoImport(done.import_id), deadline=SECONDS)
    await shop.bring_in(ANA)
    shop.pass_by(2 * TEN_MINUTES)

    assert undone == await shop.tenant.ask(UndoImport(done.import_id), deadline=SECONDS)
    assert ["Ana Lima"] == await shop.names()


async def test_the_offer_of_undoing_takes_it_back_and_says_who_stays(shop: Shop) -> None:
    done = await shop.bring_in(ANA, BIA, CAIO)
    await shop.console.execute(
        "UPDATE clients SET updated_at = updated_at + interval '1 second' WHERE name LIKE 'Ana%'"
    )
    assert done.undo is not None
    order = Undo(done.undo.undo_id)
    undone = await shop.tenant.ask(order, deadline=SECONDS)

    assert (
        "Importação desfeita: 2 clientes que entraram saíram. "
        "Ficou Ana Lima, porque algo já aconteceu depois da importação."
    ) == undone.says
    assert undone == await shop.tenant.ask(order, deadline=SECONDS)
    assert ["Ana Lima"] == await shop.names()


async def test_both_ways_of_taking_it_back_are_one(shop: Shop) -> None:
    done = await shop.bring_in(ANA)
    assert done.undo is not None
    await shop.tenant.ask(UndoImport(done.import_id), deadline=SECONDS)
    await shop.bring_in(ANA)
    undone = await shop.tenant.ask(Undo(done.undo.undo_id), deadline=SECONDS)

    assert "Importação desfeita: 1 cliente que entrou saiu." == undone.says
    assert ["Ana Lima"] == await shop.names()


async def test_what_was_taken_back_offers_that_no_more(shop: Shop) -> None:
    done = await shop.bring_in(ANA)
    await shop.tenant.ask(UndoImport(done.import_id), deadline=SECONDS)
    review = await shop.tenant.ask(GetImport(done.import_id), deadline=SECONDS)

    assert (
        ImportDone(import_id=done.import_id, added=1, updated=0, skipped=0, undo=None)
        == review.done
    )


async def test_after_ten_minutes_it_stays(shop: Shop) -> None:
    done = await shop.bring_in(ANA)
    shop.pass_by(TEN_MINUTES)
    with pytest.raises(CannotUndo, match="10 minutos"):
        await shop.tenant.ask(UndoImport(done.import_id), deadline=SECONDS)

    assert ["Ana Lima"] == await shop.names()


async def test_what_was_not_imported_cannot_be_taken_back(shop: Shop) -> None:
    review = await shop.preview(ANA)

    with pytest.raises(CannotUndo, match="não foi importada"):
        await shop.tenant.ask(UndoImport(review.import_id), deadline=SECONDS)


async def test_of_sheets_that_were_never_confirmed_the_latest_three_stay(shop: Shop) -> None:
    first = await shop.preview(ANA)
    for row in (BIA, CAIO, ANA):
        latest = await shop.preview(row)
    with pytest.raises(InvalidInput, match="Mande o arquivo de novo"):
        await shop.confirm(first.import_id)

    assert 1 == (await shop.confirm(latest.import_id)).added


async def test_a_file_is_kept_no_longer_than_it_is_needed(shop: Shop) -> None:
    await shop.bring_in(ANA)

    assert 0 == await shop.value("SELECT count(file) FROM imports")


@pytest.mark.parametrize(
    "order",
    [GetImport, ConfirmImport, UndoImport, lambda number: GetImportRows(number, Left.BAD)],
    ids=["look", "confirm", "undo", "rows"],
)
async def test_a_sheet_of_another_tenant_is_not_found(
    shop: Shop, order: Callable[[int], Request[Any]]
) -> None:
    review = await shop.preview(ANA)
    with pytest.raises(NotFound):
        await shop.stranger.ask(order(review.import_id), deadline=SECONDS)

    assert [] == await shop.names(STRANGER)


async def test_whatever_is_taken_out_comes_into_an_empty_tenant_unchanged(shop: Shop) -> None:
    await shop.bring_in((*ANA[:3], "28/02/2027", *ANA[4:]), BIA)
    await shop.console.execute(
        """UPDATE clients SET agreed_day = 31, notes = E'=1+1\\ncancelado', name = '😀 Ana'
           WHERE name = 'Ana Lima'"""
    )
    taken = await shop.tenant.ask(ExportClients(), deadline=SECONDS)
    review = await shop.stranger.ask(PreviewImport(taken.name, taken.data), deadline=SECONDS)
    await shop.stranger.ask(ConfirmImport(review.import_id), deadline=SECONDS)
    ours, theirs = [
        await shop.console.fetch(
            EDITABLE.replace("id, ", "phone, ") + " WHERE tenant_id = $1 ORDER BY name", tenant
        )
        for tenant in (TENANT, STRANGER)
    ]

    assert (2, 0, 0) == (taken.clients, taken.archived, taken.payments)
    assert "clientes-2026-11-24.xlsx" == taken.name
    assert ours == theirs


async def test_tags_and_own_fields_go_out_and_come_in(shop: Shop) -> None:
    header = ("Nome", "Telefone", "Valor", "Vencimento", "Etiquetas", "Senha")
    for name, secret in (("Senha", True), ("DNS", False)):
        await shop.tenant.ask(MakeOwnField(name, secret), deadline=SECONDS)
    data = delimited(header, (*ANA[:4], "VIP, Bairro Alto", "=x9"), (*BIA[:4], "", ""))
    review = await shop.tenant.ask(PreviewImport("a.csv", data), deadline=SECONDS)
    await shop.tenant.ask(ConfirmImport(review.import_id), deadline=SECONDS)
    taken = await shop.tenant.ask(ExportClients(), deadline=SECONDS)
    again = await shop.stranger.ask(PreviewImport(taken.name, taken.data), deadline=SECONDS)
    await shop.stranger.ask(ConfirmImport(again.import_id), deadline=SECONDS)
    back = await shop.stranger.ask(ExportClients(), deadline=SECONDS)
    ours, theirs = [read_rows(file.data, file.name) for file in (taken, back)]

    # The columns of the own fields, and who has what.
    assert ("Senha 🔒", "DNS") == ours.headers[-2:]
    assert ("🔵 VIP, 🔵 Bairro Alto", "=x9") == (ours.rows[0].cells[8], ours.rows[0].cells[11])
    # A field that nobody has anything in is not made anew.
    assert "Senha 🔒" == theirs.headers[-1]
    assert ours.rows[0].cells[:12] == theirs.rows[0].cells
    assert 2 == await shop.value("SELECT count(*) FROM client_tags WHERE tenant_id = $1", STRANGER)


REFUSED = """UPDATE clients SET
    receives_billing = name IN ('Ana Lima', 'Bia Souza'), receives_notices = name <> 'Bia Souza',
    opted_out_at = CASE WHEN name <> 'Bia Souza' THEN updated_at END WHERE tenant_id = $1"""
SWITCHES = """SELECT name, receives_billing, receives_notices, opted_out_at IS NOT NULL AS gone
    FROM clients WHERE tenant_id = $1 ORDER BY name"""


async def test_what_clients_refused_goes_out_and_comes_into_an_empty_tenant(shop: Shop) -> None:
    await shop.bring_in(ANA, BIA, CAIO)
    await shop.console.execute(REFUSED, TENANT)
    await shop.hand_over()
    ours, theirs = [await shop.console.fetch(SWITCHES, who) for who in (TENANT, STRANGER)]

    assert [(True, True, True), (True, False, False), (False, True, True)] == [
        tuple(row)[1:] for row in theirs
    ]
    assert ours == theirs


async def test_who_sent_sair_gets_nothing_from_where_the_export_comes_in(shop: Shop) -> None:
    shop.pass_by(timedelta(hours=5))
    late = [(*one[:3], "23/11/2026", *one[4:]) for one in (ANA, BIA, CAIO)]
    await shop.bring_in(*late)
    await shop.console.execute(REFUSED, TENANT)
    await shop.hand_over()
    planned = await shop.console.fetch(
        """SELECT c.name FROM messages m JOIN clients c ON (c.tenant_id, c.id) =
           (m.tenant_id, m.client_id) WHERE m.tenant_id = $1""",
        STRANGER,
    )

    assert ["Bia Souza"] == [row["name"] for row in planned]


async def test_an_update_by_an_export_leaves_what_was_refused_since(shop: Shop) -> None:
    await shop.bring_in(ANA, BIA, CAIO)
    taken = await shop.tenant.ask(ExportClients(), deadline=SECONDS)
    await shop.console.execute(REFUSED, TENANT)
    before = await shop.console.fetch(SWITCHES, TENANT)
    await shop.console.execute("UPDATE clients SET price = 1")
    review = await shop.tenant.ask(PreviewImport(taken.name, taken.data), deadline=SECONDS)
    done = await shop.confirm(review.import_id, Doubles.UPDATE)

    assert 3 == done.updated
    assert before == await shop.console.fetch(SWITCHES, TENANT)


async def test_who_is_added_once_more_receives_no_more_than_before(shop: Shop) -> None:
    await shop.bring_in(ANA, BIA, CAIO)
    taken = await shop.tenant.ask(ExportClients(), deadline=SECONDS)
    await shop.console.execute(REFUSED, TENANT)
    before = await shop.console.fetch(SWITCHES, TENANT)
    await shop.console.execute("UPDATE clients SET due_on = due_on + 30")
    review = await shop.tenant.ask(PreviewImport(taken.name, taken.data), deadline=SECONDS)
    done = await shop.confirm(review.import_id, Doubles.ADD)

    assert 3 == done.added
    twice = [one for one in before for _ in range(2)]
    assert twice == await shop.console.fetch(SWITCHES, TENANT)


async def test_tags_keep_their_emojis_and_the_commas_in_their_names(shop: Shop) -> None:
    await shop.bring_in(ANA)
    ana = await shop.value("SELECT id FROM clients")
    for name, emoji in (("VIP", "⭐"), ("Bairro Alto, fundos", "🟣")):
        tag = await shop.tenant.ask(MakeTag(name, emoji), deadline=SECONDS)
        await shop.tenant.ask(SetTag(cast("int", ana), tag.tag_id, on=True), deadline=SECONDS)
    await shop.stranger.ask(MakeTag("vip", "🟢"), deadline=SECONDS)
    await shop.hand_over()
    theirs = await shop.stranger.ask(GetTags(), deadline=SECONDS)

    # Who has a tag of that name already keeps its own.
    assert [("🟣", "Bairro Alto, fundos", 1), ("🟢", "vip", 1)] == [
        (one.tag.emoji, one.tag.name, one.clients) for one in theirs
    ]


async def test_an_export_of_more_clients_than_another_sheet_may_have_comes_back(
    shop: Shop,
) -> None:
    await shop.console.execute(
        """INSERT INTO clients (tenant_id, name, phone, price, due_on, created_at, updated_at)
           SELECT $1, 'Cliente ' || n, '+55119' || (90000000 + n), 35, '2026-12-10', now(), now()
           FROM generate_series(1, $2::int) AS n""",
        *(TENANT, MAX_ROWS + 1),
    )
    taken = await shop.hand_over()

    assert taken.comes_back
    assert MAX_ROWS + 1 == len(await shop.names(STRANGER))


async def test_sheets_go_with_their_tenant(shop: Shop) -> None:
    await shop.bring_in(ANA, NO_PHONE)
    await shop.console.execute("DELETE FROM tenants WHERE tenant_id = $1", TENANT)
    left = [
        await shop.value(f"SELECT count(*) FROM {table}")  # noqa: S608 - constants
        for table in ("imports", "import_rows", "import_changes")
    ]

    assert [0, 0, 0] == left


async def test_what_the_owner_does_with_sheets_is_noted(shop: Shop) -> None:
    done = await shop.bring_in(ANA)
    await shop.tenant.ask(UndoImport(done.import_id), deadline=SECONDS)
    await shop.tenant.ask(UndoImport(done.import_id), deadline=SECONDS)
    await shop.tenant.ask(ExportClients(), deadline=SECONDS)
    noted = await shop.console.fetch("SELECT action FROM audit_log ORDER BY id")

    assert ["import", "undo", "export"] == [row["action"] for row in noted]


async def test_an_export_counts_the_archived_and_the_payments_apart(shop: Shop) -> None:
    await shop.bring_in(ANA, BIA)
    await shop.console.execute(
        "UPDATE clients SET archived_at = created_at WHERE name = 'Ana Lima'"
    )
    await shop.console.execute(
        """INSERT INTO client_payments (tenant_id, amount, paid_on, recorded_at)
           VALUES ($1, 35, '2026-11-24', now()), ($2, 36, '2026-11-24', now())""",
        *(TENANT, STRANGER),
    )
    taken = await shop.tenant.ask(ExportClients(), deadline=SECONDS)

    assert (1, 1, 1) == (taken.clients, taken.archived, taken.payments)


async def test_the_template_sent_back_as_it_is_says_that_examples_do_not_enter(
    shop: Shop,
) -> None:
    template = await shop.tenant.ask(GetTemplateSheet(), deadline=SECONDS)

    assert "planilha-modelo.xlsx" == template.name
    with pytest.raises(InvalidInput, match="Só os exemplos"):
        await shop.tenant.ask(PreviewImport(template.name, template.data), deadline=SECONDS)


def with_password() -> bytes:
    """The beginning of a workbook that asks for one."""
    return b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")


def zipped(name: str) -> bytes:
    """A zip that holds one part of this name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, b"<x/>")
    return packed.getvalue()


def bomb() -> bytes:
    """A small file that would unpack to fifty megabytes."""
    packed = io.BytesIO(workbook(Tab("A", [ANA])))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/a.xml", b" " * 50_000_000)
    return packed.getvalue()


def long_sheet(rows: int) -> bytes:
    """A workbook of many clients."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        tab = book.add_worksheet()
        for number in range(rows + 1):
            row = ("Nome", "Telefone", "Valor", "Vencimento") if number == 0 else ANA[:4]
            tab.write_row(number, 0, row)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        pytest.param("a.xlsx", b"x" * (MAX_FILE_BYTES + 1), "passa de 5 MB", id="too big"),
        pytest.param("a.xlsx", long_sheet(5001), "passa de 5000 linhas", id="too many rows"),
        pytest.param("a.xlsx", with_password(), "Tire a senha", id="password"),
        pytest.param("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "salve como .xlsx", id="xls"),
        pytest.param("a.ods", zipped("content.xml"), "salve como .xlsx", id="ods"),
        pytest.param("a.pdf", b"%PDF-1.7 x", "é um PDF. Mande a planilha", id="pdf"),
        pytest.param("a.jpg", b"\xff\xd8\xff\xe0", "é uma foto. Mande a planilha", id="jpg"),
        pytest.param("a.docx", zipped("word/document.xml"), "documento do Word", id="docx"),
        pytest.param("a.csv", b"", "está vazio", id="empty"),
        pytest.param("a.csv", sheet(), "nenhum cliente abaixo", id="headings only"),
        pytest.param("a.xlsx", b"PK\x03\x04" + b"x" * 99, "Não consegui ler", id="broken zip"),
        pytest.param("a.xlsx", bomb(), "grande demais", id="zip bomb"),
        pytest.param("a.csv", b"um texto qualquer", "nome, telefone, valor", id="no headings"),
    ],
)
async def test_what_is_no_usable_sheet_is_refused_with_what_to_do(
    shop: Shop, name: str, data: bytes, sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        await shop.tenant.ask(PreviewImport(name, data), deadline=SECONDS)

    assert 0 == await shop.value("SELECT count(*) FROM imports")


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
async def test_text_files_of_any_spreadsheet_are_read(shop: Shop, encoding: str) -> None:
    data = sheet(("João Araújo", *ANA[1:]), BIA).decode().encode(encoding)
    review = await shop.tenant.ask(PreviewImport("a.csv", data), deadline=SECONDS)

    assert ("João Araújo", 2) == (review.sample[0].name, review.new)
