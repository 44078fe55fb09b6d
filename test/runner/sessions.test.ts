import t from 'tap'
import { Project, rollsBack } from '../project.ts'
import { eachServer, type Kind } from '../servers/databases.ts'

const a = '20250101_000000_a'
const b = '20250102_000000_b'
const c = '20250103_000000_c'

const applied = (...ids: string[]) => ids.map((id) => `applied ${id}`)

await eachServer(t, "a file's own BEGIN and COMMIT are noted, and the migration stays whole", async (t, database) => {
  const begin = {
    postgres: 'BEGIN TRANSACTION',
    mysql: 'START TRANSACTION',
    mariadb: 'BEGIN',
    sqlite: 'BEGIN IMMEDIATE',
  }
  const text = (last: string) =>
    `${begin[database.kind]};\nINSERT INTO one VALUES (1);\nCOMMIT;\nINSERT INTO one VALUES (2);\n${last}`
  const project = new Project(database, {
    [a]: 'CREATE TABLE one (id integer PRIMARY KEY);',
    [b]: text('INSERT INTO one VALUES (1);'),
  })
  const failed = await project.up()
  t.equal(failed.code, 1)
  t.match(
    failed.stderr,
    `note     ${project.file(b)}:1:1: "${begin[database.kind]}" is not run: the transaction of sqlmig takes its place`,
  )
  t.match(failed.stderr, `note     ${project.file(b)}:3:1: "COMMIT" is not run`)
  t.equal(await project.count('one'), 0)
  project.write(b, text(''))
  t.equal((await project.up()).code, 0)
  t.equal(await project.count('one'), 2)
})

await eachServer(t, 'a ROLLBACK in a file is refused before anything runs', async (t, database) => {
  const project = new Project(database, {
    [a]: 'CREATE TABLE one (id integer);',
    [b]: 'INSERT INTO one VALUES (1);\nROLLBACK;',
  })
  const { code, error } = await project.up()
  t.equal(code, 2)
  t.match(error, { code: 'transaction-control', file: project.file(b), line: 2 })
  t.notOk((await project.tables()).includes('one'))
})

const forbidden = {
  postgres: [
    'CREATE INDEX CONCURRENTLY one_id ON one (id)',
    'VACUUM one',
    'REINDEX TABLE CONCURRENTLY one',
    "ALTER SYSTEM SET log_statement = 'none'",
  ],
  sqlite: ['VACUUM', 'PRAGMA journal_mode = WAL', "ATTACH ':memory:' AS aside"],
} as const

for (const kind of ['postgres', 'sqlite'] as const) {
  await eachServer(
    t,
    'what refuses a transaction is refused before anything runs, and runs in a no-transaction file',
    async (t, database) => {
      const project = new Project(database, { [a]: 'CREATE TABLE one (id integer);' })
      for (const statement of forbidden[kind]) {
        project.write(b, `INSERT INTO one VALUES (1);\n${statement};`)
        const { code, error } = await project.up()
        t.equal(code, 2)
        t.match(error, { code: 'transaction-control', file: project.file(b), line: 2, remedy: /no-transaction/ })
      }
      t.strictSame((await project.tables()).includes('one'), false, 'not even the file before it')
      const statements = forbidden[kind].filter((statement) => !statement.startsWith('ALTER SYSTEM'))
      project.write(
        b,
        `-- sqlmig: no-transaction\nINSERT INTO one VALUES (1);\n${statements.join(';\n')};\nINSERT INTO one VALUES (2);`,
      )
      project.write(c, 'INSERT INTO one VALUES (3);')
      const run = await project.up()
      t.equal(run.code, 0, run.stderr)
      t.equal(await project.count('one'), 3)
      t.strictSame(await project.ledger(), applied(a, b, c))
    },
    [kind],
  )
}

/** Settings that one file makes, and what the next file would do under them. */
const leaks: Readonly<Record<Kind, readonly (readonly [sets: string, next: string])[]>> = {
  postgres: [
    ["SELECT pg_catalog.set_config('search_path', '', false)", 'CREATE TABLE two (id integer)'],
    ["SET standard_conforming_strings = off; SET DateStyle = 'German'", "INSERT INTO public.one VALUES (length('\\'))"],
    ['SET ROLE pg_read_all_data', 'CREATE TABLE three (id integer)'],
    ['SET SESSION AUTHORIZATION pg_monitor', 'CREATE TABLE four (id integer)'],
    ["SET statement_timeout = '1ms'; SET lock_timeout = 0", 'SELECT pg_sleep(0.05)'],
    ['SET default_transaction_read_only = on', 'CREATE TABLE five (id integer)'],
    ['SET check_function_bodies = false; SET row_security = off', 'CREATE TABLE six (id integer)'],
  ],
  mysql: [
    ["SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'", `INSERT INTO one VALUES (length("a\\'b"))`],
    ['USE mysql', 'CREATE TABLE two (id integer)'],
    [
      'SET foreign_key_checks = 0',
      'CREATE TABLE three (checks integer CHECK (checks = 1)); INSERT INTO three VALUES (@@foreign_key_checks)',
    ],
    [
      "SET time_zone = '+05:00'; SET NAMES latin1",
      "CREATE TABLE four (name varchar(10) CHECK (name = 'utf8mb4')); INSERT INTO four VALUES (@@character_set_client)",
    ],
    [
      'SET unique_checks = 0, sql_notes = 0',
      'CREATE TABLE five (checks integer CHECK (checks = 2)); INSERT INTO five VALUES (@@unique_checks + @@sql_notes)',
    ],
    ['SET autocommit = 1', 'INSERT INTO one VALUES (5)'],
    ['LOCK TABLES one WRITE; INSERT INTO one VALUES (6); UNLOCK TABLES', 'CREATE TABLE six (id integer)'],
    [
      'LOCK TABLES one WRITE; INSERT INTO one VALUES (7)',
      'CREATE TABLE seven (id integer); INSERT INTO seven VALUES (1)',
    ],
    ['SET SESSION TRANSACTION READ ONLY', 'INSERT INTO one VALUES (8)'],
    [
      '-- sqlmig: statement-timeout 100ms\nSELECT 1',
      'CREATE TABLE nine (cut integer CHECK (cut = 0)); INSERT INTO nine SELECT SLEEP(0.3)',
    ],
  ],
  mariadb: [],
  sqlite: [
    [
      'PRAGMA case_sensitive_like = ON',
      "CREATE TABLE two (v integer CHECK (v = 1)); INSERT INTO two VALUES ('A' LIKE 'a')",
    ],
    ['PRAGMA foreign_keys = ON', 'CREATE TABLE three (id integer REFERENCES nowhere (id))'],
    ['PRAGMA defer_foreign_keys = ON; PRAGMA recursive_triggers = ON', 'CREATE TABLE four (id integer)'],
    ['PRAGMA query_only = ON', 'CREATE TABLE five (id integer)'],
    [
      'PRAGMA legacy_alter_table = ON; PRAGMA ignore_check_constraints = ON',
      'CREATE TABLE six (id integer CHECK (id > 0))',
    ],
  ],
}

