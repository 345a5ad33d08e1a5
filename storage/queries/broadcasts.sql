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
