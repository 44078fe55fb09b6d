import type { Test } from 'tap'
import type { Project } from '../project.ts'
import type { Random } from '../seed.ts'
import type { Kind } from '../servers/databases.ts'

export const length = 12
const rows = 200

export const numbers = Array.from({ length }, (_, index) => index + 1)
export const id = (number: number) => `202501${String(number).padStart(2, '0')}_000000_step`

/** Every statement of the chain leaves exactly one trace that a second time would double, or fail. */
export function chain(kind: Kind, directive = ''): Record<string, string> {
  const log = 'CREATE TABLE trace (step integer NOT NULL, part integer NOT NULL);'
  return Object.fromEntries(
    numbers.map((step) => [id(step), `${directive}${step === 1 ? log : ''}\n${migration(kind, step)}`]),
  )
}

function migration(kind: Kind, step: number): string {
  // makes its own rows, and so has a transaction of its own
  const filling =
    step % 3 === 1
      ? '(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000) SELECT min(n) FROM c)'
      : '1'
  const values = Array.from({ length: rows }, (_, index) => `(${index}, '${'x'.repeat(200)}')`).join(', ')
  return `CREATE TABLE made_${step} (id integer PRIMARY KEY, name varchar(200));
INSERT INTO trace VALUES (${step}, 1);
INSERT INTO made_${step} VALUES ${values};
${step % 3 === 0 ? '-- sqlmig: when table trace exists\n' : ''}INSERT INTO trace VALUES (${step}, 2);
CREATE INDEX made_${step}_name ON made_${step} (name);
ALTER TABLE made_${step} ADD COLUMN extra integer;
INSERT INTO trace VALUES (${step}, 3);
${kind === 'postgres' ? 'SELECT pg_sleep(0.005);' : `UPDATE made_${step} SET extra = ${kind === 'sqlite' ? filling : '1'};`}
INSERT INTO trace VALUES (${step}, 4);
`
}

/** Starts a run and kills it some time after a certain migration was told as applied. */
export async function killedRun(project: Project, random: Random): Promise<void> {
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

/** Asks the tables themselves whether each statement of these migrations has had its effect once. */
export async function eachStatementOnce(t: Test, { database }: Project, steps: readonly number[]): Promise<void> {
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
