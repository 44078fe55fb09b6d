import { mkdirSync } from 'node:fs'
import t from 'tap'
import { ended, Project, rollsBack, type UpDocument } from '../project.ts'
import { eachServer } from '../servers/databases.ts'

const first = '20250101_000000_first'
const second = '20250102_000000_second'
const third = '20250103_000000_third'

const create = 'CREATE TABLE lead_one (id integer PRIMARY KEY, name varchar(40) NOT NULL);'

t.jobs = 1

await eachServer(
  t,
  'a syntax error is told with its place, and the file goes on where it stopped',
  async (t, database) => {
    const project = new Project(database, {
      [first]: create,
      [second]:
        'CREATE TABLE two (id integer PRIMARY KEY);\nINSERT INTO two VALUES (1), (2);\n\n  INSERT INTOO two VALUES (3);\n',
      [third]: 'CREATE TABLE three (id integer);',
    })
    const failed = await project.up()
    t.equal(failed.code, 1)
    t.match(failed.document, {
      applied: [{ id: first }],
      pending: [second, third],
      failed: { id: second, file: project.file(second), line: 4, statement: 3 },
      error: { code: 'statement', remedy: /^correct line 4, then run "sqlmig up" again/ },
    })
    if (rollsBack(database)) {
      t.match(failed.error?.state, `${second} was rolled back; 1 migration applied before it stands`)
      t.strictSame(await project.tables(), ['lead_one', 'sqlmig_history'])
      t.strictSame(await project.ledger(), [`applied ${first}`])
    } else {
      // the server commits with CREATE TABLE; the INSERT after it was rolled back with the statement that failed
      t.match(failed.error?.state, /^statement 1 stands \((MySQL|MariaDB) commits DDL by itself\)/)
      t.match(failed.error?.remedy, 'it goes on at statement 2')
      t.strictSame(await project.ledger(), [`applied ${first}`, `started ${second} 1/3`])
      t.equal(await project.count('two'), 0)
    }
    project.write(
      second,
      'CREATE TABLE two (id integer PRIMARY KEY);\nINSERT INTO two VALUES (1), (2);\n\n  INSERT INTO two VALUES (3);\n',
    )
    t.equal((await project.up()).code, 0)
    t.equal(await project.count('two'), 3)
    t.strictSame(
      await project.ledger(),
      [first, second, third].map((id) => `applied ${id}`),
    )
  },
)

await eachServer(t, 'a person sees the line with a caret, what stands and what to do', async (t, database) => {
  const project = new Project(database, {
    [first]: create,
    [second]: '-- a comment\nINSERT INTO lead_oone VALUES (1);\n',
  })
  const { code, stderr } = await project.run(['up'])
  t.equal(code, 1)
  t.match(stderr, /^error\[statement\]: statement 1 of 1 failed: .*lead_oone/)
  t.match(
    stderr,
    new RegExp(`  ${project.file(second)}:2:\\d+\n    2 │ INSERT INTO lead_oone VALUES \\(1\\);\n      │ +\\^`),
  )
  t.match(stderr, /\n {2}hint: correct line 2, then run "sqlmig up" again/)
})

await eachServer(t, 'a constraint violation undoes what can be undone, and no row comes twice', async (t, database) => {
  const rows = (last: number) =>
    `INSERT INTO lead_one VALUES (1, 'a');
CREATE TABLE two (id integer PRIMARY KEY);
INSERT INTO two VALUES (1);
INSERT INTO lead_one VALUES (2, 'b');
INSERT INTO lead_one VALUES (${last}, 'c');
INSERT INTO two VALUES (2);`
  const project = new Project(database, { [first]: create, [second]: rows(1) })
  const failed = await project.up()
  t.equal(failed.code, 1)
  t.match(failed.document.failed, { id: second, line: 5, statement: 5 })
  t.equal(failed.error?.code, 'statement')
  t.match(failed.error?.message, /duplicate|unique/i)
  if (rollsBack(database)) {
    t.strictSame(await project.tables(), ['lead_one', 'sqlmig_history'])
    t.equal(await project.count('lead_one'), 0)
  } else {
    t.strictSame(await project.ledger(), [`applied ${first}`, `started ${second} 2/6`])
    t.strictSame([await project.count('lead_one'), await project.count('two')], [1, 0])
  }
  project.write(second, rows(3))
  t.equal((await project.up()).code, 0)
  t.strictSame([await project.count('lead_one'), await project.count('two')], [3, 2])
})

const hold = {
  postgres: ['BEGIN; LOCK TABLE lead_one', 'COMMIT'],
  mysql: ['LOCK TABLES lead_one WRITE', 'UNLOCK TABLES'],
  mariadb: ['LOCK TABLES lead_one WRITE', 'UNLOCK TABLES'],
  // a reader hinders nobody but the COMMIT
  sqlite: ['BEGIN; SELECT * FROM lead_one', 'COMMIT'],
} as const
const patience = ['--lock-timeout', '1s', '--lock-retries', '1']

