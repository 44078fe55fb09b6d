import t, { type Test } from 'tap'
import { ended, Project, type UpDocument } from '../project.ts'
import { seeded } from '../seed.ts'
import { connect } from '../servers/connection.ts'
import { type Database, eachServer, freshDatabase, type Kind } from '../servers/databases.ts'
import { processlist, until } from '../slow.ts'

const make = '20250101_000000_make'
const fill = '20250102_000000_fill'
const random = seeded(t)
const servers = ['postgres', 'mysql', 'mariadb'] as const

interface Shape {
  readonly rows: number
  readonly size: number
}

/** Rows with the ids 10, 20, 30 …, each to be met once. */
function project(database: Database, { rows, size }: Shape): Project {
  const values = Array.from({ length: rows }, (_, index) => `(${(index + 1) * 10}, 0)`).join(', ')
  return new Project(database, {
    [make]: `CREATE TABLE visit (id integer NOT NULL PRIMARY KEY, met integer NOT NULL, CHECK (met < 2));\nINSERT INTO visit VALUES ${values};`,
    [fill]: `-- sqlmig: batch ${size} by visit.id\nUPDATE visit SET met = met + 1 WHERE id BETWEEN :batch_from AND :batch_to;`,
  })
}

/** The last id that the ledger has as done; 0 where the run has not begun, undefined where the statement has ended. */
async function through({ query }: Pick<Database, 'query'>): Promise<number | undefined> {
  const [row] = await query(
    `select event, done, batch from sqlmig_history where id = '${fill}' and event in ('started', 'applied') order by seq desc limit 1`,
  )
  if (row?.event === 'applied' || Number(row?.done) === 1) return undefined
  return row?.batch ? Number((JSON.parse(String(row.batch)) as { shown: string }).shown) : 0
}

async function exact(t: Test, project: Project, position: number | undefined): Promise<void> {
  const last = position ?? 1e9
  t.equal(await project.count('visit', `id <= ${last} and met <> 1`), 0, `all is met through ${last}`)
  t.equal(await project.count('visit', `id > ${last} and met <> 0`), 0, 'and nothing behind')
}

const moments = 5
const shapes: Readonly<Record<Kind, Shape>> = {
  postgres: { rows: 6000, size: 10 },
  mysql: { rows: 6000, size: 20 },
  mariadb: { rows: 6000, size: 20 },
  sqlite: { rows: 6000, size: 10 },
}

/** Kills a run at some moment after it has begun with the batches. */
async function killed(project: Project): Promise<void> {
  const delay = Math.floor(random() * 400)
  let timer: NodeJS.Timeout | undefined
  const { finished } = project.start(['up'], {
    onStdout: (text, child) => {
      if (/applied|resuming/.test(text)) timer ??= setTimeout(() => child.kill('SIGKILL'), delay)
    },
  })
  await finished
  clearTimeout(timer)
}

/** Waits until the server has ended what it was sent by a runner that is no more. */
async function gone({ kind, query }: Database): Promise<void> {
  if (kind === 'sqlite') return
  const sessions =
    kind === 'postgres'
      ? "select 1 from pg_stat_activity where datname = current_database() and application_name like 'sqlmig%'"
      : // MariaDB's list of sessions does not tell the database of one that is just busy
        "select 1 as held from (select 1 as one) one where is_used_lock(concat('sqlmig.', left(sha2(database(), 256), 40))) is not null"
  await until(async () => (await query(sessions)).length === 0)
}

for (const kind of ['postgres', 'mysql', 'mariadb', 'sqlite'] as const) {
  await eachServer(
    t,
    'wherever a run is killed, the rows are those that the ledger tells, and the next one goes on',
    async (t) => {
      let amid = 0
      for (let moment = 0; moment < moments; moment++) {
        const database = await freshDatabase(kind, t)
        const p = project(database, shapes[kind])
        for (let time = 0; time < 2; time++) {
          await killed(p)
          await gone(database)
          const position = await through(database)
          if (position) amid++
          await exact(t, p, position)
        }
        const next = await p.up()
        t.equal(next.code, 0, next.stderr)
        await exact(t, p, undefined)
        await database.drop()
      }
      t.ok(amid > 0, `${amid} of ${2 * moments} moments were between batches`)
    },
    [kind],
  )
}

await eachServer(t, 'rows that come and go meanwhile are met once where they lie ahead', async (t, database) => {
  const p = project(database, { rows: 50, size: 10 })
  await p.up('--to', make)
  await database.query('update visit set met = 1 where id = 250')
  t.equal((await p.up()).code, 1)
  t.equal(await through(database), 200)
  // the key that the run has reached, the end of the next batch, and some around
  await database.query('update visit set met = 0 where id = 250')
  await database.query('delete from visit where id in (200, 210, 300, 500)')
  await database.query('insert into visit values (-5, 0), (205, 0), (255, 0), (1000, 0), (1001, 0)')
  const { code, stderr } = await p.up()
  t.equal(code, 0, stderr)
  t.strictSame(await database.query('select id from visit where met <> 1'), [{ id: -5 }])
  t.equal(await p.count('visit'), 51)
})

