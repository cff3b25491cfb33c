-- An approval is a top-up of this month. Approvals that pointed at a limit changed elsewhere granted nothing here.
UPDATE budget_requests SET granted_nano_eur = 0 WHERE state = 'approved' AND granted_nano_eur IS NULL;
ALTER TABLE budget_requests DROP COLUMN measure;
ALTER TABLE budget_requests ADD CONSTRAINT approvals_grant CHECK ((state = 'approved') = (granted_nano_eur IS NOT NULL));
