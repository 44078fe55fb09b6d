import t from 'tap'
import { reviewed, rulesOf } from './reviewed.ts'

const landed = ['CREATE TABLE lead (id bigint PRIMARY KEY, score int, email text);']
const given = { dialect: 'postgres', landed } as const

t.test('a finding has its place and the statement in its safe way', async (t) => {
  const [found] = reviewed(['SELECT 1;\n  CREATE INDEX ON lead (score);\n'], given)
  t.match(found, { rule: 'index-not-concurrent', severity: 'warning', path: 'new 1', place: { line: 2, column: 3 } })
  t.match(found?.safe, /no-transaction.*\nCREATE INDEX CONCURRENTLY ON lead \(score\);$/)
})

t.test('what has landed is not reviewed again', async (t) => {
  t.same(reviewed(['SELECT 1;'], { ...given, landed: [...landed, 'CREATE INDEX ON lead (score);'] }), [])
})

t.test('a table that a pending file makes is new to the next pending file', async (t) => {
  t.same(reviewed(['CREATE TABLE visit (id int);', 'CREATE INDEX ON visit (id);'], given), [])
})

t.test('ignore directly above a statement overrules the rule there alone', async (t) => {
  const sql = `SELECT 1;
-- sqlmig: ignore index-not-concurrent a hundred rows
CREATE INDEX ON lead (score);
CREATE INDEX ON lead (email);`
  t.same(
    reviewed([sql], given).map(({ rule, place }) => [rule, place.line]),
    [['index-not-concurrent', 4]],
  )
})

t.test('in the head, with an empty line below, it overrules the rule in the whole file', async (t) => {
  const body = 'CREATE INDEX ON lead (score);\nCREATE INDEX ON lead (email);'
  const ignore = '-- sqlmig: ignore index-not-concurrent a hundred rows\n'
  t.same(reviewed([`-- About leads.\n${ignore}\n${body}`], given), [])
  t.same(reviewed([`${ignore}\r\n\r\n${body}`], given), [])
  t.equal(reviewed([`${ignore}${body}`], given).length, 1, 'directly above the first statement it is about that one')
  t.equal(reviewed([`${ignore}\n${body}`, body], given).length, 2, 'and another file has its own')
})

t.test('a rule that does not exist is an error, and the near one is named', async (t) => {
  const remarks = reviewed(['-- sqlmig: ignore index-not-concurent because\nCREATE INDEX ON lead (score);'], given)
  t.match(
    remarks.find(({ rule }) => rule === 'directive'),
    { severity: 'error', place: { line: 1 }, message: /no rule "index-not-concurent"/, safe: /index-not-concurrent/ },
  )
  t.ok(rulesOf(remarks).includes('index-not-concurrent'), 'and nothing is overruled')
})

t.test('an ignore that overrules nothing is told', async (t) => {
  const sql = '-- sqlmig: ignore drop-table it was empty\nSELECT 1;'
  t.match(reviewed([sql], given), [{ rule: 'unused-ignore', severity: 'note', place: { line: 1 } }])
  t.match(reviewed([`-- sqlmig: ignore truncate it was empty\n\nSELECT 1;`], given), [{ rule: 'unused-ignore' }])
})

t.test('an ignore for a rule of another dialect is no matter', async (t) => {
  t.same(reviewed(['-- sqlmig: ignore alter-copies-table on MySQL it is small\nSELECT 1;'], given), [])
})

t.test('the size of a table lowers and raises the tone', async (t) => {
  const severity = (rows: number | null | undefined, sql = 'CREATE INDEX ON lead (score);') =>
    reviewed([sql], { ...given, sizeOf: () => rows })[0]?.severity
  t.equal(severity(100), 'note')
  t.equal(severity(100_000), 'warning')
  t.equal(severity(50_000_000), 'error')
  t.equal(severity(null), 'warning', 'nobody has counted')
  t.equal(severity(undefined), 'note', 'the database does not have it yet')
  t.equal(severity(50_000_000, 'DROP TABLE lead;'), 'warning', 'what breaks code does so at any size')
  const column = 'ALTER TABLE lead ADD COLUMN a int NOT NULL;'
  t.equal(severity(1, column), 'error', 'one row is enough to fail')
  t.equal(severity(0, column), 'note')
  t.match(
    reviewed(['CREATE INDEX ON lead (score);'], { ...given, sizeOf: () => 1_200_000 })[0]?.message,
    /1,200,000 rows/,
  )
})

t.test('a file that cannot be read to its end is passed over', async (t) => {
  t.same(rulesOf(reviewed(["SELECT 'open;", 'CREATE INDEX ON lead (score);'], given)), ['index-not-concurrent'])
})

t.test('a backfill is shown in key ranges, by the key of the table', async (t) => {
  const safe = (sql: string) =>
    reviewed([sql], { ...given, landed: ['CREATE TABLE lead (uid uuid PRIMARY KEY, score int);'] })[0]?.safe
  const range = 'uid BETWEEN :batch_from AND :batch_to;'
  t.equal(
    safe('UPDATE lead SET score = 0;'),
    `-- sqlmig: batch 10000 by lead.uid\nUPDATE lead SET score = 0 WHERE ${range}`,
  )
  const inner = 'UPDATE lead SET score = (SELECT max(n) FROM other WHERE n < 7)'
  t.match(safe(`${inner};`), `${inner} WHERE ${range}`)
  t.match(safe('DELETE FROM lead WHERE true;'), `DELETE FROM lead WHERE ${range}`)
})
