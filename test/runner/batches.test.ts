import t from 'tap'
import { Project } from '../project.ts'
import { type Database, eachServer } from '../servers/databases.ts'

const make = '20250101_000000_make'
const fill = '20250102_000000_fill'
const range = 'id BETWEEN :batch_from AND :batch_to'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

function table(count: number): string {
  const rows = numbers(count).map((id) => `(${id * 7}, 0, 'row ${id}')`)
  return `CREATE TABLE visit (id integer NOT NULL PRIMARY KEY, met integer NOT NULL, label varchar(40), CHECK (met < 2));
INSERT INTO visit VALUES ${rows.join(', ')};`
}

function project(database: Database, sql: string, count = 100): Project {
  return new Project(database, { [make]: table(count), [fill]: sql })
}

await eachServer(
  t,
  'an UPDATE, a DELETE and an INSERT … SELECT go through all rows, statements around them once',
  async (t, database) => {
    const p = project(
      database,
      `CREATE TABLE copy (id integer, label varchar(40));
INSERT INTO copy VALUES (0, 'before');
-- sqlmig: batch 30 by visit.id
UPDATE visit SET met = met + 1 WHERE ${range};
-- sqlmig: batch 9 by visit.id
INSERT INTO copy SELECT id, label FROM visit WHERE ${range};
-- sqlmig: batch 11 by visit.id
DELETE FROM visit WHERE ${range} AND met = 1;
-- sqlmig: batch 11 by visit.id
DELETE FROM visit WHERE ${range};
INSERT INTO copy VALUES (-1, 'behind');`,
    )
    const { code, stderr } = await p.up()
    t.equal(code, 0, stderr)
    t.match(stderr, /statement 3: 100 rows of visit in 4 batches/)
    t.match(stderr, /statement 4: 100 rows of visit in 12 batches/)
    t.match(stderr, /statement 6: 0 rows of visit in 0 batches/)
    t.strictSame([await p.count('visit'), await p.count('copy')], [0, 102])
    t.strictSame(await p.ledger(), [`applied ${make}`, `applied ${fill}`])
  },
)

await eachServer(t, 'the last batch may be full, a table one batch, and a batch one row', async (t, database) => {
  const batch = (size: number) =>
    `-- sqlmig: batch ${size} by visit.id\nUPDATE visit SET label = label WHERE ${range};\n`
  const { code, stderr } = await project(database, [1, 5, 10, 11].map(batch).join('')).up()
  t.equal(code, 0, stderr)
  const told = Array.from(stderr.matchAll(/100 rows of visit in (\d+) batch/g), ([, batches]) => batches)
  t.strictSame(told, ['100', '20', '10', '10'])
})

await eachServer(
  t,
  'a batch that fails is named by its range, those before it stand, and the next run goes on',
  async (t, database) => {
    const p = project(
      database,
      `CREATE TABLE other (id integer);\n-- sqlmig: batch 10 by visit.id\nUPDATE visit\nSET met = met + 1\nWHERE ${range};\nINSERT INTO other VALUES (1);`,
    )
    await p.up('--to', make)
    await database.query('update visit set met = 1 where id = 238')
    const { code, error, document } = await p.up()
    t.equal(code, 1)
    t.match(error, {
      code: 'statement',
      message: /^statement 2 of 3 failed in the batch of visit\.id from 217 to 280: /,
      line: 3,
      state: 'statement 1 stands, and statement 2 stands through visit.id 210 (the file runs in batches)',
      remedy: 'it goes on at statement 2, behind visit.id 210',
    })
    t.match(document, { applied: [], pending: [fill], failed: { id: fill, statement: 2 } })
    t.strictSame(await p.ledger(), [`applied ${make}`, `started ${fill} 1/3`])
    const status = await p.json<{ migrations: unknown[] }>(['status', '--check'])
    t.equal(status.code, 4)
    t.match(status.document.migrations[1], { state: 'partial', done: 1, through: 'visit.id 210' })
    t.match((await p.run(['status'])).stdout, /partial.*1 statement done, statement 2 through visit\.id 210/)
    await database.query('update visit set met = 0 where id = 238')
    const next = await p.up()
    t.equal(next.code, 0, next.stderr)
    t.match(next.stderr, /statement 2 goes on behind visit\.id 210: 30 rows are done/)
    t.match(next.stderr, /statement 2: 100 rows of visit in 7 batches/)
    t.strictSame([await p.count('visit', 'met <> 1'), await p.count('other')], [0, 1])
  },
)

/** A file that has stopped behind 210, thirty rows from the beginning. */
async function stopped(
  database: Database,
  sql = `-- sqlmig: batch 10 by visit.id\nUPDATE visit SET met = met + 1 WHERE ${range};`,
): Promise<Project> {
  const p = project(database, sql)
  await p.up('--to', make)
  await database.query('update visit set met = 1 where id = 238')
  await p.up()
  await database.query('update visit set met = 0 where id = 238')
  return p
}

