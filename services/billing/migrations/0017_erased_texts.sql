-- What people wrote freely about or as somebody goes when that person is erased; sums, moments and ids stay. An entry
-- stays final but for this: its reason may become the word `erased`, and nothing else of it may change with that.
DROP TRIGGER entries_are_final ON entries;
CREATE TRIGGER entries_are_never_deleted BEFORE DELETE ON entries
  FOR EACH ROW EXECUTE FUNCTION refuse_change('entries are corrected by opposite ones');
CREATE TRIGGER entries_are_final BEFORE UPDATE ON entries FOR EACH ROW
  WHEN (NEW.reason IS DISTINCT FROM 'erased' OR to_jsonb(OLD) - 'reason' IS DISTINCT FROM to_jsonb(NEW) - 'reason')
  EXECUTE FUNCTION refuse_change('entries are corrected by opposite ones');
CREATE INDEX entries_adjusted_of ON entries (owner_id) WHERE adjustment_id IS NOT NULL;
CREATE INDEX entries_adjusted_by ON entries (author) WHERE adjustment_id IS NOT NULL;

-- Runs as the owner: the service's role can't change entries, and the texts are looked for in all tenants.
CREATE FUNCTION erase_texts(subjects text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE budget_requests SET reason = 'erased', note = CASE WHEN note IS NOT NULL THEN 'erased' END
  WHERE subject_id = ANY (subjects) AND (reason <> 'erased' OR note <> 'erased');
  UPDATE budget_requests SET note = 'erased' WHERE decided_by = ANY (subjects) AND note <> 'erased';
  UPDATE entries SET reason = 'erased'
  WHERE adjustment_id IS NOT NULL AND owner_id = ANY (subjects) AND reason <> 'erased';
  UPDATE entries SET reason = 'erased'
  WHERE adjustment_id IS NOT NULL AND author = ANY (subjects) AND reason <> 'erased';
  DELETE FROM notices
  WHERE content ->> 'subjectId' = ANY (subjects) OR content -> 'values' ->> 'subjectId' = ANY (subjects)
$$;
REVOKE EXECUTE ON FUNCTION erase_texts FROM PUBLIC;
