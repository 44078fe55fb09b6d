import t from 'tap'
import { up } from '../../lib/index.ts'
import { Project } from '../project.ts'
import { type Database, eachServer, type Kind } from '../servers/databases.ts'
import { atSlowStatement, slow, until } from '../slow.ts'
import { CountingProxy } from './counting-proxy.ts'

const idOf = (n: number): string => `20250101_${clock(n)}_m`
const clock = (seconds: number): string =>
  [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((n) => String(n).padStart(2, '0'))
    .join('')

const tiny = (n: number): string =>
  `CREATE TABLE t${n} (id integer PRIMARY KEY, name varchar(20) NOT NULL);\nINSERT INTO t${n} VALUES (1, 'one');\n`

/** So many tiny migrations, from number 1 on, but for those given. */
function chain(length: number, others: Readonly<Record<number, string>> = {}): Record<string, string> {
  const numbers = Array.from({ length }, (_, index) => index + 1)
  return Object.fromEntries(numbers.map((n) => [idOf(n), others[n] ?? tiny(n)]))
}

const appliedUpTo = (n: number): string[] => Array.from({ length: n }, (_, index) => `applied ${idOf(index + 1)}`)
const servers = ['postgres', 'mysql', 'mariadb'] as const
const all = [...servers, 'sqlite'] as const

/** Errors that a server finds at different times: while it parses a message, a statement, or runs it. */
const errors: readonly (readonly [string, string, number])[] = [
  ['of syntax', 'INSERT INTO t6 VALUES (1, 2);\n  SELEC 1;\n', 3],
  ['of names', 'INSERT INTO t6 VALUES (1, 2);\n  INSERT INTO nowhere VALUES (1);\n', 3],
  ['of rows', 'INSERT INTO t6 VALUES (1, 2);\n  INSERT INTO t6 VALUES (1, 3);\n', 3],
]
for (const [name, statements, line] of errors) {
  await eachServer(
    t,
    `an error ${name} in the sixth migration leaves the five before it, and says where it is`,
    async (t, database) => {
      const broken = `CREATE TABLE t6 (id integer PRIMARY KEY, n integer);\n${statements}`
      const project = new Project(database, chain(9, { 6: broken }))
      const { code, error, document } = await project.up()
      t.equal(code, 1)
      t.match(error, { file: project.file(idOf(6)), line, column: Number })
      t.strictSame(
        document.applied.map(({ id }) => id),
        [1, 2, 3, 4, 5].map(idOf),
      )
      t.match(document.failed, { id: idOf(6), statement: 3 })
      t.strictSame((await project.ledger()).slice(0, 5), appliedUpTo(5))
      const tables = await project.tables()
      t.strictSame(
        tables.filter((table) => /^t[1-5789]$/.test(table)),
        ['t1', 't2', 't3', 't4', 't5'],
      )
      // what cannot be rolled back goes on behind what stands
      project.write(idOf(6), broken.replace(/\n {2}.*\n$/, '\n'))
      t.equal((await project.up()).code, 0)
      t.strictSame(await project.ledger(), appliedUpTo(9))
      t.equal(await project.count('t6'), 1)
    },
  )
}

const endings = {
  'ON CONFLICT ROLLBACK': [
    'CREATE TABLE x (id integer PRIMARY KEY ON CONFLICT ROLLBACK)',
    'INSERT INTO x VALUES (1), (1)',
  ],
  'OR ROLLBACK': ["INSERT INTO t1 VALUES (2, 'two')", "INSERT OR ROLLBACK INTO t1 VALUES (2, 'again')"],
  'RAISE(ROLLBACK)': [
    "CREATE TRIGGER no BEFORE INSERT ON t1 BEGIN SELECT RAISE(ROLLBACK, 'no more'); END",
    "INSERT INTO t1 VALUES (3, 'three')",
  ],
}
for (const [name, statements] of Object.entries(endings)) {
  await eachServer(
    t,
    `${name} ends the transaction of all, and those before it are applied nonetheless`,
    async (t, database) => {
      const project = new Project(database, chain(8, { 5: `${statements.join(';\n')};\n` }))
      const { code, error, document } = await project.up()
      t.equal(code, 1)
      t.match(error, { file: project.file(idOf(5)), line: 2, state: /4 migrations applied before it stand/ })
      t.strictSame(
        document.applied.map(({ id }) => id),
        [1, 2, 3, 4].map(idOf),
      )
      t.strictSame(await project.ledger(), appliedUpTo(4))
      t.equal(await project.count('t1'), 1)
      t.strictSame(
        (await project.tables()).filter((table) => /^(t\d|x)$/.test(table)),
        ['t1', 't2', 't3', 't4'],
      )
    },
    ['sqlite'],
  )
}

await eachServer(
  t,
  'a foreign key that the fourth migration breaks rolls back that one',
  async (t, database) => {
    const keys = 'CREATE TABLE parent (id integer PRIMARY KEY);\nINSERT INTO parent VALUES (1);\n'
    const child = 'CREATE TABLE child (parent integer REFERENCES parent (id));\nINSERT INTO child VALUES (1);\n'
    const project = new Project(database, chain(6, { 2: keys, 3: child, 4: `${tiny(4)}DELETE FROM parent;\n` }))
    const { error, document } = await project.up()
    t.match(error, { code: 'foreign-key', file: project.file(idOf(4)), state: /3 migrations applied before it stand/ })
    t.strictSame(
      document.applied.map(({ id }) => id),
      [1, 2, 3].map(idOf),
    )
    t.strictSame(await project.ledger(), appliedUpTo(3))
    t.strictSame([await project.count('parent'), await project.count('child')], [1, 1])
    t.notOk((await project.tables()).includes('t4'))
  },
  ['sqlite'],
)

await eachServer(
  t,
  'a file that switches the foreign keys on has them on amid others, and they are off behind it',
  async (t, database) => {
    const project = new Project(
      database,
      chain(5, {
        2: 'CREATE TABLE parent (id integer PRIMARY KEY);\nCREATE TABLE child (p integer REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);\n',
        3: 'PRAGMA foreign_keys = ON;\nINSERT INTO child VALUES (7);\n',
        4: tiny(4),
      }),
    )
    const { error } = await project.up()
    t.match(error, { file: project.file(idOf(3)), message: /FOREIGN KEY|refers to no row/i })
    t.strictSame(await project.ledger(), appliedUpTo(2))
    project.write(idOf(3), 'PRAGMA foreign_keys = ON;\nINSERT INTO child VALUES (7);\nINSERT INTO parent VALUES (7);\n')
    t.equal((await project.up()).code, 0)
    t.strictSame(await project.ledger(), appliedUpTo(5))
  },
  ['sqlite'],
)

await eachServer(
  t,
  'a run that is killed amid a stretch is brought to its end, each statement once',
  async (t, database) => {
    const project = new Project(
      database,
      chain(8, { 5: `INSERT INTO t4 VALUES (2, 'two');\n${slow(database.kind, 1)}\n${tiny(5)}` }),
    )
    const { child, finished } = project.start(['up', '--lock-timeout', '5min'])
    await atSlowStatement(database)
    child.kill('SIGKILL')
    await finished
    t.equal((await project.up()).code, 0)
    t.strictSame(await project.ledger(), appliedUpTo(8))
    t.equal(await project.count('t4'), 2)
    for (let n = 5; n <= 8; n++) t.equal(await project.count(`t${n}`), 1)
  },
  all,
)

await eachServer(
  t,
  'the progress line is at the migration that the server is at',
  async (t, database) => {
    const project = new Project(database, chain(4, { 2: `${slow(database.kind, 1)}\n${tiny(2)}` }))
    const seen: Promise<readonly [string, number]>[] = []
    await up({
      database: database.url,
      dir: `${project.cwd}/sql`,
      lockTimeout: 300_000,
      onEvent: (event) => {
        if (event.type !== 'start') return
        seen.push(
          project.count('sqlmig_history', "event = 'applied'").then(
            (n) => [event.id, n],
            () => [event.id, 0],
          ),
        )
      },
    })
    const told = await Promise.all(seen)
    t.strictSame(
      told.map(([id]) => id),
      [1, 2, 3, 4].map(idOf),
    )
    t.equal(told[1]![1], 1, 'the first was applied when the second began')
    t.ok(told[2]![1] >= 2)
  },
  servers,
)

await eachServer(
  t,
  'a lock that is in the way of one migration is waited for by that one',
  async (t, database) => {
    await database.query('create table one (id integer primary key)')
    await database.query('insert into one values (1)')
    const project = new Project(database, chain(5, { 3: 'ALTER TABLE one ADD COLUMN more integer;\n' }))
    await database.query('begin')
    await database.query('select id from one')
    const retried: string[] = []
    let freed: Promise<unknown> | undefined
    const { applied } = await up({
      database: database.url,
      dir: `${project.cwd}/sql`,
      onEvent: (event) => {
        if (event.type !== 'retry') return
        retried.push(event.id)
        freed ??= database.query('commit')
      },
    })
    await freed
    t.ok(retried.length > 0)
    t.strictSame([...new Set(retried)], [idOf(3)])
    t.strictSame(
      applied.map(({ id }) => id),
      [1, 2, 3, 4, 5].map(idOf),
    )
    t.strictSame(await project.ledger(), appliedUpTo(5))
  },
  servers,
)

/** Round trips of the run's own session; where a statement takes long, a session aside looks for who is in its way. */
const most: Readonly<Record<Exclude<Kind, 'sqlite'>, number>> = { postgres: 8, mysql: 30, mariadb: 30 }
await eachServer(
  t,
  'two hundred tiny migrations take a few round trips to a server that is far',
  async (t, database: Database) => {
    const project = new Project(database, chain(200))
    const proxy = await CountingProxy.open(database.url, 10)
    t.teardown(() => proxy.close())
    const { code, stderr } = await project.run(['up', '--quiet'], { env: { DATABASE_URL: proxy.url } })
    t.equal(code, 0, stderr)
    t.strictSame(await project.ledger(), appliedUpTo(200))
    await until(async () => proxy.idle)
    const limit = most[database.kind as Exclude<Kind, 'sqlite'>]
    t.ok(proxy.roundTrips <= limit, `${proxy.roundTrips} round trips, at most ${limit}`)
  },
  servers,
)
