-- name: figures
SELECT f.*, current_setting('server_version') AS server FROM dispatch.figures(:now) AS f;
