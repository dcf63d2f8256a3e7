-- What was answered to changes that carried an Idempotency-Key, for a client that lost the answer.

CREATE TABLE idempotency_keys (
    key_digest BYTES PRIMARY KEY,                   -- SHA-256 of the key, which is nowhere kept
    seq BIGINT NOT NULL UNIQUE,                     -- in the order of keeping, for pruning
    request_mark BYTES NOT NULL,                    -- of the request and who asked, keyed by the key
    answer BYTES NOT NULL,                          -- sealed under the key: only who holds that can read it
    created_at BIGINT NOT NULL
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);
