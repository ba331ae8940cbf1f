-- The run ledger, version 1. Times are texts from the caller, dates are YYYY-MM-DD.
BEGIN;
CREATE TABLE runs (
    attempt    INTEGER PRIMARY KEY AUTOINCREMENT,
    run        TEXT NOT NULL,
    as_of      TEXT NOT NULL,
    state      TEXT NOT NULL,   -- running, published, unchanged, failed, interrupted, withdrawn, collected
    seq        INTEGER,         -- place in the order of publishing
    started_at TEXT,
    ended_at   TEXT,
    exit_code  INTEGER,
    message    TEXT,
    summary    TEXT             -- JSON
);
CREATE INDEX runs_by_run ON runs (run, attempt);
CREATE TABLE stages (
    attempt     INTEGER NOT NULL REFERENCES runs (attempt),
    stage       TEXT NOT NULL,
    key         TEXT NOT NULL,
    seconds     REAL NOT NULL,
    cpu_seconds REAL NOT NULL,
    rows_in     INTEGER NOT NULL,
    rows_out    INTEGER NOT NULL,
    bytes_out   INTEGER NOT NULL,
    peak_memory INTEGER NOT NULL, -- bytes
    reused      INTEGER NOT NULL  -- 1 when an earlier stage of the same content was taken
);
CREATE INDEX stages_by_attempt ON stages (attempt);
CREATE TABLE inputs (
    attempt         INTEGER NOT NULL REFERENCES runs (attempt),
    source          TEXT NOT NULL,
    feed            TEXT NOT NULL,
    file            TEXT NOT NULL,
    bytes           INTEGER NOT NULL,
    blake3          TEXT NOT NULL,
    rows_read       INTEGER NOT NULL,
    rows_loaded     INTEGER NOT NULL,
    rows_rejected   INTEGER NOT NULL,
    rows_filtered   INTEGER NOT NULL,
    rows_superseded INTEGER NOT NULL
);
CREATE INDEX inputs_by_attempt ON inputs (attempt);
CREATE TABLE audit (
    entry INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    at    TEXT NOT NULL,
    who   TEXT NOT NULL,
    what  TEXT NOT NULL           -- JSON
);
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_is_never_cut BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
PRAGMA user_version = 1;
COMMIT;
