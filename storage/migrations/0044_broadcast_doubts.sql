-- Those in doubt are not told again of a broadcast that was stopped: a press on an old button would leave them waiting
-- in it for ever, and its count would change (A11).
SET LOCAL ROLE emdia_lookout;

CREATE OR REPLACE FUNCTION dispatch.tell_doubted(broadcast bigint) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH again AS (
            UPDATE public.broadcast_recipients r SET state = 'waiting', claimed_by = NULL
            FROM public.broadcasts b
            WHERE b.id = broadcast AND b.state <> 'stopped' AND r.broadcast_id = b.id AND r.state = 'unsure' RETURNING 1
        ), reopened AS (
            UPDATE public.broadcasts b SET state = 'running', ended_at = NULL, told_at = NULL
            WHERE b.id = broadcast AND b.state = 'done' AND EXISTS (SELECT FROM again)
        )
        SELECT count(*) FROM again
    $$;

-- Whoever a process took the turn of and told nobody of, since the answer to its taking was lost: they wait again. Only
-- for a process that has nothing in its hands.
CREATE FUNCTION dispatch.release_recipients(replica uuid) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH released AS (
            UPDATE public.broadcast_recipients r SET state = 'waiting', claimed_by = NULL
            WHERE r.state = 'sending' AND r.claimed_by = replica RETURNING 1
        )
        SELECT count(*) FROM released
    $$;
REVOKE ALL ON FUNCTION dispatch.release_recipients(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispatch.release_recipients(uuid) TO emdia_dispatcher;
