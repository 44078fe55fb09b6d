import t from 'tap'
import { mysql } from '../../lib/dialects/mysql.ts'
import { Splitter } from '../../lib/text/split.ts'
import { eachServer } from '../servers/databases.ts'

const lexis = mysql.lexis()

function recoveryOf(text: string) {
  const [statement] = new Splitter([text], lexis)
  return mysql.recovery(statement!, lexis)
}

/** Statements in the order in which they run; each changes the database. */
const changing = [
  'CREATE TABLE plain (id int PRIMARY KEY, a int)',
  'CREATE TABLE `odd ``name`` \\\\ é` (id int)',
  'CREATE TABLE copied AS SELECT * FROM plain',
  'CREATE TABLE alike LIKE plain',
  'ALTER TABLE plain ADD COLUMN b varchar(20)',
  "ALTER TABLE plain MODIFY b varchar(30) COMMENT 'a comment'",
  'ALTER TABLE plain ALTER COLUMN b SET DEFAULT 7',
  'ALTER TABLE plain RENAME COLUMN b TO c',
  'ALTER TABLE plain ADD INDEX (a)',
  'ALTER TABLE plain ADD INDEX (a)',
  'ALTER TABLE plain ADD CONSTRAINT positive CHECK (a > 0)',
  'ALTER TABLE plain DROP CONSTRAINT positive',
  'ALTER TABLE plain CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
  "ALTER TABLE plain COMMENT = 'of the table'",
  'CREATE INDEX by_c ON plain (c(5))',
  'DROP INDEX by_c ON plain',
  'CREATE TABLE child (id int, plain_id int)',
  'ALTER TABLE child ADD CONSTRAINT to_plain FOREIGN KEY (plain_id) REFERENCES plain (id)',
  'ALTER TABLE child DROP FOREIGN KEY to_plain',
  'ALTER TABLE child RENAME TO grandchild',
  'RENAME TABLE grandchild TO child, alike TO alike2',
  'ALTER TABLE alike2 PARTITION BY HASH (id) PARTITIONS 3',
  'ALTER TABLE alike2 COALESCE PARTITION 1',
  'CREATE VIEW seen AS SELECT id FROM plain',
  'ALTER VIEW seen AS SELECT id, a FROM plain',
  'DROP VIEW seen',
  'CREATE TRIGGER fires BEFORE INSERT ON plain FOR EACH ROW SET NEW.a = 1',
  'DROP TRIGGER fires',
  'CREATE PROCEDURE p() SELECT 1',
  "ALTER PROCEDURE p COMMENT 'runs'",
  'DROP PROCEDURE p',
  'CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1',
  'DROP FUNCTION f',
  'CREATE EVENT daily ON SCHEDULE EVERY 1 DAY DO SELECT 1',
  'DROP EVENT daily',
  'DROP TABLE copied, `odd ``name`` \\\\ é`',
  // a reserved word names something in quotes or behind a dot, and so may be the database of the table alone
  'CREATE TABLE `table` (id int PRIMARY KEY)',
  'CREATE TABLE own_database.index (id int)',
  'ALTER TABLE own_database.`table` ADD COLUMN `on` int',
  'CREATE UNIQUE INDEX `to` ON own_database.`table` (`on`)',
  'ALTER TABLE own_database.index ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES own_database.`table` (id)',
  'ALTER TABLE own_database.index DROP FOREIGN KEY f',
  'DROP INDEX `to` ON `table`',
  'DROP TABLE own_database.index, `table`',
]

await eachServer(
  t,
  'the catalogue tells whether DDL took effect, and is blind to what happens by itself',
  async (t, { query }) => {
    const [{ own } = {}] = await query('SELECT DATABASE() AS own')
    for (const written of changing) {
      const statement = written.replaceAll('own_database', String(own))
      const recovery = recoveryOf(statement)
      if (recovery?.kind !== 'compare') {
        t.fail(`nothing to compare for: ${statement}`)
        continue
      }
      const look = async () => (await query(`SELECT ${recovery.fingerprint} AS now`))[0]!.now
      const before = await look()
      t.equal(await look(), before, `the same when nothing happened: ${statement}`)
      await query(statement)
      t.not(await look(), before, `another one after: ${statement}`)
      if (recovery.whole) t.equal((await query(recovery.whole)).length, 1, `whole: ${statement}`)
    }
    const { fingerprint } = recoveryOf('ALTER TABLE plain ADD d int') as { fingerprint: string }
    const look = async () => (await query(`SELECT ${fingerprint} AS now`))[0]!.now
    const before = await look()
    await query('INSERT INTO plain (id, a) VALUES (1, 1), (2, 2)')
    await query('ANALYZE TABLE plain')
    await query('CREATE TABLE another (id int)')
    t.equal(await look(), before, 'rows, statistics and other tables do not matter')
    await query('DROP TABLE another')
  },
  ['mysql', 'mariadb'],
)

await eachServer(
  t,
  'of a DROP of several tables, some of them gone is not the whole',
  async (t, { query }) => {
    await query('CREATE TABLE one (id int)')
    await query('CREATE TABLE two (id int)')
    const { whole } = recoveryOf('DROP TABLE one, two') as { whole: string }
    await query('DROP TABLE one')
    t.equal((await query(whole)).length, 0)
    await query('DROP TABLE two')
    t.equal((await query(whole)).length, 1)
  },
  ['mysql', 'mariadb'],
)

t.test('what may run again, and what nobody can tell', async (t) => {
  for (const statement of [
    'CREATE TABLE IF NOT EXISTS a (id int)',
    'CREATE OR REPLACE VIEW v AS SELECT 1',
    'DROP TABLE IF EXISTS a',
    'ANALYZE TABLE a',
    'GRANT SELECT ON a TO b',
    '/*!40000 ALTER TABLE a DISABLE KEYS */',
  ])
    t.strictSame(recoveryOf(statement), { kind: 'again' }, statement)
  t.strictSame(recoveryOf('TRUNCATE TABLE `a`.b'), { kind: 'again', unless: 'SELECT 1 FROM `a`.b LIMIT 1' })
  for (const statement of [
    'CALL p()',
    "CREATE USER a IDENTIFIED BY 'b'",
    'ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b',
    'ALTER TABLE a TRUNCATE PARTITION p',
    'ALTER TABLE a DISCARD TABLESPACE',
    'INSERT INTO a VALUES (1)',
  ])
    t.equal(recoveryOf(statement), undefined, statement)
})
