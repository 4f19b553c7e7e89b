-- What channels say by themselves, and the words that opt out beside the usual ones.

ALTER TABLE channels ADD COLUMN automation TEXT NOT NULL DEFAULT '';
ALTER TABLE workspaces ADD COLUMN opt_out_words TEXT NOT NULL DEFAULT '';
