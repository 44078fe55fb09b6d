import t from 'tap'
import { Project } from '../project.ts'
import { type Database, eachServer, freshDatabase } from '../servers/databases.ts'

/*
 * How many rows migrations have written, as `history` tells it.
 */

interface Entry {
  readonly event: string
  readonly id: string
  readonly rows: number | null
}

async function told(project: Project): Promise<string[]> {
  const { document } = await project.json<{ history: readonly Entry[] }>(['history'])
  return document.history.map(({ event, id, rows }) => `${event} ${id.slice(16)}: ${rows}`).reverse()
}

const id = (number: number, slug: string) => `2025010${number}_000000_${slug}`

function numbers(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, index) => `(${first + index}, 0)`).join(', ')
}

const table = 'CREATE TABLE thing (id integer NOT NULL PRIMARY KEY, met integer NOT NULL, CHECK (met < 2));'

await eachServer(
  t,
  'history tells how many rows a migration wrote, and null where nothing writes',
  async (t, database) => {
    const project = new Project(database, {
      [id(1, 'table')]: table,
      [id(2, 'rows')]: `INSERT INTO thing VALUES ${numbers(1, 7)};\nUPDATE thing SET met = 1 WHERE id < 4;`,
      [id(3, 'none')]: 'DELETE FROM thing WHERE id > 100;',
      [id(4, 'read')]: 'SELECT id FROM thing;',
      [id(5, 'copy')]: 'CREATE TABLE other AS SELECT id FROM thing;',
      [id(6, 'guarded')]:
        '-- sqlmig: when column thing.met exists\nUPDATE thing SET met = 0 WHERE id = 1;\n-- sqlmig: when column thing.met absent\nDELETE FROM thing;',
    })
    const { code, document } = await project.up()
    t.equal(code, 0)
    const counts = [null, 10, 0, null, database.kind === 'sqlite' ? null : 7, 1]
    t.strictSame(
      document.applied.map(({ rows }) => rows),
      counts,
    )
    const slugs = ['table', 'rows', 'none', 'read', 'copy', 'guarded']
    const applied = slugs.map((slug, index) => `applied ${slug}: ${counts[index]}`)
    t.strictSame(
      (await told(project)).filter((line) => line.startsWith('applied')),
      applied,
    )
    t.match((await project.run(['history'])).stdout, /rows .* 10 rows/)
    t.equal((await project.run(['history', '--verify'])).code, 0, 'what is noted afterwards breaks no seal')
  },
)

await eachServer(t, 'rows of INSERTs that are sent many at once are counted', async (t, database) => {
  const each = (number: number) => `INSERT INTO thing VALUES (${number}, 0), (${-number}, 1);\n`
  const inserts = Array.from({ length: 20_000 }, (_, index) => each(index + 1)).join('')
  const project = new Project(database, {
    [id(1, 'table')]: table,
    [id(2, 'rows')]: `${inserts}UPDATE thing SET met = 0 WHERE id IN (-1, -2, -3);\n${each(30_000)}`,
  })
  const { code, document } = await project.up()
  t.equal(code, 0)
  t.equal(document.applied[1]?.rows, 40_005)
  t.equal(await project.count('thing'), 40_002)
})

await eachServer(t, 'what was rolled back is not counted, and what stands is', async (t, database) => {
  const project = new Project(database, {
    [id(1, 'table')]: table,
    [id(2, 'rows')]: `INSERT INTO thing VALUES ${numbers(1, 5)};`,
    [id(3, 'fails')]: 'UPDATE thing SET met = met + 1;\nUPDATE thing SET met = met + 1;',
  })
  t.equal((await project.up()).code, 1)
  t.ok((await told(project)).includes('applied rows: 5'), 'it is kept of those before a failure')
  project.write(id(3, 'fails'), 'UPDATE thing SET met = met + 1;')
  t.equal((await project.up()).code, 0)
  t.equal((await told(project)).at(-1), 'applied fails: 5')
})

await eachServer(t, 'each run of a backfill counts its own rows', async (t, database) => {
  const project = new Project(database, {
    [id(1, 'table')]: `${table}\nINSERT INTO thing VALUES ${numbers(1, 40)};`,
    [id(2, 'fill')]:
      '-- sqlmig: batch 10 by thing.id\nUPDATE thing SET met = met + 1 WHERE id BETWEEN :batch_from AND :batch_to;',
  })
  t.equal((await project.up('--to', id(1, 'table'))).code, 0)
  await database.query('update thing set met = 1 where id = 25')
  t.equal((await project.up()).code, 1)
  await database.query('update thing set met = 0 where id = 25')
  t.equal((await project.up()).code, 0)
  t.strictSame((await told(project)).slice(-4), [
    'started fill: null',
    'failed fill: 20',
    'resumed fill: null',
    'applied fill: 20',
  ])
})

t.test('rows of COPY are counted (PostgreSQL)', async (t) => {
  const database: Database = await freshDatabase('postgres', t)
  const copy = 'COPY thing FROM stdin;\n1\t0\n2\t0\n3\t0\n\\.\n'
  const project = new Project(database, {
    [id(1, 'table')]: table,
    [id(2, 'copied')]: `${copy}INSERT INTO thing VALUES (9, 0);`,
    [id(3, 'journaled')]: `-- sqlmig: no-transaction\n${copy.replaceAll(/(\d)\t/g, '1$1\t')}`,
  })
  t.equal((await project.up()).code, 0)
  const ends = (await told(project)).filter((line) => line.startsWith('applied'))
  t.strictSame(ends, ['applied table: null', 'applied copied: 4', 'applied journaled: 3'])
})
