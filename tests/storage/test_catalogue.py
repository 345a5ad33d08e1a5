"""What the schema promises for every table of a tenant, today's and tomorrow's (B1)."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from storage.database import Database
from tests.postgres import Cluster

# Unique or sorted across tenants on purpose; each says why where it is made.
ACROSS_TENANTS = {
    "schedules_due",
    "schedules_retry",
    "message_events_by_time",
    "telegram_updates_by_time",
    "subscription_charges_payment",
    "subscription_charges_reference",
    "subscription_charges_to_check",
    "broadcast_recipients_open",
    "broadcast_recipients_counts",
}
WITHOUT_TENANT = {
    "admin_notices",
    "broadcasts",
    "installation",
    "replicas",
    "revenue_ledger",
    "schema_migrations",
    "webhook_events",
}
DISPATCH = {
    "accounts",
    "admin_notice_told",
    "broadcast_told",
    "broadcasts",
    "charge_by_payment",
    "charge_by_reference",
    "charges_astray",
    "charges_to_check",
    "charges_to_pay",
    "claim_jobs",
    "claim_recipient",
    "claim_webhooks",
    "clean",
    "doubt_recipients",
    "end_broadcasts",
    "figures",
    "free_claims",
    "keep_webhook",
    "let_go",
    "lines",
    "money_figures",
    "next_claim_at",
    "open_broadcasts",
    "reached",
    "open_updates",
    "put_admin_notice",
    "quarantined_tenants",
    "release_recipients",
    "renew_lease",
    "revenue",
    "schedules_astray",
    "settle_recipient",
    "standing",
    "standings",
    "start_broadcast",
    "take_over",
    "take_turns",
    "tell_doubted",
    "tenants_with_session",
    "tenants_with_work",
    "troubles",
    "turn_broadcast",
    "untold_admin_notices",
    "webhook_done",
    "webhook_later",
    "webhook_set_aside",
}
TENANT_TABLES = """
    SELECT c.oid, c.relname::text AS name FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