await eachServer(
  t,
  'a statement may be corrected and its size changed in the middle, and that is told',
  async (t, database) => {
    const p = await stopped(database)
    p.write(
      fill,
      `-- smaller\n-- sqlmig: batch 7 by visit.id\nUPDATE visit SET met = met + 1, label = 'new' WHERE ${range};`,
    )
    const { code, stderr } = await p.up()
    t.equal(code, 0, stderr)
    t.match(stderr, /30 rows are done; it was edited since, and those rows are as its former text left them/)
    t.strictSame([await p.count('visit', 'met <> 1'), await p.count('visit', "label = 'new'")], [0, 70])
  },
)

await eachServer(t, 'another key in the middle, or none, is refused', async (t, database) => {
  const p = await stopped(database)
  for (const sql of [
    `-- sqlmig: batch 10 by visit.label\nUPDATE visit SET met = met + 1 WHERE label BETWEEN :batch_from AND :batch_to;`,
    'UPDATE visit SET met = met + 1;',
    '-- nothing is left of it',
  ]) {
    p.write(fill, sql)
    const { code, error } = await p.up()
    t.equal(code, 4, sql)
    t.match(error, { code: 'partial', message: /statement 1 of 20250102_000000_fill has run .*through visit\.id 210/ })
  }
  t.equal(await p.count('visit', 'met = 1'), 30)
})

await eachServer(
  t,
  'a person may say that the rest is done, or that it begins anew, but not that it did not start',
  async (t, database) => {
    const p = await stopped(
      database,
      `-- sqlmig: batch 10 by visit.id\nUPDATE visit SET met = met + 1 WHERE ${range};\nUPDATE visit SET label = 'end';`,
    )
    const denied = await p.json(['resolve', fill, '--not-started'])
    t.match(denied.error, {
      code: 'usage',
      message: 'statement 1 of 20250102_000000_fill has run in batches through visit.id 210',
    })
    await database.query('update visit set met = 0')
    t.equal((await p.run(['resolve', fill, '--through', '0', '--reason', 'reset by hand'])).code, 0)
    t.match(
      (await p.run(['history', '--verbose'])).stdout,
      /no statement \(statement 1 had run through visit\.id 210\): reset by hand/,
    )
    t.equal((await p.up()).code, 0)
    t.strictSame([await p.count('visit', 'met <> 1'), await p.count('visit', "label = 'end'")], [0, 100])
  },
)

await eachServer(t, 'what is called done stays as it is', async (t, database) => {
  const p = await stopped(
    database,
    `-- sqlmig: batch 10 by visit.id\nUPDATE visit SET met = met + 1 WHERE ${range};\nUPDATE visit SET label = 'end';`,
  )
  t.equal((await p.run(['resolve', fill, '--through', '1'])).code, 0)
  t.equal((await p.up()).code, 0)
  t.strictSame([await p.count('visit', 'met = 1'), await p.count('visit', "label = 'end'")], [30, 100])
})

await eachServer(t, 'a guard is asked before the first batch, and not again in the middle', async (t, database) => {
  const p = await stopped(
    database,
    `-- sqlmig: when rows (SELECT 1 FROM visit WHERE label = 'begun') absent
-- sqlmig: batch 10 by visit.id
UPDATE visit SET met = met + 1, label = 'begun' WHERE ${range};
-- sqlmig: when above
UPDATE visit SET label = 'end';
-- sqlmig: when table nothing exists
-- sqlmig: batch 10 by visit.id
DELETE FROM visit WHERE ${range};`,
  )
  t.equal(await p.count('visit', "label = 'begun'"), 30)
  const { code, stderr } = await p.up()
  t.equal(code, 0, stderr)
  t.strictSame([await p.count('visit', 'met = 1'), await p.count('visit', "label = 'end'")], [100, 100])
})

await eachServer(t, 'foreign keys hold in batches, as rows of former ones could not come back', async (t, database) => {
  const child = `CREATE TABLE child (id integer NOT NULL PRIMARY KEY, visit integer NOT NULL, FOREIGN KEY (visit) REFERENCES visit (id));
CREATE TABLE heir (id integer NOT NULL PRIMARY KEY, visit integer NOT NULL, FOREIGN KEY (visit) REFERENCES visit (id) ON DELETE CASCADE);
INSERT INTO child VALUES (1, 140);\nINSERT INTO heir VALUES (1, 7), (2, 14), (3, 700);`
  const p = new Project(database, {
    [make]: `${table(100)}\n${child}`,
    [fill]: `-- sqlmig: batch 10 by visit.id\nDELETE FROM visit WHERE ${range};`,
  })
  const { code, error } = await p.up()
  t.equal(code, 1)
  t.match(error, { message: /^statement 1 of 1 failed in the batch of visit\.id from 77 to 140: .*foreign key/is })
  t.strictSame([await p.count('visit'), await p.count('heir')], [90, 1])
  await database.query('delete from child')
  t.equal((await p.up()).code, 0)
  t.strictSame([await p.count('visit'), await p.count('heir')], [0, 0])
})