await eachServer(t, "one file's session settings are not the next one's", async (t, database) => {
  const pairs = leaks[database.kind === 'mariadb' ? 'mysql' : database.kind]
  const files = pairs.flatMap(([sets, next], index) => [
    [`202501${10 + index}_000000_sets`, `${sets};`],
    [`202501${10 + index}_000001_next`, `${next};`],
  ])
  const project = new Project(database, { [a]: 'CREATE TABLE one (id integer);', ...Object.fromEntries(files) })
  const { code, stderr } = await project.up()
  t.equal(code, 0, stderr)
  t.strictSame(await project.ledger(), applied(a, ...files.map(([id]) => id!)))
})

await eachServer(
  t,
  'locked tables do not keep a file from its journal',
  async (t, database) => {
    const project = new Project(database, {
      [a]: `CREATE TABLE one (id integer);
CREATE TABLE two (id integer);
LOCK TABLES one WRITE;
INSERT INTO one VALUES (1);
UNLOCK TABLES;
LOCK TABLES two WRITE, one READ;
ALTER TABLE two ADD COLUMN name varchar(10);
INSERT INTO two (id) SELECT id FROM one;
UNLOCK TABLES;`,
    })
    const { code, stderr } = await project.up()
    t.equal(code, 0, stderr)
    t.strictSame([await project.count('one'), await project.count('two')], [1, 1])
  },
  ['mysql', 'mariadb'],
)

await eachServer(
  t,
  'a constraint that fails at COMMIT rolls the migration back',
  async (t, database) => {
    const deferred = 'REFERENCES one (id) DEFERRABLE INITIALLY DEFERRED'
    const keys = database.kind === 'sqlite' ? 'PRAGMA foreign_keys = ON;\n' : ''
    const project = new Project(database, {
      [a]: `CREATE TABLE one (id integer PRIMARY KEY);\nCREATE TABLE two (one integer ${deferred});`,
      [b]: `${keys}INSERT INTO two VALUES (1);\nCREATE TABLE three (id integer);`,
      [c]: 'CREATE TABLE four (id integer);',
    })
    const { code, error, document } = await project.up()
    t.equal(code, 1)
    t.match(document, { applied: [{ id: a }], failed: { id: b } })
    if (database.kind === 'postgres')
      t.match(error, {
        code: 'statement',
        message: /at its COMMIT: .*foreign key/,
        server: '23503',
        remedy: /deferred constraint/,
      })
    t.match(error?.state, `${b} was rolled back; 1 migration applied before it stands`)
    t.strictSame(await project.tables(), ['one', 'sqlmig_history', 'two'])
    t.strictSame(await project.ledger(), applied(a))
    project.write(b, `${keys}INSERT INTO two VALUES (1);\nINSERT INTO one VALUES (1);`)
    t.equal((await project.up()).code, 0)
  },
  ['postgres', 'sqlite'],
)

await eachServer(
  t,
  'the time that a file allows a lock and a statement is kept',
  async (t, database) => {
    if (!rollsBack(database)) return
    const project = new Project(database, {
      [a]: '-- sqlmig: statement-timeout 50ms\nCREATE TABLE one (id integer);\nSELECT pg_sleep(60);',
    })
    const { code, error } = await project.up()
    t.equal(code, 1)
    t.match(error, { code: 'statement', server: '57014', line: 3 })
  },
  ['postgres'],
)

await eachServer(
  t,
  'code that commits parts of its work runs where the file has no transaction',
  async (t, database) => {
    const work = 'BEGIN INSERT INTO one VALUES (1); COMMIT; INSERT INTO one VALUES (2); END'
    const project = new Project(database, {
      [a]: `-- sqlmig: no-transaction\nCREATE TABLE one (id integer);\nDO $$ ${work} $$;\nINSERT INTO one VALUES (3);`,
    })
    const { code, stderr } = await project.up()
    t.equal(code, 0, stderr)
    t.equal(await project.count('one'), 3)
  },
  ['postgres'],
)
