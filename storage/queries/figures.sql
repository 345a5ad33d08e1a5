-- name: figures
SELECT f.*, m.*, current_setting('server_version') AS server
FROM dispatch.figures(:now) AS f, dispatch.money_figures(:now) AS m;
