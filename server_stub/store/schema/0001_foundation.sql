-- The foundation: managers and what they may do, tokens, settings, and the audit chain.
-- Times are UTC microseconds. Words that differ between engines (BYTES, CLUSTERED, COLLATE "C")
-- are translated by the engine's flavour.

CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('managers', 0), ('roles', 0), ('realms', 0);

CREATE TABLE managers (
    id BIGINT PRIMARY KEY,
    username TEXT COLLATE "C" NOT NULL UNIQUE,      -- in its canonical form
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    built_in BIGINT NOT NULL,
    permissions TEXT NOT NULL,                      -- JSON list, beside those of the roles
    max_api_tokens BIGINT,                          -- NULL: the number for all
    password_hash TEXT,                             -- argon2id; NULL: nobody can sign in by password
    password_set_at BIGINT,
    password_temporary BIGINT NOT NULL,
    password_expiration_disabled BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_login_at BIGINT
);

CREATE TABLE password_history (
    manager_id BIGINT NOT NULL REFERENCES managers (id) ON DELETE CASCADE,
    set_at BIGINT NOT NULL,
    password_hash TEXT NOT NULL,
    PRIMARY KEY (manager_id, set_at)
);

CREATE TABLE sign_in_attempts (
    username TEXT COLLATE "C" NOT NULL,             -- canonical, whether such a manager exists or not
    source TEXT COLLATE "C" NOT NULL,               -- the network the attempts came from
    failures BIGINT NOT NULL,
    last_failed_at BIGINT NOT NULL,
    PRIMARY KEY (username, source)
);

CREATE TABLE realms (
    id BIGINT PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    built_in BIGINT NOT NULL,
    object_types TEXT NOT NULL                      -- JSON list
);

CREATE TABLE roles (
    id BIGINT PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    built_in BIGINT NOT NULL,
    permissions TEXT NOT NULL                       -- JSON list of TYPE_REALM
);

CREATE TABLE manager_roles (
    manager_id BIGINT NOT NULL REFERENCES managers (id) ON DELETE CASCADE,
    role_id BIGINT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    PRIMARY KEY (manager_id, role_id)
);
CREATE INDEX manager_roles_by_role ON manager_roles (role_id);

CREATE TABLE tokens (
    id TEXT COLLATE "C" PRIMARY KEY,                -- begins with the time of making
    digest BYTES NOT NULL,                          -- never to be looked up by: find by id, then compare
    kind TEXT NOT NULL CHECK (kind IN ('api', 'device', 'session', 'refresh')),
    owner_id BIGINT NOT NULL REFERENCES managers (id) ON DELETE CASCADE,
    parent_id TEXT COLLATE "C" REFERENCES tokens (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,                              -- the earliest of all ends; NULL: never
    last_used_at BIGINT,
    revoked_at BIGINT,
    max_expires_at BIGINT,                          -- the hard end
    sliding_window BIGINT,                          -- microseconds, as are the next three
    period BIGINT,
    first_granted BIGINT,
    granted BIGINT,
    renewed_at BIGINT,
    renewable BIGINT NOT NULL,
    uses_left BIGINT,                               -- NULL: any number
    policies TEXT,                                  -- JSON list of role names; NULL: all of the owner's
    scopes TEXT NOT NULL,                           -- JSON list
    meta TEXT NOT NULL,                             -- JSON object, string to string
    path TEXT COLLATE "C" NOT NULL,
    old_digest BYTES,                               -- good until the next, after a rotation
    old_digest_until BIGINT
) CLUSTERED;
CREATE INDEX tokens_by_owner ON tokens (owner_id, revoked_at, id);
CREATE INDEX tokens_by_parent ON tokens (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX tokens_by_name ON tokens (name, id);

CREATE TABLE nodes (
    uuid TEXT COLLATE "C" PRIMARY KEY,
    path TEXT COLLATE "C" NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

-- What Vault's door makes tokens by when a role is named (auth/token/roles).
CREATE TABLE token_roles (
    name TEXT COLLATE "C" PRIMARY KEY,
    allowed_policies TEXT NOT NULL,                 -- JSON list, as are the next three
    allowed_policies_glob TEXT NOT NULL,
    disallowed_policies TEXT NOT NULL,
    disallowed_policies_glob TEXT NOT NULL,
    orphan BIGINT NOT NULL,
    renewable BIGINT NOT NULL,
    path_suffix TEXT NOT NULL,
    period BIGINT,                                  -- microseconds, as is the next
    explicit_max_ttl BIGINT,
    num_uses BIGINT NOT NULL,
    no_default_policy BIGINT NOT NULL
);

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL                             -- JSON
);

CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    auth_method TEXT NOT NULL,
    source TEXT NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,                           -- canonical JSON (RFC 8785)
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL                              -- 64 hex digits, as in the record
);

-- The end of the chain. Every group of writes holds this row, which puts all writers in one order.
CREATE TABLE audit_head (
    server_id TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
