-- Who was erased. PocketBase keeps the same list; the two are united at every comparison, so that whichever is restored
-- from an older backup is told again. Money rows keep the opaque subject id: their sums stay.
CREATE TABLE erasures (
  subject_id text PRIMARY KEY,
  -- empty where nobody knows it any more
  tenant_id text NOT NULL,
  erased_at timestamptz(3) NOT NULL,
  erased_by text NOT NULL
);
CREATE INDEX ON erasures (tenant_id, subject_id);
