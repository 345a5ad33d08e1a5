-- The inbox in one statement a step, instead of a transaction of three: every press of a button takes three steps.
-- Each function sets the tenant and the role for its own statement's transaction, as the beginning of any transaction
-- of a tenant does: row-level security binds it just the same (B1).
CREATE SCHEMA inbox AUTHORIZATION emdia_migrator;
GRANT USAGE ON SCHEMA inbox TO emdia_app;

SET LOCAL ROLE emdia_migrator;

CREATE FUNCTION inbox.enter(tenant bigint) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = ''
    AS $$
    BEGIN
        PERFORM pg_catalog.set_config('role', 'emdia_app', true), pg_catalog.set_config('row_security', 'on', true),
                pg_catalog.set_config('app.tenant_id', tenant::text, true);
    END
    $$;

-- Telegram repeats what was not confirmed; it is kept once. True where it is new.
CREATE FUNCTION inbox.keep(tenant bigint, number bigint, content jsonb, at timestamptz) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = ''
    AS $$
    BEGIN
        PERFORM inbox.enter(tenant);
        INSERT INTO public.telegram_updates (tenant_id, update_id, payload, received_at)
        VALUES (tenant, number, content, at)
        ON CONFLICT (tenant_id, update_id) DO NOTHING;
        RETURN FOUND;
    END
    $$;

-- The chat's oldest of those that were told, claimed; counted before the work, so that one that kills the process
-- counts too. Without content: another process that lives is at it, or had it a moment ago, or is in charge by now.
-- Passed over: what was handled by the asker and waits for its answer to be taken. With it, how the chat stands.
CREATE FUNCTION inbox.begin(
    tenant bigint, replica uuid, latest bigint, most_attempts integer, at timestamptz, in_hand bigint[])
    RETURNS TABLE (
        update_id bigint, payload jsonb, set_aside boolean, live_message_id bigint, live_has_picture boolean, asks text)
    LANGUAGE plpgsql VOLATILE SET search_path = ''
    AS $$
    #variable_conflict use_column
    BEGIN
        PERFORM inbox.enter(tenant);
        RETURN QUERY
        WITH oldest AS MATERIALIZED (
            SELECT u.update_id FROM public.telegram_updates u
            WHERE u.tenant_id = tenant AND u.update_id <= latest AND u.handled_at IS NULL AND u.set_aside_at IS NULL
              AND u.update_id <> ALL (in_hand)
            ORDER BY u.update_id LIMIT 1
        ), taken AS (
            UPDATE public.telegram_updates u
            SET attempts = least(u.attempts + 1, most_attempts), claimed_by = replica,
                set_aside_at = CASE WHEN u.attempts >= most_attempts THEN at END
            FROM oldest
            WHERE u.tenant_id = tenant AND u.update_id = oldest.update_id
              AND u.handled_at IS NULL AND u.set_aside_at IS NULL
              AND (u.claimed_by IS NULL OR u.claimed_by = replica OR NOT public.is_live(u.claimed_by))
              AND NOT public.superseded(replica)
            RETURNING u.update_id, u.payload, u.set_aside_at IS NOT NULL AS set_aside
        )
        SELECT oldest.update_id, taken.payload, coalesce(taken.set_aside, false),
               c.live_message_id, coalesce(c.live_has_picture, false), c.asks
        FROM oldest
        LEFT JOIN taken ON taken.update_id = oldest.update_id
        LEFT JOIN public.telegram_chats c ON c.tenant_id = tenant;
    END
    $$;

-- What is done, and what was wrong with each if anything was; with it, how the chat stands, if that has changed.
CREATE FUNCTION inbox.close(
    tenant bigint, numbers bigint[], faults text[], at timestamptz,
    has_changed boolean, message bigint, has_picture boolean, question text)
    RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = ''
    AS $$
    BEGIN
        PERFORM inbox.enter(tenant);
        UPDATE public.telegram_updates u
        SET handled_at = at, error = coalesce(left(closed.fault, 500), u.error)
        FROM unnest(numbers, faults) AS closed (update_id, fault)
        WHERE u.tenant_id = tenant AND u.update_id = closed.update_id AND u.handled_at IS NULL;
        IF has_changed THEN
            INSERT INTO public.telegram_chats (tenant_id, live_message_id, live_has_picture, asks, updated_at)
            VALUES (tenant, message, has_picture, question, at)
            ON CONFLICT (tenant_id) DO UPDATE SET
                live_message_id = excluded.live_message_id, live_has_picture = excluded.live_has_picture,
                asks = excluded.asks, updated_at = excluded.updated_at;
        END IF;
    END
    $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA inbox FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA inbox TO emdia_app;
