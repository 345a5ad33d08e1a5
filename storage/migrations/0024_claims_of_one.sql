-- An update is handled, and a notice told, by one process at a time. A claim holds while its process lives, so what a
-- dead one had in hand is free; what a superseded one had, it gives back.
SET LOCAL ROLE emdia_migrator;

ALTER TABLE telegram_updates ADD COLUMN claimed_by uuid;  -- the replica at it
ALTER TABLE notices ADD COLUMN claimed_by uuid;           -- the replica that tells it

GRANT SELECT (claimed_by), UPDATE (claimed_by) ON telegram_updates TO emdia_lookout;
GRANT SELECT (claimed_by), UPDATE (claimed_by) ON notices TO emdia_lookout;
CREATE POLICY lookout_claims ON telegram_updates FOR UPDATE TO emdia_lookout USING (true) WITH CHECK (true);
CREATE POLICY lookout_claims ON notices FOR UPDATE TO emdia_lookout USING (true) WITH CHECK (true);

SET LOCAL ROLE emdia_lookout;

-- What this process could handle: not of chats whose turn another one that lives has. Beside the one of before.
CREATE FUNCTION dispatch.open_updates(replica uuid, most integer)
    RETURNS TABLE (tenant_id bigint, update_id bigint, tried boolean)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH still_open AS MATERIALIZED (
            SELECT u.tenant_id, u.update_id, u.attempts, u.claimed_by FROM public.telegram_updates u
            WHERE u.handled_at IS NULL AND u.set_aside_at IS NULL
        )
        SELECT o.tenant_id, o.update_id, o.attempts > 0 FROM still_open o
        WHERE o.tenant_id NOT IN (
            SELECT c.tenant_id FROM still_open c WHERE c.claimed_by <> replica AND public.is_live(c.claimed_by))
        ORDER BY o.update_id LIMIT most
    $$;

-- All that this process claimed and did not do is anybody's at once; what was never begun is no try. `at` is of the
-- clock the jobs follow.
CREATE FUNCTION dispatch.let_go(replica uuid, at timestamptz) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        UPDATE public.schedules s
        SET attempts = s.attempts - 1, faults = greatest(0, s.faults - 1), claimed_by = NULL,
            retry_at = CASE WHEN s.attempts > 1 THEN at END
        WHERE s.attempts > 0 AND s.claimed_by = replica;
        UPDATE public.telegram_updates u SET claimed_by = NULL
        WHERE u.claimed_by = replica AND u.handled_at IS NULL AND u.set_aside_at IS NULL;
        UPDATE public.notices n SET claimed_by = NULL WHERE n.claimed_by = replica AND n.delivered_at IS NULL;
        UPDATE public.replicas r SET let_go_at = clock_timestamp() WHERE r.id = replica;
    $$;

REVOKE ALL ON FUNCTION dispatch.open_updates(uuid, integer), dispatch.let_go(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispatch.open_updates(uuid, integer), dispatch.let_go(uuid, timestamptz) TO emdia_dispatcher;
