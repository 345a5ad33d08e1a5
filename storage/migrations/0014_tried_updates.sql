-- Which open updates were begun before: one of them may be what ended the process.
SET LOCAL ROLE emdia_migrator;
GRANT SELECT (attempts) ON telegram_updates TO emdia_lookout;

SET LOCAL ROLE emdia_lookout;
DROP FUNCTION dispatch.open_updates(integer);

CREATE FUNCTION dispatch.open_updates(most integer)
    RETURNS TABLE (tenant_id bigint, update_id bigint, tried boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT u.tenant_id, u.update_id, u.attempts > 0 FROM public.telegram_updates u
        WHERE u.handled_at IS NULL AND u.set_aside_at IS NULL ORDER BY u.update_id LIMIT most
    $$;

REVOKE ALL ON FUNCTION dispatch.open_updates(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispatch.open_updates(integer) TO emdia_dispatcher;
