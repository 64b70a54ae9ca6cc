-- The store in SQLite, version 1.
--
-- A chain is one row, born as a card; device and equipment join it. Keys live in `name`, which hardly
-- changes; nothing that changes is indexed; history has one place to append, one row per commit.
-- Columns that SQL can read are there for people and for the start of the program; the whole of a
-- chain, an event or an answer is its `body`, written by store/codec and store/event_page.
-- Times are milliseconds since 1970-01-01T00:00:00Z.

-- What the kinds in `name` and `record` mean.
CREATE TABLE kind (
    number INTEGER PRIMARY KEY,
    word   TEXT NOT NULL             -- Name::Kind, domain/view.hpp
) STRICT;

INSERT INTO kind (number, word) VALUES
    (1, 'iccid'),                    -- ITU-T E.118; ETSI TS 102 221 clause 13.2
    (2, 'imsi'),                     -- ITU-T E.212; 3GPP TS 23.003 clause 2.2; scope: operator
    (3, 'subscription'),             -- the operator's own reference; scope: operator
    (4, 'device'),                   -- unique on the platform
    (5, 'equipment'),                -- unique per equipment provider; scope: equipment provider
    (16, 'claim'), (17, 'batch'), (18, 'batch_open'), (19, 'equipment_card'), (20, 'party'),
    (21, 'key'), (22, 'endpoint'), (23, 'endpoint_state'), (24, 'delivery'),
    (25, 'operator_settings'), (26, 'operator_event'), (27, 'setting');

-- Under which names chains are known, now and before. Law 5, "one live chain per name", is its key.
CREATE TABLE name (
    kind   INTEGER NOT NULL,         -- kind.number
    scope  TEXT    NOT NULL,         -- within which the value is unique; empty: the platform
    value  TEXT    NOT NULL,         -- the identifier in its canonical form (domain/identity.hpp)
    ended  INTEGER NOT NULL,         -- when it ceased to lead there, raised where that time is taken;
                                     -- 9223372036854775807 while it is live
    chain  INTEGER NOT NULL,         -- chain.id
    PRIMARY KEY (kind, scope, value, ended)
) STRICT, WITHOUT ROWID;

-- What is short stands before the body: a scan for due work does not read what overflows.
CREATE TABLE chain (
    id           INTEGER PRIMARY KEY,   -- ChainId
    version      INTEGER NOT NULL,      -- grows by one with each write: what a decision was based on
    due_at       INTEGER,               -- exchange.due: when to look at it again; null: nothing to do
    due_operator TEXT,                  -- subscription.at, where due_at is set
    newest_entry INTEGER NOT NULL,      -- place of its newest event in history; 0: none
    customer     TEXT    NOT NULL,      -- who uses the M2M service
    status       TEXT    NOT NULL,      -- of the M2M service: active, de-active, stopped
    wanted       TEXT    NOT NULL,      -- of the network: activate, de-activate, reclaim
    body         BLOB    NOT NULL,      -- the whole chain, store/codec.hpp
    spare        BLOB    NOT NULL       -- room to grow: a row keeps its size over most changes, and
                                        -- its page is not split
) STRICT;

-- Append-only. A place is the lane times 2^48 plus the position in the lane, which grows by one with
-- each event.
CREATE TABLE history (
    place  INTEGER PRIMARY KEY,      -- of the first event of the commit
    events INTEGER NOT NULL,         -- how many there are
    at     INTEGER NOT NULL,         -- when they were committed
    body   BLOB    NOT NULL          -- store/event_page.hpp
) STRICT;

-- Where a party finds its events: one row per party and commit. Numbers have no gap.
CREATE TABLE feed (
    party   TEXT    NOT NULL,
    first   INTEGER NOT NULL,        -- number of the party's first event in the commit
    count   INTEGER NOT NULL,        -- how many of its events are the party's
    history INTEGER NOT NULL,        -- history.place
    PRIMARY KEY (party, first)
) STRICT, WITHOUT ROWID;

-- What others keep, as they wrote it.
CREATE TABLE record (
    kind    INTEGER NOT NULL,        -- kind.number
    scope   TEXT    NOT NULL,
    value   TEXT    NOT NULL,
    version INTEGER NOT NULL,        -- the transaction that wrote it: batch times 1024 plus lane
    body    BLOB    NOT NULL,
    PRIMARY KEY (kind, scope, value)
) STRICT, WITHOUT ROWID;

-- What an idempotency key was answered, for 24 hours. By age, so that the oldest go together.
CREATE TABLE answer (
    id      INTEGER PRIMARY KEY,
    party   TEXT    NOT NULL,
    key     TEXT    NOT NULL,        -- Idempotency-Key (IETF draft-ietf-httpapi-idempotency-key-header)
    at      INTEGER NOT NULL,
    version INTEGER NOT NULL,        -- as in record
    body    BLOB    NOT NULL,        -- fingerprint and answer, store/codec.hpp
    UNIQUE (party, key)
) STRICT;

-- Each writer raises the batch of its lane in every transaction: after a lost connection it tells
-- whether the last one is in.
CREATE TABLE lane (
    number INTEGER PRIMARY KEY,
    batch  INTEGER NOT NULL
) STRICT;
