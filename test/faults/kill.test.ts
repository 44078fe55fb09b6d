import t, { type Test } from 'tap'
import { ended, Project, type UpDocument } from '../project.ts'
import { seeded } from '../seed.ts'
import { type Database, eachServer, freshDatabase, type Kind } from '../servers/databases.ts'
import { until } from '../slow.ts'

const random = seeded(t)
const moments = 20
const impatient = 4
const length = 12
const rows = 200

const numbers = Array.from({ length }, (_, index) => index + 1)
const id = (number: number) => `202501${String(number).padStart(2, '0')}_000000_step`

/** Every statement of the chain leaves exactly one trace that a second time would double, or fail. */
function chain(kind: Kind): Record<string, string> {
  const log = 'CREATE TABLE trace (step integer NOT NULL, part integer NOT NULL);'
  return Object.fromEntries(numbers.map((step) => [id(step), `${step === 1 ? log : ''}\n${migration(kind, step)}`]))
}

function migration(kind: Kind, step: number): string {
  const values = Array.from({ length: rows }, (_, index) => `(${index}, '${'x'.repeat(200)}')`).join(', ')
  return `CREATE TABLE made_${step} (id integer PRIMARY KEY, name varchar(200));
INSERT INTO trace VALUES (${step}, 1);
INSERT INTO made_${step} VALUES ${values};
${step % 3 === 0 ? '-- sqlmig: when table trace exists\n' : ''}INSERT INTO trace VALUES (${step}, 2);
CREATE INDEX made_${step}_name ON made_${step} (name);
ALTER TABLE made_${step} ADD COLUMN extra integer;
INSERT INTO trace VALUES (${step}, 3);
${kind === 'postgres' ? 'SELECT pg_sleep(0.005);' : `UPDATE made_${step} SET extra = 1;`}
INSERT INTO trace VALUES (${step}, 4);
`
}

/** Starts a run and kills it some time after a certain migration was told as applied. */
async function killedRun(project: Project): Promise<void> {
  const lines = Math.floor(random() * length)
  const delay = Math.floor(random() * 40)
  let seen = ''
  let timer: NodeJS.Timeout | undefined
  const { finished } = project.start(['up'], {
    onStdout: (text, child) => {
      seen += text
      if (seen.split('\n').length - 1 > lines) timer ??= setTimeout(() => child.kill('SIGKILL'), delay)
    },
  })
  await finished
  clearTimeout(timer)
}

for (const kind of ['postgres', 'sqlite'] as const) {
  await eachServer(
    t,
    'a killed run leaves whole migrations, and the next one finishes',
    async (t) => {
      let amid = 0
      for (let moment = 1; moment <= moments + impatient; moment++) {
        const database = await freshDatabase(kind, t)
        const project = new Project(database, chain(kind))
        await killedRun(project)
        // the last times the next run comes while the server may still be at work for the killed one
        if (moment <= moments) {
          await gone(database)
          const done = await wholeMigrations(t, project)
          if (done > 0 && done < length) amid++
        }
        const next = await project.up()
        t.equal(next.code, 0, next.stderr)
        t.equal(await wholeMigrations(t, project), length)
      }
      t.ok(amid > 0, `${amid} of ${moments} moments were in the middle of the chain`)
    },
    [kind],
  )
}

/** Waits until the server has noticed that its client is no more. */
async function gone({ kind, query }: Database): Promise<void> {
  if (kind !== 'postgres') return
  const others = `select 1 from pg_stat_activity where datname = current_database() and application_name = 'sqlmig'`
  await until(async () => (await query(others)).length === 0)
}

/** How many migrations there are, after the schema and the rows were found to tell the same as the ledger. */
async function wholeMigrations(t: Test, project: Project): Promise<number> {
  const tables = await project.tables()
  const ledger = tables.includes('sqlmig_history') ? await project.ledger() : []
  const done = numbers.slice(0, ledger.length)
  t.strictSame(
    ledger,
    done.map((step) => `applied ${id(step)}`),
  )
  t.strictSame(
    tables.filter((name) => name.startsWith('made_')),
    done.map((step) => `made_${step}`).sort(),
  )
  if (done.length === 0) return 0
  await eachStatementOnce(t, project, done)
  return done.length
}

async function eachStatementOnce(t: Test, { database }: Project, steps: readonly number[]): Promise<void> {
  const trace = await database.query('select step, part from trace order by step, part')
  t.strictSame(
    trace.map(({ step, part }) => `${step}.${part}`),
    steps.flatMap((step) => [1, 2, 3, 4].map((part) => `${step}.${part}`)),
  )
  const counts = steps.map((step) => `select count(extra) + count(id) as n from made_${step}`).join(' union all ')
  const filled = database.kind === 'postgres' ? rows : 2 * rows
  t.strictSame(
    (await database.query(counts)).map(({ n }) => Number(n)),
    steps.map(() => filled),
  )
}

for (const kind of ['mysql', 'mariadb'] as const) {
  await eachServer(
    t,
    'after a kill no statement is skipped or run twice: the next run goes on, or asks',
    async (t) => {
      let resumed = 0
      for (let moment = 1; moment <= moments / 2; moment++) {
        const project = new Project(await freshDatabase(kind, t), chain(kind))
        await killedRun(project)
        const next = await finish(t, project)
        if (/^ {2}resuming/m.test(next.stderr)) resumed++
        await eachStatementOnce(t, project, numbers)
        t.strictSame(
          await project.ledger(),
          numbers.map((step) => `applied ${id(step)}`),
        )
      }
      t.comment(`${resumed} of ${moments / 2} runs were resumed in the middle of a file`)
    },
    [kind],
  )
}

/** Runs to the end; what the run cannot know, it asks, and is told after a look at the database. */
async function finish(t: Test, project: Project): Promise<{ stderr: string }> {
  for (;;) {
    const next = ended<UpDocument>(await project.run(['up', '--json']))
    if (next.code === 0) return next
    t.match(
      next,
      { code: 4, error: { code: 'partial', message: /nobody knows whether statement \d+ of \w+ took effect/ } },
      next.stderr,
    )
    const [, statement, migration] = /statement (\d+) of (\w+)/.exec(next.error!.message)!
    const through = (await tookEffect(project, migration!, Number(statement)))
      ? Number(statement)
      : Number(statement) - 1
    t.match(next.error?.remedy, `sqlmig resolve ${migration} --through ${through}`)
    const { code, stderr } = await project.run(['resolve', migration!, '--through', String(through)])
    t.equal(code, 0, stderr)
  }
}

/** What a person would look at: whether the table, the index or the column is there. */
async function tookEffect({ database }: Project, migration: string, ordinal: number): Promise<boolean> {
  const step = Number(migration.slice(6, 8))
  const questions: Readonly<Record<number, string>> = {
    0: `select 1 from information_schema.tables where table_schema = database() and table_name = 'trace'`,
    1: `select 1 from information_schema.tables where table_schema = database() and table_name = 'made_${step}'`,
    5: `select 1 from information_schema.statistics where table_schema = database() and index_name = 'made_${step}_name'`,
    6: `select 1 from information_schema.columns where table_schema = database() and table_name = 'made_${step}' and column_name = 'extra'`,
  }
  return (await database.query(questions[step === 1 ? ordinal - 1 : ordinal]!)).length > 0
}
