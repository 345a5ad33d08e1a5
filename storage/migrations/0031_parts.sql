-- A message in two parts: the text, and the PIX code as a message of its own (D5).
SET LOCAL ROLE emdia_migrator;

ALTER TABLE settings ADD COLUMN pix_alone boolean NOT NULL DEFAULT true;
