-- What changed, in the order of its commits: proxies follow it to forget what they remember. Whoever writes the
-- directory or a price takes one lock before its first row, so numbers are given in the order of commits: a reader that
-- has come to a number never meets a smaller one later. (Taken before any row, so that two writers never wait for each
-- other in a circle.)
CREATE TABLE directory_events (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Tells a number apart from the same number in a database that was restored and has gone another way since.
  mark uuid NOT NULL DEFAULT gen_random_uuid(),
  -- null: all tenants
  tenant_id text,
  kind text NOT NULL CHECK (kind IN ('tenant', 'product', 'user', 'api_key', 'model', 'price', 'reset')),
  record_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- There is always a newest event, so that a reader has a place to start from.
INSERT INTO directory_events (kind, record_id) VALUES ('reset', '');

CREATE FUNCTION take_directory_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('directory events', 0));
  RETURN NULL;
END $$;

-- The tenants that a record concerns: as it was and as it is. A NULL among them: all.
CREATE FUNCTION tenants_concerned(collection text, record_id text, record jsonb) RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF record IS NULL THEN RETURN; END IF;
  CASE collection
    WHEN 'directory_tenants' THEN RETURN NEXT record_id;
    -- Whoever comes to the product later or has left it is an event of his own.
    WHEN 'directory_products' THEN RETURN QUERY
      SELECT DISTINCT u.tenant_id FROM directory_users u WHERE u.record ->> 'productId' = record_id;
    WHEN 'directory_models' THEN
      IF jsonb_array_length(coalesce(record -> 'tenants', '[]')) = 0 THEN RETURN NEXT NULL;
      ELSE RETURN QUERY SELECT jsonb_array_elements_text(record -> 'tenants');
      END IF;
    ELSE RETURN NEXT record ->> 'tenantId';
  END CASE;
END $$;

-- Runs as the owner: the service's role can't write events.
CREATE FUNCTION log_directory_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  before jsonb := CASE WHEN TG_OP = 'UPDATE' THEN OLD.record END;
BEGIN
  IF TG_OP = 'UPDATE' AND before IS NOT DISTINCT FROM NEW.record THEN RETURN NULL; END IF;
  INSERT INTO directory_events (tenant_id, kind, record_id)
  SELECT concerned, TG_ARGV[0], NEW.id FROM (
    SELECT tenants_concerned(TG_TABLE_NAME, NEW.id, before)
    UNION SELECT tenants_concerned(TG_TABLE_NAME, NEW.id, NEW.record)
  ) AS tenants (concerned);
  RETURN NULL;
END $$;

CREATE FUNCTION log_price_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO directory_events (kind, record_id) SELECT DISTINCT 'price', model FROM added;
  RETURN NULL;
END $$;

DO $$
DECLARE
  kinds jsonb := '{"tenants": "tenant", "products": "product", "users": "user", "api_keys": "api_key", "models": "model"}';
  collection text;
BEGIN
  FOR collection IN SELECT jsonb_object_keys(kinds) LOOP
    EXECUTE format('CREATE TRIGGER directory_turn BEFORE INSERT OR UPDATE ON directory_%s
      FOR EACH STATEMENT EXECUTE FUNCTION take_directory_turn()', collection);
    EXECUTE format('CREATE TRIGGER directory_event AFTER INSERT OR UPDATE ON directory_%s
      FOR EACH ROW EXECUTE FUNCTION log_directory_event(%L)', collection, kinds ->> collection);
  END LOOP;
END $$;
CREATE TRIGGER directory_turn BEFORE INSERT ON price_versions
  FOR EACH STATEMENT EXECUTE FUNCTION take_directory_turn();
CREATE TRIGGER price_event AFTER INSERT ON price_versions REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION log_price_event();
