-- Signed checkpoints of the audit chain, the keys that sign them, and the ways to records of one actor or target.

CREATE TABLE audit_keys (
    verifier TEXT COLLATE "C" PRIMARY KEY,          -- NAME+HASH+KEY, as C2SP's signed notes write it
    added_at BIGINT NOT NULL
);

CREATE TABLE audit_checkpoints (
    number BIGINT PRIMARY KEY,
    size BIGINT NOT NULL,                           -- the seq of the last record that it covers
    at BIGINT NOT NULL,
    note TEXT NOT NULL                              -- the signed note, whole
);
CREATE INDEX audit_checkpoints_by_size ON audit_checkpoints (size, number);

CREATE INDEX audit_by_actor ON audit (actor, seq);
CREATE INDEX audit_by_target ON audit (target, seq);