await eachServer(
  t,
  'a table that another session holds is a lock time-out, after as many tries as asked for',
  async (t, database) => {
    const project = new Project(database, { [first]: `${create}\nINSERT INTO lead_one VALUES (1, 'a');` })
    await project.up()
    project.write(second, 'CREATE TABLE two (id integer);\nALTER TABLE lead_one ADD COLUMN source varchar(20);')
    await holdTable(project)
    const failed = ended<UpDocument>(await project.run(['up', '--json', ...patience]))
    await release(project)
    t.equal(failed.code, 1)
    t.match(failed.error, { code: 'lock-timeout', remedy: /raise --lock-retries/ })
    t.equal(failed.stderr.match(/^ {2}retry /gm)?.length, 1, 'it was tried again once')
    t.strictSame(
      await project.ledger(),
      rollsBack(database) ? [`applied ${first}`] : [`applied ${first}`, `started ${second} 1/2`],
    )
    t.equal((await project.up()).code, 0)
  },
)

await eachServer(t, 'a lock that is released between two tries stops nothing', async (t, database) => {
  const project = new Project(database, { [first]: `${create}\nINSERT INTO lead_one VALUES (1, 'a');` })
  await project.up()
  project.write(
    second,
    `CREATE TABLE two (id integer);\nINSERT INTO two VALUES (1);\nALTER TABLE lead_one ADD COLUMN source varchar(20);`,
  )
  await holdTable(project)
  let released: Promise<unknown> | undefined
  const { code } = await project.run(['up', '--lock-timeout', '1s'], {
    onStdout: (text) => {
      if (text.includes('retry')) released ??= release(project)
    },
  })
  t.ok(released, 'a retry was told')
  t.equal(code, 0)
  t.equal(await project.count('two'), 1)
})

function holdTable({ database }: Project) {
  return database.query(hold[database.kind][0])
}

function release({ database }: Project) {
  return database.query(hold[database.kind][1])
}

await eachServer(
  t,
  'a file that is not UTF-8 is refused with the offset, before anything runs',
  async (t, database) => {
    const text = Buffer.from(`${'-- ü\n'.repeat(60_000)}INSERT INTO lead_one VALUES (1, '`)
    const project = new Project(database, {
      [first]: create,
      [second]: Buffer.concat([text, Buffer.from([0xe9]), Buffer.from("');")]),
    })
    const failed = await project.up()
    t.equal(failed.code, 2)
    t.match(failed.error, {
      code: 'encoding',
      message: `byte ${text.length} `,
      file: project.file(second),
      remedy: /UTF-8/,
    })
    t.notOk((await project.tables()).includes('lead_one'), 'nothing was run')
  },
)

await eachServer(t, 'a file that is empty, or holds nothing but comments, is applied as it is', async (t, database) => {
  const project = new Project(database, {
    [first]: '',
    [second]: '-- nothing\n/* at\nall */\n',
    [third]: '\ufeff\r\n;;\r\n',
  })
  const { code, document } = await project.up()
  t.equal(code, 0)
  t.strictSame(
    document.applied.map(({ id, statements }) => [id, statements]),
    [first, second, third].map((id) => [id, 0]),
  )
  t.strictSame(
    await project.ledger(),
    [first, second, third].map((id) => `applied ${id}`),
  )
  t.match((await project.json(['status'])).document.summary, { applied: 3 })
})

await eachServer(t, 'a line of a megabyte runs, and an error at its end is shown without it', async (t, database) => {
  const values = Array.from({ length: 100 }, (_, index) => `(${index}, '${'x'.repeat(10_000)}')`).join(', ')
  const insert = `INSERT INTO wide VALUES ${values};`
  const project = new Project(database, {
    [first]: `CREATE TABLE wide (id integer PRIMARY KEY, body text);\n${insert}`,
    [second]: `${insert.replaceAll('x', 'y').replace(/\((\d+),/g, (_, id) => `(${100 + Number(id)},`)} INSERT INTO wild VALUES (1);`,
  })
  const { code, stderr } = await project.run(['up'])
  t.equal(code, 1)
  t.match(stderr, /statement 2 of 2 failed: .*wild/)
  t.match(stderr, new RegExp(`${second}\\.up\\.sql:1:10\\d{5}\n`))
  t.ok(stderr.length < 2000, 'what is shown is short')
  t.equal(await project.count('wide'), 100)
})

await t.test('an unreadable file is told, not skipped', async (t) => {
  await eachServer(
    t,
    'a folder in place of a file',
    async (t, database) => {
      const project = new Project(database, { [first]: create })
      mkdirSync(`${project.cwd}/sql/${second}.up.sql`)
      const { code, document, error } = await project.up()
      t.equal(code, 2)
      t.strictSame(document.applied, [])
      t.match(error, { code: 'file-access', file: project.file(second) })
    },
    ['sqlite'],
  )
})
