-- The store in SQLite, version 2: a row of history is tied to the rows before it in its lane, so
-- that one that was changed, taken out, put in or moved is found (store/seal.hpp).

ALTER TABLE history ADD COLUMN
    seal BLOB NOT NULL DEFAULT x'';     -- store/seal.hpp; empty: the row is older than seals

-- The rows from before seals, lane by lane: where they end, and the tie that the first row with a
-- seal goes on from. Written once, by the program, as it takes the database to this version.
CREATE TABLE unsealed (
    lane INTEGER PRIMARY KEY,
    ends INTEGER NOT NULL,              -- the place after the last of them
    tie BLOB    NOT NULL               -- over all of them
) STRICT;
