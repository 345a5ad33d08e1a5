-- What kind of PIX key is stored, told once when it is written, so that reading it never parses anything again.
-- The forms that are stored do not overlap: a phone begins with +55 and a CPF has eleven digits with right check
-- digits. Another form, which only a hand at a console can have written, has no kind and counts as no key (D4).
SET LOCAL ROLE emdia_migrator;

CREATE FUNCTION mod11_digit(characters text, weights integer[]) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT CASE WHEN sum((ascii(substr(characters, i, 1)) - 48) * weights[i]) % 11 < 2 THEN '0'
                        ELSE (11 - sum((ascii(substr(characters, i, 1)) - 48) * weights[i]) % 11)::text END
            FROM generate_subscripts(weights, 1) i);

CREATE FUNCTION pix_key_kind(key text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE
        WHEN key ~ '^\+[1-9][0-9]{7,14}$' THEN 'phone'
        WHEN key ~ '^[^[:space:]@]+@[^[:space:]@]+$' THEN 'email'
        WHEN key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN 'random'
        WHEN key ~ '^[0-9]{11}$' AND key !~ '^(.)\1*$'
            AND substr(key, 10, 1) = mod11_digit(key, ARRAY[10, 9, 8, 7, 6, 5, 4, 3, 2])
            AND substr(key, 11, 1) = mod11_digit(key, ARRAY[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) THEN 'cpf'
        WHEN key ~ '^[0-9A-Z]{12}[0-9]{2}$' AND key !~ '^(.)\1*$'
            AND substr(key, 13, 1) = mod11_digit(key, ARRAY[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
            AND substr(key, 14, 1) = mod11_digit(key, ARRAY[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) THEN 'cnpj'
    END;

ALTER TABLE settings ADD COLUMN pix_key_kind text
    CHECK (pix_key_kind IN ('cpf', 'cnpj', 'email', 'phone', 'random')),
    ADD CONSTRAINT settings_pix_key_kind_needs_key CHECK (pix_key_kind IS NULL OR pix_key IS NOT NULL);

CREATE FUNCTION tell_pix_key_kind() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    BEGIN
        NEW.pix_key_kind := public.pix_key_kind(NEW.pix_key);
        RETURN NEW;
    END
    $$;

CREATE TRIGGER tell_pix_key_kind BEFORE INSERT OR UPDATE OF pix_key, pix_key_kind ON settings
    FOR EACH ROW EXECUTE FUNCTION tell_pix_key_kind();

-- Row-level security is forced on the owner too: for the rows that are there it must be let through once.
ALTER TABLE settings NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tenants NO FORCE ROW LEVEL SECURITY;

-- What was typed with its dots or capitals, where that leaves no doubt.
UPDATE settings SET pix_key = upper(translate(pix_key, './- ', ''))
    WHERE pix_key_kind(pix_key) IS NULL
      AND pix_key_kind(upper(translate(pix_key, './- ', ''))) IN ('cpf', 'cnpj');
UPDATE settings SET pix_key = lower(btrim(pix_key))
    WHERE pix_key_kind(pix_key) IS NULL AND pix_key_kind(lower(btrim(pix_key))) IN ('email', 'random');
UPDATE settings SET pix_key = pix_key WHERE pix_key IS NOT NULL;

ALTER TABLE settings FORCE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