await eachServer(
  t,
  'a constraint that is looked at in the end fails its own batch',
  async (t, database) => {
    const p = new Project(database, {
      [make]: `${table(100)}\nCREATE TABLE allowed (met integer PRIMARY KEY);\nINSERT INTO allowed VALUES (0);\nALTER TABLE visit ADD FOREIGN KEY (met) REFERENCES allowed DEFERRABLE INITIALLY DEFERRED;`,
      [fill]: `-- sqlmig: batch 10 by visit.id\nUPDATE visit SET met = CASE WHEN id = 105 THEN 1 ELSE 0 END WHERE ${range};`,
    })
    const { error } = await p.up()
    t.match(error, {
      code: 'statement',
      message: /failed in the batch of visit\.id from 77 to 140: .*foreign key/,
      line: 2,
    })
    t.match(error?.state, 'statement 1 stands through visit.id 70')
  },
  ['postgres'],
)

await eachServer(
  t,
  '--atomic refuses what runs in batches, scripts too but for psql, a dry run tells of it',
  async (t, database) => {
    const p = project(database, `-- sqlmig: batch 10 by visit.id\nUPDATE visit SET met = met + 1 WHERE ${range};`)
    const script = await p.json(['script'])
    if (database.kind === 'postgres') t.equal(script.code, 0)
    else t.match(script.error, { code: 'unsupported', message: 'runs in batches' })
    t.match((await p.up('--atomic')).error, {
      code: 'unsupported',
      message: /--atomic is not possible: .* cannot be rolled back/,
    })
    t.strictSame((await p.up('--dry-run')).document.pending, [make, fill])
    t.strictSame(await p.tables(), ['sqlmig_history'])
  },
)

await eachServer(t, 'the place of an error is that in the file, whatever the bounds were', async (t, database) => {
  const p = project(
    database,
    `-- sqlmig: batch 10 by visit.id\nUPDATE visit SET met = 1 WHERE ${range} AND '😀' <> nothing;`,
  )
  const { error } = await p.up()
  t.match(error, { line: 2, message: /failed in the batch of visit\.id from 7 to 70: / })
  if (database.kind === 'postgres') t.equal(error?.column, 80)
})

await eachServer(
  t,
  'with a target time batches grow from the size of the directive, within bounds',
  async (t, database) => {
    const p = project(database, `-- sqlmig: batch 1 by visit.id\nUPDATE visit SET met = met + 1 WHERE ${range};`, 400)
    const { code, stderr } = await p.up('--batch-target', '1h')
    t.equal(code, 0, stderr)
    const [, batches] = /400 rows of visit in (\d+) batches/.exec(stderr) ?? []
    // 1, 1, 2, 2, 4, 4, … 64, 64, 100: the next range is asked for before it is known how long this one takes
    t.ok(Number(batches) >= 8 && Number(batches) <= 20, `${batches} batches`)
    t.equal(await p.count('visit', 'met <> 1'), 0)
    t.match((await p.up('--batch-target', '0s')).error, { code: 'usage' })
  },
)

await eachServer(
  t,
  'rows of a table that knows no transactions do not run in batches',
  async (t, database) => {
    const p = new Project(database, {
      [make]:
        'CREATE TABLE visit (id integer NOT NULL PRIMARY KEY, met integer NOT NULL) ENGINE = MyISAM;\nINSERT INTO visit VALUES (1, 0);',
      [fill]: `-- sqlmig: batch 10 by visit.id\nUPDATE visit SET met = met + 1 WHERE ${range};`,
    })
    t.match((await p.up()).error, { code: 'unsupported', message: /rows can be rolled back/, line: 1 })
    t.equal(await p.count('visit', 'met = 0'), 1)
  },
  ['mysql', 'mariadb'],
)

await eachServer(t, 'in a file without a transaction batches stand outside its own BEGIN', async (t, database) => {
  const p = project(
    database,
    `-- sqlmig: no-transaction\nBEGIN;\n-- sqlmig: batch 10 by visit.id\nUPDATE visit SET met = met + 1 WHERE ${range};\nCOMMIT;`,
  )
  t.match((await p.up()).error, { code: 'directive', message: /within a BEGIN … COMMIT/, line: 3 })
  p.write(
    fill,
    `-- sqlmig: no-transaction\nBEGIN;\nUPDATE visit SET label = 'x';\nCOMMIT;\n-- sqlmig: batch 10 by visit.id\nUPDATE visit SET met = met + 1 WHERE ${range};`,
  )
  t.equal((await p.up()).code, 0)
  t.equal(await p.count('visit', "met = 1 and label = 'x'"), 100)
})
