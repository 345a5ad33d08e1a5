"""What no walk is sure to come by: a few ways through the bot, walked step by step.

They lead to screens that need a state the town is not in, or several answers in a row.
"""

from collections.abc import Awaitable, Callable, Sequence

from bot.screens.clients.buttons import ShowMessages
from bot.screens.today.buttons import ShowDay
from domain.day_groups import DayGroup
from tests.crawl.errand import Errand
from tests.crawl.errands_queue import COMPLETE, look_at_what_is_odd
from tests.crawl.errands_sheets import bring_a_sheet
from tests.crawl.errands_whatsapp import try_out_whatsapp
from tests.crawl.house import NOW

Walk = Callable[[Errand], Awaitable[None]]
FORGOTTEN = (
    "UPDATE settings SET automatic_kinds = ARRAY['cobranca'] WHERE tenant_id = $1",
    "DELETE FROM messages WHERE tenant_id = $1",
)
SETTLED = (
    *FORGOTTEN,
    "UPDATE clients SET due_on = DATE '2026-12-20', agreed_day = 20 WHERE tenant_id = $1",
    "UPDATE settings SET extra = '{}' WHERE tenant_id = $1",
)
LACKING = (
    "UPDATE settings SET support = NULL, pix_city = pix_key, pix_key = NULL WHERE tenant_id = $1"
)
MANY_SCHEDULED = """
    INSERT INTO scheduled_messages (
        tenant_id, client_id, nonce, kind, text, at, day, state, created_at, changed_at)
    SELECT $1, $2, 'crawl ' || n, 'geral', 'Oi',
           TIMESTAMPTZ '2026-12-01 13:00Z' + n * interval '1 day', DATE '2026-12-01' + n, 'waiting',
           now(), now()
    FROM generate_series(1, 18) AS n
"""
MOST_WRITTEN_TO = """
    SELECT client_id FROM messages WHERE tenant_id = $1
    GROUP BY client_id ORDER BY count(*) DESC, client_id LIMIT 1
"""
WROTE = """
    WITH somebody AS (
        SELECT id, phone FROM clients WHERE tenant_id = $1 AND id = $2
    ), talk AS (
        INSERT INTO reply_talks (tenant_id, phone, since, last_at, version, told_version)
        SELECT $1, phone, $3, $3, 1, 1 FROM somebody RETURNING id
    ), people AS (
        INSERT INTO reply_people (tenant_id, talk_id, client_id) SELECT $1, talk.id, $2 FROM talk
    )
    INSERT INTO whatsapp_incoming (
        tenant_id, from_jid, whatsapp_id, kind, body, at, handled_at, talk_id)
    SELECT $1, 'j', 'M1', 'text', 'oi', $3, $3, talk.id FROM talk
"""
OWN_DAYS = ("25/01", "26/01", "27/01", "28/01")  # more than one page shows
PROMISED = (
    "UPDATE whatsapp_incoming SET body = 'dia 10 eu pago' WHERE tenant_id = $1",
    "UPDATE reply_talks SET done_at = NULL WHERE tenant_id = $1",
)


async def search_by_writing(errand: Errand) -> None:
    """Search where the bot cannot be asked by its name."""
    await errand.say("/clientes")
    await errand.tap("Buscar")
    await errand.say("Bruno")


async def end_the_account(errand: Errand) -> None:
    """See who did what, and end the account: nothing is left to walk after it."""
    await errand.say("/conta")
    await errand.tap("Meus dados", "Quem fez o quê", "Voltar", "Apagar minha conta")
    for said in ("não sei", "APAGAR"):
        await errand.say(said)
    await errand.tap("Começar de novo")


async def _answer(errand: Errand) -> None:
    """Answer a client, remind of a promise, be done with it; change the hours of silence."""
    await errand.console.execute(WROTE, errand.chat_id, await errand.somebody(), NOW)
    await errand.menu()
    await errand.tap("1 resposta", "·", "Responder")
    await errand.say("Combinado, dia 10 então!")
    await errand.tap("Voltar", "Voltar", "Prometeu pagar", "Voltar", "Já resolvi")
    await errand.make(*PROMISED)
    await errand.menu()
    await errand.tap("1 resposta", "·", "Lembrar", "Desfazer")
    await errand.menu()
    await errand.tap("Configurações", "Horas de silêncio", "Mudar os horários", "22:00", "07:00")
    await errand.tap("Silêncio ligado")


async def _read_what_went(errand: Errand) -> None:
    """Everything that ever went to whom most went."""
    client_id = await errand.console.fetchval(MOST_WRITTEN_TO, errand.chat_id)
    await errand.go(ShowMessages(client_id=client_id).pack())
    await errand.tap("›")


async def _renew_and_archive(errand: Errand) -> None:
    """Renew until a date that was typed; archive, ask why nothing came, bring back."""
    client_id = await errand.somebody()
    await errand.say(f"/ver_{client_id}")
    await errand.tap("Renovar", "Outra data")
    await errand.say("daqui a 45 dias")
    await errand.tap("Renovar até", "Mudar o texto", "Voltar", "Início")
    await errand.say(f"/ver_{client_id}")
    await errand.tap("Arquivar", "Ver o cliente", "Por que não recebeu", "Trazer de volta")


async def _look_at_the_pix_key(errand: Errand) -> None:
    """What the key does, and a new one asked for."""
    await errand.menu()
    await errand.tap("Configurações", "Chave PIX", "Mandar o código no texto", "Mudar a chave")


