-- The device flow: terminals that wait for somebody's approval, and codes that were typed wrongly.

CREATE TABLE device_requests (
    id TEXT COLLATE "C" PRIMARY KEY,                -- what is approved; shown to nobody but who typed the code
    user_code TEXT COLLATE "C" NOT NULL,            -- unique among those that are kept
    digest BYTES NOT NULL,                          -- SHA-256 of what the terminal polls with
    client_id TEXT NOT NULL,
    program TEXT NOT NULL,                          -- this and the next two as the terminal says, unverified
    host TEXT NOT NULL,
    name TEXT NOT NULL,                             -- of the token; empty for one of our making
    source TEXT NOT NULL,
    network TEXT COLLATE "C" NOT NULL,              -- the source as it is counted
    scopes TEXT NOT NULL,                           -- JSON list
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    interval BIGINT NOT NULL,                       -- microseconds
    state TEXT NOT NULL,
    last_polled_at BIGINT,
    decided_by BIGINT,                              -- a manager, who may be gone
    decided_at BIGINT,
    shown_permissions TEXT NOT NULL,                -- JSON list: those of the approver that the page showed
    terminal_key TEXT,
    project TEXT
);
CREATE UNIQUE INDEX device_requests_by_code ON device_requests (user_code);
CREATE UNIQUE INDEX device_requests_by_digest ON device_requests (digest);
CREATE INDEX device_requests_by_end ON device_requests (expires_at);

CREATE TABLE device_guesses (
    manager_id BIGINT NOT NULL REFERENCES managers (id) ON DELETE CASCADE,
    network TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX device_guesses_by_time ON device_guesses (at);

ALTER TABLE tokens ADD COLUMN terminal_key TEXT;    -- Ed25519, base64url: whose signature its revocation takes
ALTER TABLE tokens ADD COLUMN project TEXT;         -- the only one that it is for; NULL: any
ALTER TABLE managers ADD COLUMN home_dc TEXT;       -- the data centre that the manager belongs to; NULL: this one