"""


@pytest.fixture(scope="module")
async def catalogue(cluster: Cluster) -> AsyncIterator[asyncpg.Connection]:
    """The superuser's view of a database with today's schema."""
    dsn = await cluster.migrated_database()
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()
    await cluster.drop(dsn)


async def names(catalogue: asyncpg.Connection, sql: str) -> set[str]:
    """The first column of a query over `tenant_table`."""
    rows = await catalogue.fetch(f"WITH tenant_table AS ({TENANT_TABLES}) {sql}")
    return {row[0] for row in rows}


async def test_only_known_tables_belong_to_no_tenant(catalogue: asyncpg.Connection) -> None:
    assert WITHOUT_TENANT == await names(
        catalogue,
        """SELECT relname::text FROM pg_class
           WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
             AND oid NOT IN (SELECT oid FROM tenant_table)""",
    )


async def test_nothing_but_tables_and_sequences_shows_rows(catalogue: asyncpg.Connection) -> None:
    assert set() == await names(
        catalogue,
        """SELECT relname::text FROM pg_class
           WHERE relkind IN ('v', 'm', 'f') AND relnamespace = 'public'::regnamespace""",
    )


async def test_row_security_is_forced_on_every_tenant_table(catalogue: asyncpg.Connection) -> None:
    assert set() == await names(
        catalogue,
        """SELECT t.name FROM tenant_table t JOIN pg_class c USING (oid)
           WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity)""",
    )


async def test_the_app_has_one_policy_per_tenant_table_and_it_names_the_tenant(
    catalogue: asyncpg.Connection,
) -> None:
    same = "(tenant_id = ( SELECT current_tenant() AS current_tenant))"
    assert set() == await names(
        catalogue,
        f"""SELECT t.name FROM tenant_table t
            LEFT JOIN pg_policies p ON p.tablename = t.name AND p.schemaname = 'public'
                AND p.roles && ARRAY['emdia_app', 'public']::name[]
            GROUP BY t.name
            HAVING NOT coalesce(
                count(*) = 1 AND bool_and(p.cmd = 'ALL' AND p.qual = '{same}'
                    AND p.with_check = '{same}'), false)""",  # noqa: S608 - a constant of this test
    )


async def test_every_primary_key_begins_with_the_tenant(catalogue: asyncpg.Connection) -> None:
    assert set() == await names(
        catalogue,
        """SELECT t.name FROM tenant_table t
           LEFT JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'p'
           LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1]
           WHERE a.attname IS DISTINCT FROM 'tenant_id'""",
    )


async def test_every_index_begins_with_the_tenant(catalogue: asyncpg.Connection) -> None:
    assert ACROSS_TENANTS == await names(
        catalogue,
        """SELECT i.indexrelid::regclass::text FROM tenant_table t
           JOIN pg_index i ON i.indrelid = t.oid
           LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
           WHERE a.attname IS DISTINCT FROM 'tenant_id'""",
    )


async def test_every_reference_between_tenant_tables_carries_the_tenant(
    catalogue: asyncpg.Connection,
) -> None:
    assert set() == await names(
        catalogue,
        """SELECT k.conrelid::regclass || '.' || k.conname FROM pg_constraint k
           JOIN tenant_table here ON here.oid = k.conrelid
           JOIN tenant_table there ON there.oid = k.confrelid
           WHERE k.contype = 'f' AND NOT EXISTS (
               SELECT FROM unnest(k.conkey, k.confkey) AS pair (here, there)
               JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = pair.here
               JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = pair.there
               WHERE a.attname = 'tenant_id' AND b.attname = 'tenant_id')""",
    )


LOGINS = {f"login_of_{role}": [role] for role in ("emdia_app", "emdia_dispatcher")}


async def test_a_login_can_become_its_role_and_nobody_besides(database: Database) -> None:
    async with database.dispatcher() as connection:
        rows = await connection.fetch(
            """SELECT r.rolname::text AS name, array_agg(g.roleid::regrole::text) AS becomes,
                      bool_or(g.inherit_option OR g.admin_option) AS inherits,
                      bool_or(r.rolsuper OR r.rolbypassrls OR r.rolcreaterole) AS mighty
               FROM pg_roles r JOIN pg_auth_members g ON g.member = r.oid
               WHERE r.rolname LIKE 'login\\_of\\_emdia\\_%' GROUP BY r.rolname"""
        )

    assert LOGINS == {row["name"]: row["becomes"] for row in rows}
    assert not any(row["inherits"] or row["mighty"] for row in rows)


async def test_no_role_of_ours_can_pass_by_row_security(catalogue: asyncpg.Connection) -> None:
    assert set() == await names(
        catalogue,
        """SELECT rolname::text FROM pg_roles
           WHERE rolname LIKE 'emdia\\_%' AND (rolsuper OR rolbypassrls OR rolcreaterole
               OR rolcreatedb OR rolcanlogin)""",
    )


async def test_no_role_of_ours_can_become_another(catalogue: asyncpg.Connection) -> None:
    assert set() == await names(
        catalogue,
        """SELECT roleid::regrole || ' ' || member::regrole FROM pg_auth_members
           WHERE member::regrole::text LIKE 'emdia\\_%'""",
    )


async def test_the_app_and_the_dispatcher_own_nothing(catalogue: asyncpg.Connection) -> None:
    assert set() == await names(
        catalogue,
        """SELECT classid::regclass || ' ' || objid FROM pg_shdepend
           WHERE deptype = 'o' AND refobjid IN ('emdia_app'::regrole, 'emdia_dispatcher'::regrole)
             AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())""",
    )


async def test_tables_belong_to_the_migrator(catalogue: asyncpg.Connection) -> None:
    assert {"emdia_migrator"} == await names(
        catalogue, "SELECT relowner::regrole::text FROM pg_class JOIN tenant_table USING (oid)"
    )


async def test_the_app_cannot_make_or_empty_tables(catalogue: asyncpg.Connection) -> None:
    assert set() == await names(
        catalogue,
        """SELECT name FROM tenant_table
           WHERE has_table_privilege('emdia_app', oid, 'TRUNCATE, REFERENCES, TRIGGER')
              OR has_schema_privilege('emdia_app', 'public', 'CREATE')""",
    )


async def test_the_app_cannot_take_a_tenant(catalogue: asyncpg.Connection) -> None:
    assert {"quarantined_at", "quarantine_error"} == await names(
        catalogue,
        """SELECT attname::text FROM pg_attribute
           WHERE attrelid = 'tenant_owners'::regclass AND attnum > 0
             AND has_column_privilege('emdia_app', attrelid, attnum, 'INSERT, UPDATE')""",
    )


async def test_the_dispatcher_may_call_the_listed_functions(catalogue: asyncpg.Connection) -> None:
    assert DISPATCH == await names(
        catalogue,
        """SELECT proname::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE nspname NOT IN ('pg_catalog', 'information_schema')
             AND has_schema_privilege('emdia_dispatcher', n.oid, 'USAGE')
             AND has_function_privilege('emdia_dispatcher', p.oid, 'EXECUTE')""",
    )


async def test_nobody_else_may_call_them(catalogue: asyncpg.Connection) -> None:
    assert set() == await names(
        catalogue,
        """SELECT proname::text FROM pg_proc
           WHERE pronamespace = 'dispatch'::regnamespace
             AND has_function_privilege('emdia_app', oid, 'EXECUTE')""",
    )


async def test_the_dispatcher_reads_no_table(catalogue: asyncpg.Connection) -> None:
    assert set() == await names(
        catalogue,
        """SELECT relname::text FROM pg_class
           WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
             AND (has_any_column_privilege('emdia_dispatcher', oid, 'SELECT, INSERT, UPDATE')
                  OR has_table_privilege('emdia_dispatcher', oid, 'DELETE, TRUNCATE'))""",
    )


async def test_dispatch_functions_run_safely_as_the_lookout(catalogue: asyncpg.Connection) -> None:
    assert set() == await names(
        catalogue,
        """SELECT proname::text FROM pg_proc
           WHERE pronamespace = 'dispatch'::regnamespace
             AND NOT (prosecdef AND proowner = 'emdia_lookout'::regrole
                      AND proconfig = ARRAY['search_path=""'])""",
    )


# What an account tells of itself, and what it pays us, is the administration's (A11).
OF_ACCOUNTS = {"tenants.name", "tenants.email", "tenants.phone", "subscription_charges.amount"}


async def test_the_lookout_sees_no_words_and_no_money_of_clients(
    catalogue: asyncpg.Connection,
) -> None:
    assert OF_ACCOUNTS == await names(
        catalogue,
        """SELECT t.name || '.' || a.attname FROM tenant_table t
           JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
           WHERE has_column_privilege('emdia_lookout', t.oid, a.attnum, 'SELECT')
             AND a.attname IN ('name', 'email', 'phone', 'body', 'payload', 'creds', 'value',
                               'amount', 'price', 'pix_key', 'notes')""",
    )
