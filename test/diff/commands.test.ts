import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Project } from '../project.ts'
import { eachServer, freshDatabase } from '../servers/databases.ts'

const a = '20250101_000000_a'
const b = '20250102_000000_b'
const c = '20250103_000000_c'

const chain = {
  [a]: `CREATE TABLE site (id integer PRIMARY KEY, host varchar(100) NOT NULL UNIQUE);
CREATE TABLE form (id integer PRIMARY KEY, site_id integer NOT NULL, title varchar(50) DEFAULT 'none', CONSTRAINT form_site FOREIGN KEY (site_id) REFERENCES site (id) ON DELETE CASCADE);
CREATE INDEX form_title ON form (title);`,
  [b]: 'ALTER TABLE form ADD COLUMN active integer NOT NULL DEFAULT 1;\nCREATE VIEW active_form AS SELECT id, title FROM form WHERE active = 1;',
}

interface Compared {
  readonly same: boolean
  readonly differences: readonly { object: string; kind: string; expected: string | null; actual: string | null }[]
}

await eachServer(t, 'a database is compared with the chain, and what was done by hand is told', async (t, database) => {
  const project = new Project(database, chain)
  await project.up()
  const same = await project.json<Compared>(['diff'])
  t.equal(same.code, 0, same.stderr)
  t.match(same.document, { same: true, differences: [] })
  t.equal((await project.run(['status', '--drift'])).code, 0)

  await database.query(
    `DROP INDEX form_title${database.kind === 'mysql' || database.kind === 'mariadb' ? ' ON form' : ''}`,
  )
  await database.query('CREATE TABLE by_hand (id integer)')
  await database.query('ALTER TABLE site ADD COLUMN note varchar(10)')
  const other = await project.json<Compared>(['diff'])
  t.equal(other.code, 8)
  t.match(
    other.document.differences.map(({ object, kind }) => `${object}: ${kind}`),
    ['table by_hand: object', 'table form: index form_title', 'table site: column note'],
  )
  const { code, document } = await project.json(['status', '--drift'])
  t.equal(code, 8)
  t.match(document.drift, { same: false, added: ['table by_hand'], changed: ['table form', 'table site'], removed: [] })
  const lines = (await project.run(['diff'])).stdout + (await project.run(['diff'])).stderr
  t.match(lines, /\+ table by_hand/)
  t.match(lines, /− index form_title/)
})

await eachServer(t, 'a pending migration is no difference, unless the whole chain is meant', async (t, database) => {
  const project = new Project(database, chain)
  await project.up('--to', a)
  t.equal((await project.run(['diff'])).code, 0)
  const { code, document } = await project.json<Compared>(['diff', '--whole-chain'])
  t.equal(code, 8)
  t.match(document.differences, [
    { object: 'table form', kind: 'column active', actual: null },
    { object: 'view active_form', actual: null },
  ])
})

await eachServer(t, 'two databases are compared, and a file with a database', async (t, database) => {
  const project = new Project(database, chain)
  await project.up()
  const other = new Project(await freshDatabase(database.kind, t), { [a]: chain[a]! })
  await other.up()
  t.match((await project.json<Compared>(['diff', '--schema', other.database.url])).document.differences, [
    { object: 'table form', kind: 'column active', expected: null },
    { object: 'view active_form', expected: null },
  ])
  const file = join(project.cwd, 'wanted.sql')
  writeFileSync(file, `${chain[a]}\n${chain[b]}\nCREATE TABLE wanted (id integer);\n`)
  t.match((await project.json<Compared>(['diff', '--schema', file])).document.differences, [
    { object: 'table wanted', actual: null },
  ])
  writeFileSync(file, 'CREATE TABLE one (id integer);\nCREATE TABLE one (id integer);')
  t.match(
    (await project.json(['diff', '--schema', file])).error,
    { file, line: 2 },
    'a wrong file is told with its place',
  )
})

