"""The tables, as numbered steps: step N brings a database from version N-1 to version N.

Steps are only ever appended. A step that has been shipped is left alone: databases out there ran it.

Jobs keep every distinct text once: a job owns the text ids from `text_first` on, a request holds its
documents as 32-bit offsets from there, and pairs are counted through all requests from 0. Texts are
UTF-8 in blobs, because spreadsheets contain lone surrogates and NUL characters. Scores come in the
scorer's order, which is not the pairs': a micro-batch is one appended row of packed scores, where a row
per pair would rewrite as many pages as it has pairs.
"""

from core.storage.database import Migration

JOBS: tuple[Migration, ...] = (
    (
        """
        CREATE TABLE job (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            place INTEGER NOT NULL,
            settings TEXT NOT NULL,
            model TEXT,
            fingerprint TEXT,
            inputs TEXT NOT NULL,
            created REAL NOT NULL,
            started REAL,
            finished REAL,
            queries INTEGER NOT NULL,
            pairs INTEGER NOT NULL,
            notice TEXT,
            text_first INTEGER NOT NULL,
            text_count INTEGER NOT NULL
        )
        """,
        "CREATE INDEX job_by_state ON job (state, place)",
        "CREATE TABLE text (id INTEGER PRIMARY KEY, body BLOB NOT NULL)",
        """
        CREATE TABLE request (
            job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
            position INTEGER NOT NULL,
            first_pair INTEGER NOT NULL,
            query INTEGER NOT NULL,
            instruction INTEGER,
            documents BLOB NOT NULL,
            PRIMARY KEY (job, position)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE tally (
            job INTEGER PRIMARY KEY REFERENCES job ON DELETE CASCADE,
            done INTEGER NOT NULL DEFAULT 0,
            from_cache INTEGER NOT NULL DEFAULT 0,
            tokens INTEGER NOT NULL DEFAULT 0,
            seconds REAL NOT NULL DEFAULT 0,
            scoring_seconds REAL NOT NULL DEFAULT 0
        )
        """,
        """
        CREATE TABLE scores (
            job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
            first_pair INTEGER NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (job, first_pair)
        )
        """,
        """
        CREATE TABLE attachment (
            job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
            name TEXT NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (job, name)
        )
        """,
    ),
    (
        # Whether somebody has seen that the job ended; what there was before counts as seen.
        "ALTER TABLE job ADD COLUMN looked INTEGER NOT NULL DEFAULT 1",
    ),
    (
        # How runs came out, worked out once; `basis` changes with what that rests on. No body: no labels.
        """
        CREATE TABLE standing (
            job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
            measure TEXT NOT NULL,
            basis TEXT NOT NULL,
            body TEXT,
            PRIMARY KEY (job, measure)
        ) WITHOUT ROWID
        """,
        # What people noted; both are JSON.
        """
        CREATE TABLE remark (
            job INTEGER PRIMARY KEY REFERENCES job ON DELETE CASCADE,
            note TEXT NOT NULL,
            tags TEXT NOT NULL
        )
        """,
    ),
)

CACHE: tuple[Migration, ...] = (
    (
        # `used` is the tick of the last use; ticks count the cache's own transactions, not time.
        """
        CREATE TABLE score (
            key BLOB PRIMARY KEY,
            logit REAL NOT NULL,
            probability REAL NOT NULL,
            tokens INTEGER NOT NULL,
            truncated INTEGER NOT NULL,
            used INTEGER NOT NULL
        ) WITHOUT ROWID
        """,
        "CREATE TABLE clock (tick INTEGER NOT NULL)",
        "INSERT INTO clock VALUES (0)",
    ),
)
