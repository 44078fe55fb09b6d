import t from 'tap'
import { postgres } from '../../lib/dialects/postgres.ts'
import { type Ended, ended, Project, rollsBack, type UpDocument } from '../project.ts'
import { type Database, eachServer, type Kind } from '../servers/databases.ts'
import { atSlowStatement, processlist, slow, until } from '../slow.ts'

const id = (number: number) => `2025010${number}_000000_step_${number}`

/** Migrations of which each leaves a row in a table that would take it twice. */
function chain(kind: Kind): Record<string, string> {
  return {
    [id(1)]: 'CREATE TABLE done (step integer NOT NULL);\nINSERT INTO done VALUES (1);',
    [id(2)]: 'CREATE TABLE two (id integer);\nINSERT INTO done VALUES (2);',
    [id(3)]: 'INSERT INTO done VALUES (3);',
    [id(4)]: `INSERT INTO done VALUES (4);\n${slow(kind, 0.5)}`,
    [id(5)]: `-- sqlmig: no-transaction\nINSERT INTO done VALUES (5);\nCREATE INDEX two_id ON two (id);`,
    [id(6)]: 'INSERT INTO done VALUES (6);',
  }
}

const steps = [1, 2, 3, 4, 5, 6]

for (const runners of [2, 16]) {
  await eachServer(t, `of ${runners} runs at once, each migration is run by one`, async (t, database) => {
    const project = new Project(database, chain(database.kind))
    const all = await Promise.all(Array.from({ length: runners }, () => project.up('--lock-wait', '5min')))
    for (const { code, stderr } of all) t.equal(code, 0, stderr)
    const rows = await database.query('select step from done order by step')
    t.strictSame(
      rows.map(({ step }) => Number(step)),
      steps,
    )
    t.strictSame(
      await project.ledger(),
      steps.map((step) => `applied ${id(step)}`),
    )
    t.strictSame(told(all), steps.map(id), 'each is told as applied by the run that did it')
  })
}

await eachServer(
  t,
  'of 16 runs at once, of which one is killed while it holds the lock, each migration is run once',
  async (t, database) => {
    // journaled, so that the ledger says who is at it
    const held = { [id(4)]: `-- sqlmig: no-transaction\nINSERT INTO done VALUES (4);\n${slow(database.kind, 2)}` }
    const project = new Project(database, { ...chain(database.kind), ...held })
    const all = Array.from({ length: 16 }, () =>
      project.start(['up', '--json', '--lock-wait', '5min'], { timeout: 300_000 }),
    )
    const holder = await holderOf(database)
    const killed = all.find(({ child }) => child.pid === holder)
    t.ok(killed?.child.kill('SIGKILL'), 'the holder is one of them')
    const ends = await Promise.all(all.map(({ finished }) => finished))
    t.equal((await killed?.finished)?.signal, 'SIGKILL')
    t.equal(ends.filter(({ code }) => code === 0).length, 15, ends.map(({ stderr }) => stderr).join(''))
    const rows = await database.query('select step from done order by step')
    t.strictSame(
      rows.map(({ step }) => Number(step)),
      steps,
    )
    t.strictSame(
      await project.ledger(),
      steps.map((step) => `applied ${id(step)}`),
    )
  },
)

/** The process that is in the middle of a journaled migration, and so has the lock. */
async function holderOf({ query }: Database): Promise<number> {
  let pid: number | undefined
  await until(async () => {
    const newest = 'select event, by_host from sqlmig_history order by seq desc limit 1'
    const [row] = await query(newest).catch(() => [])
    pid = row?.event === 'started' ? Number(/pid (\d+)/.exec(String(row.by_host))?.[1]) : 0
    return pid > 0
  })
  return pid!
}

function told(all: readonly Ended<UpDocument>[]): string[] {
  return all.flatMap(({ document }) => document.applied.map((one) => one.id)).sort()
}

