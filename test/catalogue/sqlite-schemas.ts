import type { Catalogue } from '../../lib/catalogue/model.ts'
import { readCatalogue } from '../../lib/catalogue/read.ts'
import type { Session } from '../../lib/drivers/driver.ts'
import { parseUrl } from '../../lib/drivers/url.ts'
import { withSession, writing } from '../drivers/servers.ts'

const memory = parseUrl(':memory:')

export function inMemory<T>(work: (session: Session) => Promise<T>): Promise<T> {
  return withSession(memory, writing, work)
}

export function read(session: Session): Promise<Catalogue> {
  return readCatalogue(session, 'sqlite', 'SQLite', { without: [], grants: false })
}

/** What a database that these statements made says of itself. */
export function built(statements: readonly string[]): Promise<Catalogue> {
  return inMemory(async (session) => {
    await session.exec(statements)
    return read(session)
  })
}

/** Everything that SQLite knows, in many manners of writing. */
export const everything: readonly string[] = [
  `create table "order" ("select" integer primary key autoincrement, [a b] text collate nocase, \`c"d\` blob default x'0aff')`,
  `CREATE TABLE lead (
  id INTEGER PRIMARY KEY, -- the key
  email VARCHAR ( 255 ) NOT NULL ON CONFLICT REPLACE DEFAULT ('nobody') CONSTRAINT mail UNIQUE ON CONFLICT IGNORE,
  status text DEFAULT "new" CHECK ("status" IN ('new','old')) CONSTRAINT named CHECK (length(status)<10) CHECK (1),
  score NUMERIC(10,2) default -1.5,
  at TEXT DEFAULT CURRENT_TIMESTAMP,
  made TEXT DEFAULT (datetime('now')) CONSTRAINT there NOT NULL,
  parent REFERENCES lead ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
  flag BOOLEAN DEFAULT true,
  none NULL DEFAULT NULL,
  up AS (upper(email)),
  sum REAL GENERATED ALWAYS AS (score*2.5 + - 1) STORED,
  CONSTRAINT pair UNIQUE (status COLLATE nocase DESC, score) CONSTRAINT fk FOREIGN KEY (parent) REFERENCES "order"("select") ON DELETE RESTRICT
  CHECK (score >= -.5 OR status LIKE '%''x' ESCAPE '\\' AND NOT (email IS NULL)),
  CHECK (CASE WHEN score>1 THEN email GLOB 'a*' ELSE status||'x'<>'y' END)
)`,
  'CREATE TABLE strict_one (a ANY, b INT NOT NULL, c TEXT, PRIMARY KEY (b, c DESC)) WITHOUT ROWID, STRICT',
  'CREATE TABLE descending (id INTEGER PRIMARY KEY DESC, other INT PRIMARY_KEY)',
  'CREATE TABLE ascending (id INTEGER, x, PRIMARY KEY (id DESC) ON CONFLICT FAIL)',
  'CREATE TABLE odd (a "my type", b UNSIGNED BIG INT, c DOUBLE PRECISION, d, e DECIMAL(10,5) UNIQUE, UNIQUE (e), UNIQUE (e, d))',
  'CREATE TABLE copied AS SELECT id, email, score FROM lead',
  "CREATE TABLE words_as_names (key INT CHECK (words_as_names.key > 0), [desc] TEXT, generated INT, x AS (generated + - - stored), stored INT, UNIQUE ('key', [desc] DESC))",
  'CREATE TABLE circle_a (id INTEGER PRIMARY KEY, b REFERENCES circle_b)',
  'CREATE TABLE circle_b (id INTEGER PRIMARY KEY, a REFERENCES circle_a (id))',
  'CREATE TABLE orphan (a REFERENCES nowhere, b REFERENCES strict_one)',
  "CREATE UNIQUE INDEX lead_mail ON lead (lower(email), score DESC, status COLLATE RTRIM ASC) WHERE status != 'old' -- why",
  'CREATE INDEX plain ON "order" ([a b])',
  "CREATE VIRTUAL TABLE words USING fts5(title, body, tokenize = 'porter')",
  'CREATE VIEW young (mail, n) AS SELECT email, count(*) FROM lead GROUP BY 1 -- all of them',
  'CREATE VIEW above AS SELECT * FROM young',
  `CREATE TRIGGER stamp AFTER UPDATE OF status, email ON lead FOR EACH ROW WHEN old.status <> new.status
BEGIN
  UPDATE lead SET at = 'x;y' WHERE id = new.id; -- a comment;
  INSERT INTO "order" ([a b]) SELECT CASE WHEN new.id > 1 THEN 'a' END;
END`,
  "CREATE TRIGGER into_view INSTEAD OF INSERT ON above BEGIN SELECT RAISE(ABORT, 'no'); END",
]
