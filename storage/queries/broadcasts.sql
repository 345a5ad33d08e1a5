-- name: standings
SELECT * FROM dispatch.standings();

-- name: start
SELECT dispatch.start_broadcast(:press, :made_by, :body, :audience, :recipients, :now);

-- name: claim
SELECT * FROM dispatch.claim_recipient(:replica, :now);

-- name: settle
SELECT dispatch.settle_recipient(:broadcast, :tenant, :replica, :outcome, :now);

-- name: doubt
SELECT dispatch.doubt_recipients(:replica, :now);

-- name: release
SELECT dispatch.release_recipients(:replica);

-- name: turn
SELECT dispatch.turn_broadcast(:broadcast, :becomes, :now);

-- name: tell_doubted
SELECT dispatch.tell_doubted(:broadcast);

-- name: end
SELECT * FROM dispatch.end_broadcasts(:now);

-- name: told
SELECT dispatch.broadcast_told(:broadcast, :now);

-- name: list
SELECT * FROM dispatch.broadcasts(:only, :most);

-- name: open
SELECT * FROM dispatch.open_broadcasts();

-- name: reached
-- The nearest page there is of the accounts in these states, by name.
WITH shown AS (
    SELECT a.tenant_id, a.name, a.standing, a.ends_on, count(*) OVER () AS total,
           row_number() OVER (ORDER BY lower(a.name), a.tenant_id) AS position
    FROM dispatch.reached(:broadcast) r JOIN dispatch.accounts(:now) a ON a.tenant_id = r.tenant_id
    WHERE r.state = ANY (:states)
)
SELECT s.* FROM shown s
WHERE s.position > (least(:page::bigint, (s.total + :rows - 1) / :rows) - 1) * :rows
ORDER BY s.position LIMIT :rows;