const names: Readonly<Record<Kind, RegExp>> = {
  postgres: /another sqlmig .*\(\d+@[^,]+, user \w+, from [^,]+, since \d{4}-\d\d-\d\d [^,]+, backend \d+\)/,
  mysql: /another sqlmig .*\(connection \d+, user \w+, from /,
  mariadb: /another sqlmig .*\(connection \d+, user \w+, from /,
  // SQLite cannot be asked who has locked a file, but Linux can
  sqlite:
    process.platform === 'linux'
      ? /another program .*\(pid \d+ on [^,]+, user \w+, since \d{4}-.*waited 1 s/
      : /is at work in this database; waited 1 s/,
}

await eachServer(
  t,
  'who waits too long gives up and names the holder; the lock is free when that is killed',
  async (t, database) => {
    const project = new Project(database, {
      [id(1)]: 'CREATE TABLE done (step integer);',
      [id(2)]: slow(database.kind, 300),
    })
    const holder = project.start(['up'], { timeout: 300_000 })
    // a lock that is that of the first migration would be given up in between
    await until(async () => (await project.ledger().catch(() => [])).length > 0)
    await atSlowStatement(database)

    const second = await project.up('--lock-wait', '1')
    t.equal(second.code, 5)
    t.match(second.error, { code: 'lock', message: names[database.kind], remedy: /--lock-wait/ })
    t.match(second.stderr, /^ {2}waiting /m)
    t.strictSame(second.document.applied, [])

    // MySQL and MariaDB cut SLEEP short when its client is gone, and run what they have got of the file to its end
    if (rollsBack(database)) project.write(id(2), 'INSERT INTO done VALUES (2);')
    const third = project.start(['up', '--json', '--lock-wait', '2min'], { timeout: 120_000 })
    holder.child.kill('SIGKILL')
    await holder.finished
    const { code, stderr } = ended<UpDocument>(await third.finished)
    t.equal(code, 0, stderr)
    t.strictSame(await project.ledger(), [`applied ${id(1)}`, `applied ${id(2)}`])
  },
)

await eachServer(
  t,
  'a migration that another run is in the middle of is waited for, not called half done',
  async (t, database) => {
    const project = new Project(database, { [id(1)]: 'CREATE TABLE done (step integer);' })
    await project.up()
    project.write(id(2), 'ALTER TABLE done ADD COLUMN name varchar(10);\nINSERT INTO done VALUES (2, NULL);')
    // an open transaction that has read the table keeps the DDL waiting
    await database.query('begin; select * from done')
    const first = project.start(['up', '--json', '--lock-timeout', '5min'], { timeout: 120_000 })
    const waiting = `select 1 from ${processlist(database.kind)} where db = database() and state like '%metadata lock%'`
    await until(async () => (await database.query(waiting)).length > 0)
    let released: Promise<unknown> | undefined
    const second = await project.run(['up'], {
      onStdout: (text) => {
        if (text.includes('waiting')) released ??= database.query('commit')
      },
    })
    t.ok(released, 'the second run waited')
    t.equal(second.code, 0, second.stderr)
    t.equal((await first.finished).code, 0)
    t.equal(await project.count('done'), 1)
  },
  ['mysql', 'mariadb'],
)

await eachServer(
  t,
  'a run whose lock was given up by a statement stops, and has done nothing twice',
  async (t, database) => {
    const giveUp = database.kind === 'postgres' ? 'SELECT pg_advisory_unlock_all();' : 'DO RELEASE_ALL_LOCKS();'
    const rival = new Project(database, {
      [id(1)]:
        `-- sqlmig: no-transaction\nCREATE TABLE done (step integer);\n${giveUp}\n${slow(database.kind, 2)}\nINSERT INTO done VALUES (1);`,
    })
    const first = rival.start(['up', '--json'], { timeout: 60_000 })
    // MySQL tells at once; PostgreSQL takes the lock again, unless somebody else has it by now
    if (database.kind === 'postgres') {
      await atSlowStatement(database)
      await database.query(postgres.lock.acquire)
    }
    const { error } = ended<UpDocument>(await first.finished)
    t.match(error, { code: 'lock', message: /has lost its lock/, remedy: /sqlmig up/ })
    t.equal(await rival.count('done'), 0)
  },
  ['postgres', 'mysql', 'mariadb'],
)
