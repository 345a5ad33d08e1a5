-- name: note
INSERT INTO audit_log (tenant_id, at, actor, action, subject, detail)
VALUES (:tenant_id, :now, :actor, :action, :subject, :detail);
