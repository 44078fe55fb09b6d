import type { Kind } from '../servers/databases.ts'

type Files = Readonly<Record<string, string>>

const id = (number: number, slug: string) => `202501${String(number).padStart(2, '0')}_000000_${slug}`

/** A row of its own for each statement that matters: done twice it is there twice, skipped it is missing. */
const trace = (step: number, part: number) => `INSERT INTO trace VALUES (${step}, ${part});`

const rows = (from: number, to: number, text: string) =>
  Array.from({ length: to - from + 1 }, (_, index) => `(${from + index}, '${text}${from + index}', 'new')`).join(', ')

/** Every kind of file: DDL, rows, both, guards, without a transaction, code in the server, much data. */
export function crashChain(kind: Kind): Files {
  const own = kind === 'postgres' ? onPostgres : kind === 'sqlite' ? onSqlite : onMysql
  return { ...common(kind), ...own }
}

function common(kind: Kind): Files {
  const big = Array.from(
    { length: 40 },
    (_, n) => `INSERT INTO bulk VALUES ${rows(n * 100 + 1, n * 100 + 100, 'x'.repeat(300))};`,
  )
  return {
    [id(1, 'tables')]: `CREATE TABLE trace (step integer NOT NULL, part integer NOT NULL);
${trace(1, 1)}
CREATE TABLE leads (id integer PRIMARY KEY, email varchar(100), status varchar(20));
INSERT INTO leads VALUES ${rows(1, 50, 'a')};
${trace(1, 2)}`,
    [id(2, 'rows')]: `UPDATE leads SET status = 'old' WHERE id <= 20;
${trace(2, 1)}
DELETE FROM leads WHERE id > 45;
${trace(2, 2)}
INSERT INTO leads VALUES ${rows(100, 110, 'b')};`,
    [id(3, 'both')]: `${trace(3, 1)}
ALTER TABLE leads ADD COLUMN source varchar(20) DEFAULT 'web';
UPDATE leads SET source = 'mail' WHERE id < 10;
${trace(3, 2)}
CREATE INDEX lead_email ON leads (email);
CREATE TABLE log (id integer PRIMARY KEY, lead_id integer REFERENCES leads (id));
INSERT INTO log SELECT id, id FROM leads WHERE id < 5;
${trace(3, 3)}`,
    [id(4, 'guards')]: `-- sqlmig: when column leads.source exists
${trace(4, 1)}
-- sqlmig: when table nothing exists
${trace(4, 99)}
-- sqlmig: when column leads.score absent
ALTER TABLE leads ADD COLUMN score integer;
-- sqlmig: when above
UPDATE leads SET score = id * 2;
-- sqlmig: when rows (SELECT 1 FROM trace WHERE step = 4 AND part = 2) absent
${trace(4, 2)}`,
    [id(5, 'no_transaction')]: `-- sqlmig: no-transaction
${trace(5, 1)}
CREATE TABLE apart (id integer PRIMARY KEY, name varchar(20));
${kind === 'postgres' ? 'CREATE INDEX CONCURRENTLY lead_status ON leads (status);' : 'CREATE INDEX lead_status ON leads (status);'}
${kind === 'sqlite' ? 'VACUUM;' : trace(5, 9)}
INSERT INTO apart VALUES (1, 'one');
${trace(5, 2)}`,
    [id(7, 'big')]: `CREATE TABLE bulk (id integer PRIMARY KEY, text varchar(400), state varchar(20));
${big.join('\n')}
${trace(7, 1)}`,
    [id(8, 'names')]: `ALTER TABLE apart RENAME TO beside;
${trace(8, 1)}
CREATE TABLE gone (id integer);
INSERT INTO gone VALUES (1);
DROP TABLE gone;
${trace(8, 2)}`,
  }
}

const onPostgres: Files = {
  [id(6, 'code')]: `CREATE VIEW open_leads AS SELECT id, email FROM leads WHERE status = 'new';
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.source := 'stamped'; RETURN NEW; END $$;
CREATE TRIGGER stamp BEFORE INSERT ON leads FOR EACH ROW EXECUTE FUNCTION stamp();
INSERT INTO leads (id, email) VALUES (200, 'c');
${trace(6, 1)}`,
  [id(9, 'copied')]: `CREATE TABLE copied (id integer PRIMARY KEY, name text);
COPY copied (id, name) FROM stdin;
${Array.from({ length: 500 }, (_, n) => `${n}\tname ${n}`).join('\n')}
\\.
${trace(9, 1)}`,
  [id(10, 'concurrently')]: `-- sqlmig: no-transaction
CREATE UNIQUE INDEX CONCURRENTLY bulk_text ON bulk (text);
${trace(10, 1)}
DROP INDEX CONCURRENTLY lead_email;
${trace(10, 2)}`,
}

const onSqlite: Files = {
  [id(6, 'code')]: `CREATE VIEW open_leads AS SELECT id, email FROM leads WHERE status = 'new';
CREATE TRIGGER stamp AFTER INSERT ON leads BEGIN UPDATE leads SET source = 'stamped' WHERE id = NEW.id; END;
INSERT INTO leads (id, email) VALUES (200, 'c');
${trace(6, 1)}`,
  [id(9, 'rebuilt')]:
    `CREATE TABLE lead_new (id integer PRIMARY KEY, email text NOT NULL, status text, source text, score integer);
INSERT INTO lead_new SELECT id, email, status, source, score FROM leads;
DROP VIEW open_leads;
DROP TABLE leads;
ALTER TABLE lead_new RENAME TO leads;
${trace(9, 1)}`,
}

const onMysql: Files = {
  [id(6, 'code')]: `CREATE VIEW open_leads AS SELECT id, email FROM leads WHERE status = 'new';
DELIMITER //
CREATE PROCEDURE touch() BEGIN UPDATE leads SET score = score + 1; INSERT INTO trace VALUES (6, 98); END//
CREATE TRIGGER stamp BEFORE INSERT ON leads FOR EACH ROW BEGIN SET NEW.source = 'stamped'; END//
DELIMITER ;
INSERT INTO leads (id, email) VALUES (200, 'c');
${trace(6, 1)}`,
  [id(9, 'alters')]: `${trace(9, 1)}
ALTER TABLE leads MODIFY status varchar(30) NULL COMMENT 'of the lead';
ALTER TABLE leads RENAME COLUMN score TO points;
ALTER TABLE log ADD COLUMN more integer, ADD INDEX (more);
ALTER TABLE log ADD INDEX (more);
${trace(9, 2)}
ALTER TABLE log ADD CONSTRAINT log_lead FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE;
RENAME TABLE beside TO apart, bulk TO heap;
DROP VIEW open_leads;
DROP TABLE apart;
DROP INDEX lead_email ON leads;
${trace(9, 3)}`,
}
