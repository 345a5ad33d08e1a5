-- A message in two parts: the text, and the PIX code as a message of its own (D5).
SET LOCAL ROLE emdia_migrator;

ALTER TABLE settings ADD COLUMN pix_alone boolean NOT NULL DEFAULT true;

-- The second id follows from the first, which follows from what the message is: both are fixed when it is planned, and
-- a lost row planned again has both again (F6).
CREATE FUNCTION second_message_id(first_id text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN '3EB0' || upper(left(encode(sha256(convert_to(first_id || '|2', 'UTF8')), 'hex'), 18));

ALTER TABLE messages
    ADD COLUMN second_whatsapp_id text GENERATED ALWAYS AS (second_message_id(whatsapp_id)) STORED,
    -- Fixed with `body` by the first attempt; null where the message has one part.
    ADD COLUMN second_body text CHECK (length(second_body) BETWEEN 1 AND 4096),
    -- How far each part has come: 0 nothing known, 1 sent, 2 delivered, 3 read. Of a message with one part the state says it.
    ADD COLUMN first_mark smallint NOT NULL DEFAULT 0 CHECK (first_mark BETWEEN 0 AND 3),
    ADD COLUMN second_mark smallint NOT NULL DEFAULT 0 CHECK (second_mark BETWEEN 0 AND 3),
    -- How many attempts the first part took: those of the second are counted from there.
    ADD COLUMN first_attempts integer NOT NULL DEFAULT 0 CHECK (first_attempts BETWEEN 0 AND attempt),
    ADD CONSTRAINT messages_first_before_second CHECK (second_mark = 0 OR first_mark > 0),
    ADD CONSTRAINT messages_marks_of_two CHECK (second_body IS NOT NULL OR first_mark + second_mark + first_attempts = 0),
    ADD CONSTRAINT messages_done_when_both_are CHECK (
        second_body IS NULL OR (state IN ('sent', 'delivered', 'read')) = (second_mark > 0));
-- Only of those that have two: the others cost nothing.
CREATE UNIQUE INDEX messages_by_second_id ON messages (tenant_id, second_whatsapp_id) WHERE second_body IS NOT NULL;
