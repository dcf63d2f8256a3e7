-- The device flow: who began, when a credential was shown, and what became of it.

ALTER TABLE device_requests ADD COLUMN owner_id BIGINT;     -- the manager who began it; NULL: a stranger
ALTER TABLE device_requests ADD COLUMN token_id TEXT;       -- the token that was made of it
