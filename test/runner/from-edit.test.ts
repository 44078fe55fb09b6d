import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Project } from '../project.ts'
import { eachServer, freshDatabase } from '../servers/databases.ts'

const a = '20250101_000000_a'
const b = '20250102_000000_b'
const chain = { [a]: 'CREATE TABLE one (id integer);', [b]: '\ufeffINSERT INTO one VALUES (2);\r\n' }

interface Written {
  readonly id: string
  readonly file: string
  readonly restored: string
}

function files(project: Project): string[] {
  return readdirSync(join(project.cwd, 'sql')).sort()
}

await eachServer(t, 'an edit is moved into a new file, and the old one is restored', async (t, database) => {
  const project = new Project(database, chain)
  await project.up()
  project.write(b, '\ufeffINSERT INTO one VALUES (2);\r\nINSERT INTO one VALUES (3);\r\n')
  const { code, document } = await project.json<Written>(['new', '--from-edit', b])
  t.equal(code, 0)
  t.match(document, { id: /^\d{8}_\d{6}_edit_of_b$/, restored: project.file(b) })
  t.equal(readFileSync(project.path(b), 'utf8'), chain[b], 'to the byte')
  const text = readFileSync(project.path(document.id), 'utf8')
  t.match(text, `-- edit of ${b}\r\n`)
  t.match(text, '--   +INSERT INTO one VALUES (3);\r\n')
  t.ok(text.endsWith('\r\n\r\nINSERT INTO one VALUES (2);\r\nINSERT INTO one VALUES (3);\r\n'), 'the whole edited text')
  t.equal(files(project).length, 3, 'and no other file')
  const blocked = await project.up()
  t.equal(blocked.code, 4)
  t.match(blocked.error, { code: 'blocked', message: /reduce this/, file: project.file(document.id) })
  project.write(document.id, text.replace(/-- sqlmig: todo.*/, '').replace(/\r\nINSERT INTO one VALUES \(2\);/, ''))
  t.match((await project.up()).document.applied, [{ id: document.id, statements: 1 }])
  t.equal(await project.count('one'), 2)
  t.equal(await project.count('one', 'id = 3'), 1)
})

t.test('the new file has the name that is asked for, the variant, and no marks of the importer', async (t) => {
  const database = await freshDatabase('sqlite', t)
  const project = new Project(database, { [b]: 'SELECT 1;' })
  const path = join(project.cwd, 'sql', `${a}.sqlite.up.sql`)
  const marks = '-- sqlmig: source legacy/a.py\n-- sqlmig: legacy-revision abc\n-- sqlmig: downgrade absent\n'
  const text = `-- Leads.\n${marks}-- sqlmig: lock-timeout 3s\nCREATE TABLE one (note text DEFAULT '\n-- sqlmig: source x\n');\n`
  writeFileSync(path, text)
  t.equal((await project.up()).code, 0)
  writeFileSync(path, text.replace('note text', 'memo text'))
  const { document } = await project.json<Written>(['new', 'rename the note', '--from-edit', a])
  t.match(document.file, /^sql\/\d{8}_\d{6}_rename_the_note\.sqlite\.up\.sql$/)
  t.equal(readFileSync(path, 'utf8'), text)
  const moved = readFileSync(join(project.cwd, document.file), 'utf8')
  t.ok(
    moved.endsWith(
      "-- Leads.\n-- sqlmig: lock-timeout 3s\nCREATE TABLE one (memo text DEFAULT '\n-- sqlmig: source x\n');\n",
    ),
  )
  t.equal((await project.up()).error?.code, 'blocked', 'directives of the head are in their place')
})

t.test('where there is no edit to move, nothing is written', async (t) => {
  const database = await freshDatabase('sqlite', t)
  const large = `${chain[a]}\n-- ${'x'.repeat(4 * 1024 * 1024)}`
  const project = new Project(database, { [a]: large, [b]: 'INSERT INTO one VALUES (2);' })
  const c = '20250103_000000_c'
  await project.up()
  project.write(c, 'SELECT 1;')
  const refused = async (id: string, pattern: RegExp, ...more: string[]) => {
    const { code, error } = await project.json(['new', ...more, '--from-edit', id])
    t.equal(code, 2)
    t.match(error?.message, pattern)
  }
  await refused(a, /is applied: there is no edit/)
  await refused(c, /is pending: there is no edit/)
  await refused('20250109_000000_x', /there is no migration/)
  project.write(b, 'insert into one values (2);')
  await refused(b, /is reformatted: there is no edit/)
  project.write(b, 'INSERT INTO one VALUES (3);')
  await refused(b, /gives no slug/, '…')
  await refused(b, /exclude each other/, '--diff')
  project.write(a, `${large}\nSELECT 2;`)
  await refused(a, /the ledger keeps no text/)
  await database.query(`UPDATE sqlmig_history SET checksum = 'x' WHERE id = '${b}'`)
  await refused(b, /another text than it recorded/)
  project.remove(b)
  await refused(b, /is missing: there is no edit/)
  t.strictSame(files(project), [`${a}.up.sql`, `${c}.up.sql`])
  t.match((await project.json(['new'])).error, { code: 'usage', message: /needs a name/ })
})