await eachServer(
  t,
  'a dump makes the same schema, from which a database is begun that goes on',
  async (t, database) => {
    const project = new Project(database, chain)
    await project.up()
    const first = await project.run(['dump'])
    t.equal(first.code, 0, first.stderr)
    t.equal((await project.run(['dump', '--at-head'])).code, 0)
    const snapshot = readFileSync(join(project.cwd, 'sql/schema.sql'), 'utf8')
    t.match(snapshot, new RegExp(`^-- sqlmig snapshot at ${b}\n`))
    const verified = await project.json<Compared>(['bootstrap', '--verify'])
    t.equal(verified.code, 0, verified.stderr)

    const fresh = new Project(await freshDatabase(database.kind, t), {
      ...chain,
      [c]: 'CREATE TABLE newer (id integer);',
    })
    writeFileSync(join(fresh.cwd, 'sql/schema.sql'), snapshot)
    const made = await fresh.json(['bootstrap'])
    t.equal(made.code, 0, made.stderr)
    t.match(made.document, { at: b, recorded: [a, b], applied: [{ id: c }] })
    t.strictSame(await fresh.ledger(), [`baselined ${a}`, `baselined ${b}`, `applied ${c}`])
    await fresh.database.query('DROP TABLE newer')
    t.equal((await fresh.run(['dump'])).stdout, first.stdout, 'dumped again it is the same text')
    t.match((await fresh.json(['bootstrap'])).error, { code: 'usage', message: /is not empty/ })

    writeFileSync(join(project.cwd, 'sql/schema.sql'), snapshot.replace(/active/g, 'actif'))
    t.equal((await project.run(['bootstrap', '--verify'])).code, 8, 'a snapshot that is not what the chain makes')
    t.equal((await project.run(['diff'])).code, 0, 'and the database itself was not touched')
  },
)

await eachServer(
  t,
  'the migration that leads to the edited schema is written, losses under a todo',
  async (t, database) => {
    const project = new Project(database, chain)
    await project.up()
    await database.query("INSERT INTO site VALUES (1, 'here')")
    await project.run(['dump', '--at-head'])
    const file = join(project.cwd, 'sql/schema.sql')
    const text = readFileSync(file, 'utf8')
    writeFileSync(
      file,
      text.replace(/(?<=[\s(`])host\b/g, 'domain').replace(/domain`? varchar\(100\) not null/i, '$&, added INTEGER'),
    )
    const lossy = await project.json<{ file: string; todos: number }>(['new', 'lossy', '--diff'])
    t.equal(lossy.code, 0, lossy.stderr)
    t.ok(lossy.document.todos > 0, 'without a word a rename is a loss')
    t.match((await project.up()).error, { code: 'blocked' })
    project.remove(lossy.document.file.replace(/^sql\/|\.up\.sql$/g, ''))
    const renamed = await project.json<{ todos: number }>(['new', 'renamed', '--diff', '--rename', 'site.host=domain'])
    t.equal(renamed.document.todos, 0, renamed.stderr)
    const up = await project.up()
    t.equal(up.code, 0, up.stderr)
    t.strictSame(await database.query('select domain, added from site'), [{ domain: 'here', added: null }])
    t.equal((await project.json<Compared>(['diff', '--schema', 'sql/schema.sql'])).document.same, true)
    t.equal((await project.run(['new', 'nothing', '--diff'])).code, 0)
  },
  ['sqlite', 'mysql', 'mariadb'],
)

await eachServer(
  t,
  "diff --sql is a file for the server's own program, routines included",
  async (t, database) => {
    const project = new Project(database, chain)
    await project.up()
    const trigger = 'CREATE TRIGGER later BEFORE INSERT ON site FOR EACH ROW BEGIN SET @a = 1; SET @b = 2; END'
    writeFileSync(join(project.cwd, 'wanted.sql'), `CREATE TABLE site (id integer);\n${trigger};\n`)
    const { stdout } = await project.run(['diff', '--schema', 'wanted.sql', '--sql'])
    t.match(stdout, /DELIMITER \$sqlmig\$\nCREATE .*TRIGGER `later`[^$]*END\$sqlmig\$\nDELIMITER ;/)
    t.match(stdout, /^-- the table and its rows|^-- .+\nALTER TABLE/m)
  },
  ['mysql', 'mariadb'],
)
