-- The truth is delivery (F10). Of messages, `sent_at` is the server's ack, `delivered_at` the phone's receipt. What is
-- sent within a day was meant for these days: `since_day` leads to it by an index.

-- name: facts
-- Those of a day, those that have had time to arrive, and those sent after the last one that did.
WITH recent AS (
    SELECT m.sent_at, m.delivered_at, m.read_at, m.sent_at <= :due_before AS due
    FROM messages m WHERE m.tenant_id = :tenant_id AND m.day >= :since_day AND m.sent_at > :since
), arrived AS (
    SELECT max(r.sent_at) AS sent_at FROM recent r WHERE r.delivered_at IS NOT NULL
), silent AS (
    SELECT count(*) AS messages, min(r.sent_at) AS since FROM recent r, arrived a
    WHERE r.due AND r.delivered_at IS NULL AND r.sent_at > :silent_from
      AND (a.sent_at IS NULL OR r.sent_at > a.sent_at)
), lost AS (
    SELECT count(*) AS messages, min(tried.at) AS since
    FROM messages m, LATERAL (
        SELECT min(e.at) AS at FROM message_events e
        WHERE e.tenant_id = :tenant_id AND e.message_id = m.id AND e.attempt > 0) tried
    WHERE m.tenant_id = :tenant_id AND m.day >= :since_day AND m.state = 'unknown' AND m.sent_at IS NULL
      AND tried.at > :silent_from AND tried.at <= :due_before
)
SELECT (SELECT max(m.delivered_at) FROM messages m
        WHERE m.tenant_id = :tenant_id AND m.day >= :first_day) AS last_delivered_at,
       (SELECT count(*) FROM recent) AS sent,
       (SELECT count(*) FROM recent WHERE delivered_at IS NOT NULL) AS delivered,
       (SELECT count(*) FROM recent WHERE read_at IS NOT NULL) AS read,
       (SELECT count(*) FROM recent WHERE due) AS due,
       (SELECT count(*) FROM recent WHERE due AND delivered_at IS NOT NULL) AS due_delivered,
       (SELECT messages FROM silent) AS silent, (SELECT since FROM silent) AS silent_since,
       (SELECT messages FROM lost) AS unacked, (SELECT since FROM lost) AS unacked_since;

-- name: sent_of_day
-- As the day's list counts them.
SELECT count(*) FROM messages
WHERE tenant_id = :tenant_id AND day = :day AND state IN ('sent', 'delivered', 'read');

-- name: page
-- A page of the messages behind a figure, the latest first, and how many there are; the nearest page there is.
WITH shown AS (
    SELECT m.client_id, m.kind, m.sent_at, m.delivered_at, m.read_at, c.name, c.due_on,
           c.archived_at IS NOT NULL AS archived, count(*) OVER () AS total,
           row_number() OVER (ORDER BY m.sent_at DESC, m.id DESC) AS position
    FROM messages m
    JOIN clients c ON c.tenant_id = m.tenant_id AND c.id = m.client_id
    WHERE m.tenant_id = :tenant_id AND m.day >= :since_day AND m.sent_at > :since
      AND CASE :which WHEN 'a' THEN true WHEN 'd' THEN m.delivered_at IS NOT NULL
                      WHEN 'r' THEN m.read_at IS NOT NULL ELSE m.delivered_at IS NULL END
)
SELECT s.* FROM shown s
WHERE s.position > (least(:page::bigint, (s.total + :rows - 1) / :rows) - 1) * :rows
ORDER BY s.position LIMIT :rows;