async def _open_holidays(errand: Errand) -> None:
    """The holidays, wherever what was changed last has led."""
    await errand.say("/agendador")
    await errand.tap("Mais ajustes", "Ver os feriados")


async def _turn_the_schedule(errand: Errand) -> None:
    """Ask for a time at which nothing may go, widen the window for it; add and drop a holiday."""
    for typed, label in (("23:00", "Enviar às"), ("7h", "07:00 e")):
        await errand.say("/agendador")
        await errand.tap("📤")
        await errand.say(typed)
        await errand.tap(label, "👀 Ver", "›")
    await errand.say("/agendador")
    await errand.tap("Desfazer")
    await errand.say("/agendador")
    await errand.tap("Feriados")
    await _open_holidays(errand)
    await errand.tap("Carnaval")
    for day in OWN_DAYS:
        await _open_holidays(errand)
        await errand.say(f"{day} aniversário da loja")
    await _open_holidays(errand)
    await errand.tap("›", "🗑", "Desfazer")


async def _write(errand: Errand) -> None:
    """Write to a client: what lacks something, what is past, what works; change it, cancel it."""
    client_id = await errand.somebody()
    await errand.make(LACKING)
    await errand.say(f"/ver_{client_id}")
    await errand.tap("Mensagem")
    for said in ("Oi, {nomee}", "Oi! {servidor} {pix_chave} {suporte}"):
        await errand.say(said)
    await errand.make(COMPLETE)
    await errand.tap("Voltar")
    for said in ("Até logo!", "sei lá", "hoje 7h", "sexta", "todo dia 31 às 10h"):
        await errand.say(said)
    await errand.tap("Horário", "Amanhã", "Agendar", "Agendadas", "Amanhã", "Mudar o texto")
    await errand.say("Até amanhã!")
    await errand.tap("Salvar", "Agendadas", "Amanhã", "Não mandar", "Desfazer até", "Ver o cliente")
    await errand.console.execute(MANY_SCHEDULED, errand.chat_id, client_id)
    await errand.tap("Mensagem")
    await errand.say("Oi!")
    await errand.tap("Agora", "Mandar agora", "Agendadas", "›")


async def _write_texts(errand: Errand) -> None:
    """A text with a slip in it, let go of and taken back, saved, renamed, deleted; a default."""
    await errand.say("/textos")
    await errand.tap("›", "‹", "Novo texto")
    await errand.say("Manutenção na rede")
    await errand.say("Oi, {nme}! Hoje a rede para das 2 às 4. {suporte}")
    await errand.tap("Trocar por", "Desistir", "Desfazer até", "Salvar", "Mudar o nome")
    await errand.say("Rede parada")
    await errand.tap("Apagar", "Desfazer até")
    await errand.say("/textos")
    # One that is not of today: its messages would tell of what they lack, below the screen.
    await errand.tap("Renovação", "Desligar", "Ligar", "Mudar o texto")
    await errand.say("{primeiro_nome}, recebi os {valor}. Obrigado!")
    await errand.tap("Salvar", "Voltar ao texto padrão", "Ver pronto")
    await errand.say("/textos")
    await errand.tap("Cobrança, 1 dia", "no mês", "/", "Voltar")


async def _walk_the_queue(errand: Errand) -> None:
    """Bill who was left out; then one of those messages, a pause, and a day to come."""
    await errand.make(*FORGOTTEN)
    await errand.menu()
    await errand.say("/fila")
    await errand.tap("sem cobrança: decidir", "Nenhum", "Desfazer")
    await errand.say("/fila")
    for group in DayGroup:
        await errand.go(ShowDay(group=group).pack())
    await errand.say("/fila")
    await errand.tap("⚠️", "Desmarcar", "⬜", "Cobrar o marcado", "Ver a fila", "🕒")
    # In this order: what is to go now may be gone at once.
    await errand.tap("Cancelar esta", "Desfazer", "Voltar", "🕒", "Mandar agora")
    await errand.say("/fila")
    await errand.tap("Parar", "Voltar a enviar", "Amanhã", "👀", "›", "Voltar", "⚪", "Voltar")
    await errand.tap("Outro dia")
    await errand.say("nunca")
    await errand.say("daqui a 3 dias")
    await errand.tap("›", "Voltar", "🔄")


async def _choose_anew(errand: Errand) -> None:
    """Where nobody is due and nothing was chosen, the menu asks what goes by itself."""
    await errand.make(*SETTLED)
    await errand.menu()
    await errand.tap("Escolher o que sai sozinho")


ERRANDS: tuple[Walk, ...] = (
    _read_what_went,
    _answer,
    _renew_and_archive,
    _write,
    _look_at_the_pix_key,
    bring_a_sheet,
    _turn_the_schedule,
    _write_texts,
    _walk_the_queue,
    _choose_anew,
    look_at_what_is_odd,
    try_out_whatsapp,
)


async def run_errands(errand: Errand, walks: Sequence[Walk] = ERRANDS) -> None:
    """Each of them; one that finds no way is a fault, and the next begins anew."""
    for walk in walks:
        try:
            await walk(errand)
        except LookupError as error:
            errand.shared.judge.findings.fault(
                "errors", f"errand {getattr(walk, '__name__', walk)}: {error}"
            )