await eachServer(t, 'a range whose rows are all gone is passed over', async (t, database) => {
  const p = project(database, { rows: 20, size: 10 })
  await p.up('--to', make)
  await database.query('update visit set met = 1 where id = 150')
  await p.up()
  await database.query('delete from visit where id > 100')
  const { code, stderr } = await p.up()
  t.equal(code, 0, stderr)
  t.strictSame([await p.count('visit', 'met = 1'), await through(database)], [10, undefined])
})

await eachServer(
  t,
  'a batch that waits too long for a lock is tried again, and the others are not',
  async (t, database) => {
    const p = project(database, { rows: 50, size: 10 })
    await p.up('--to', make)
    await database.query('begin')
    await database.query('select * from visit where id = 250 for update')
    let released: Promise<unknown> | undefined
    const { code, stderr, stdout } = await p.run(['up', '--lock-timeout', '1s'], {
      onStdout: (text) => {
        if (text.includes('retry')) released ??= release(database)
      },
    })
    t.equal(code, 0, stderr)
    t.ok(released, 'a retry was told')
    t.match(stdout, /50 rows of visit in 5 batches/)
    await exact(t, p, undefined)
  },
  servers,
)

async function release(database: Database): Promise<void> {
  t.equal(await through(database), 200)
  await database.query('commit')
}

await eachServer(
  t,
  'a lock that is never to be had ends the run with the position kept',
  async (t, database) => {
    const p = project(database, { rows: 50, size: 10 })
    await p.up('--to', make)
    await database.query('begin')
    await database.query('select * from visit where id = 250 for update')
    const { code, error } = await p.up('--lock-timeout', '200ms', '--lock-retries', '1')
    t.equal(code, 1)
    t.match(error, { code: 'lock-timeout', message: /in the batch of visit\.id from 210 to 300: .*blocked by/s })
    await database.query('commit')
    await exact(t, p, 200)
    t.equal((await p.up()).code, 0)
    await exact(t, p, undefined)
  },
  servers,
)

await eachServer(
  t,
  'Ctrl-C within a batch rolls that back and keeps those before it',
  async (t, database) => {
    const p = project(database, { rows: 50, size: 10 })
    await p.up('--to', make)
    await database.query('begin')
    await database.query('select * from visit where id = 250 for update')
    const running = p.start(['up', '--json', '--lock-timeout', '5min'])
    // within its transaction the other session might not see what is new
    const aside = connect(database.kind, database.url)
    await until(async () => (await through(aside)) === 200)
    await aside.close()
    running.child.kill('SIGINT')
    const { code, error } = ended<UpDocument>(await running.finished)
    t.equal(code, 1)
    t.match(error, { code: 'interrupted', state: /^statement 1 stands through visit\.id 200 / })
    await database.query('commit')
    await exact(t, p, 200)
    t.equal((await p.up()).code, 0)
    await exact(t, p, undefined)
  },
  servers,
)

await eachServer(t, 'Ctrl-C between batches keeps those that are done', async (t, database) => {
  const p = project(database, { rows: 20_000, size: 10 })
  await p.up('--to', make)
  const running = p.start(['up', '--json'])
  const aside = connect(database.kind, database.url)
  await until(async () => running.child.exitCode !== null || ((await through(aside)) ?? 0) > 0)
  await aside.close()
  running.child.kill('SIGINT')
  const { code, error } = ended<UpDocument>(await running.finished)
  t.equal(code, 1)
  const position = await through(database)
  t.match(error, { code: 'interrupted', state: `statement 1 stands through visit.id ${position} ` })
  await exact(t, p, position)
  t.equal((await p.up()).code, 0)
  await exact(t, p, undefined)
})

for (const kind of servers) {
  await eachServer(
    t,
    'wherever a connection is lost, the rows are those that the ledger tells, and the next run goes on',
    async (t) => {
      let amid = 0
      for (let moment = 0; moment < 3; moment++) {
        const database = await freshDatabase(kind, t)
        const p = project(database, { rows: 4000, size: 10 })
        await p.up('--to', make)
        const running = p.start(['up', '--json'])
        const ahead = random() * 30_000
        await until(async () => ((await through(database)) ?? 1e9) > ahead)
        await endSessions(database)
        const { code, error } = ended<UpDocument>(await running.finished)
        await gone(database)
        const position = await through(database)
        if (position !== undefined) {
          amid++
          t.equal(code, 1)
          t.match(error, { code: 'lost-connection' })
        }
        await exact(t, p, position)
        const next = await p.up()
        t.equal(next.code, 0, next.stderr)
        await exact(t, p, undefined)
        await database.drop()
      }
      t.ok(amid > 0, `${amid} moments were between batches`)
    },
    [kind],
  )
}

async function endSessions({ kind, query }: Database): Promise<void> {
  if (kind === 'postgres') {
    await query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'sqlmig%'",
    )
    return
  }
  const sessions = await query(`select id from ${processlist(kind)} where db = database() and id <> connection_id()`)
  for (const { id } of sessions) await query(`kill ${id}`).catch(() => undefined) // it may have ended by itself
}
