-- Where a customer is found in other systems: names and addresses with variables (G3.1).
ALTER TABLE workspaces ADD COLUMN external_links TEXT NOT NULL DEFAULT '[]';
