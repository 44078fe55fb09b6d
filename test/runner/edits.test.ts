import t from 'tap'
import { Project } from '../project.ts'
import type { Kind } from '../servers/databases.ts'
import { eachServer } from '../servers/databases.ts'

type Verdict = 'applied' | 'reformatted' | 'changed'
type Verdicts = Verdict | Readonly<Partial<Record<Kind, Verdict>> & { readonly others: Verdict }>

interface Edit {
  readonly about: string
  /** Takes the text as it was applied. */
  readonly edit: (text: string) => string
  readonly verdict: Verdicts
}

const body: Readonly<Record<'postgres' | 'mysql' | 'sqlite', string>> = {
  postgres: `CREATE FUNCTION raise_N() RETURNS void LANGUAGE sql AS $body$
  UPDATE lead_N SET id = id + 1; -- all of them
$body$;`,
  mysql: `CREATE PROCEDURE raise_N() BEGIN
  UPDATE lead_N SET id = id + 1; -- all of them
END;`,
  sqlite: `CREATE TRIGGER raise_N AFTER INSERT ON lead_N BEGIN
  UPDATE lead_N SET id = id + 1; -- all of them
END;`,
}

function textFor(kind: Kind): string {
  return `-- The leads.
CREATE TABLE lead_N (id integer, note varchar(80)) /*!50000 COMMENT 'old' */;
INSERT INTO lead_N (id, note) VALUES (1, 'two  words');
INSERT INTO lead_N (id, note) VALUES (2, 'a
break');
UPDATE /*+ NO_MERGE(a) */ lead_N SET note = 'x' WHERE id > 5;
${body[kind === 'mariadb' ? 'mysql' : kind]}
`
}

/** An edit that finds nothing to change would prove nothing. */
function replacing(from: string, to: string): Edit['edit'] {
  return (text) => {
    if (!text.includes(from)) throw new Error(`the text holds no ${from}`)
    return text.replaceAll(from, to)
  }
}

const wholeBody = { postgres: 'changed', others: 'reformatted' } as const
const conditional = { mysql: 'changed', mariadb: 'changed', others: 'reformatted' } as const
const named = { postgres: 'reformatted', others: 'changed' } as const

const edits: readonly Edit[] = [
  { about: 'nothing', edit: (text) => text, verdict: 'applied' },
  { about: 'a comment', edit: replacing('-- The leads.', '-- All leads.'), verdict: 'reformatted' },
  { about: 'a comment less', edit: replacing('-- The leads.\n', ''), verdict: 'reformatted' },
  { about: 'a block comment', edit: replacing('(id integer,', '(id /* key */ integer,'), verdict: 'reformatted' },
  { about: 'a statement commented out', edit: replacing('UPDATE /*+', '-- UPDATE /*+'), verdict: 'changed' },
  { about: 'the case of a keyword', edit: replacing('INSERT INTO', 'Insert into'), verdict: 'reformatted' },
  { about: 'the case of a name', edit: replacing('note', 'Note'), verdict: named },
  { about: 'quotes about a name', edit: replacing('lead_N (id', 'lead_N ("id"'), verdict: 'changed' },
  { about: 'white space', edit: replacing('VALUES (1, ', 'VALUES\n\t( 1,'), verdict: 'reformatted' },
  { about: 'white space at the end', edit: (text) => `${text}\n  \n`, verdict: 'reformatted' },
  { about: 'white space in a literal', edit: replacing('two  words', 'two words'), verdict: 'changed' },
  { about: 'the case of a literal', edit: replacing('two  words', 'Two  words'), verdict: 'changed' },
  { about: 'CRLF outside literals', edit: replacing(';\nINSERT', ';\r\nINSERT'), verdict: 'reformatted' },
  { about: 'CRLF in a literal', edit: replacing('a\nbreak', 'a\r\nbreak'), verdict: 'changed' },
  { about: 'a BOM', edit: (text) => `\ufeff${text}`, verdict: 'reformatted' },
  { about: 'a number', edit: replacing('VALUES (2', 'VALUES (3'), verdict: 'changed' },
  { about: 'a blank in a number', edit: replacing('id > 5', 'id >5'), verdict: 'reformatted' },
  { about: 'a type', edit: replacing('varchar(80)', 'varchar(81)'), verdict: 'changed' },
  { about: 'a character in a body', edit: replacing('id + 1', 'id + 2'), verdict: 'changed' },
  { about: 'white space in a body', edit: replacing('id + 1', 'id  +  1'), verdict: wholeBody },
  { about: 'a comment in a body', edit: replacing('all of them', 'each of them'), verdict: wholeBody },
  { about: 'a conditional comment', edit: replacing("COMMENT 'old'", "COMMENT 'new'"), verdict: conditional },
  { about: 'a conditional comment made a comment', edit: replacing('/*!50000', '/* 50000'), verdict: conditional },
  { about: 'a hint', edit: replacing('NO_MERGE(a)', 'NO_MERGE(b)'), verdict: 'changed' },
  { about: 'a hint made a comment', edit: replacing('/*+', '/* +'), verdict: 'changed' },
  { about: 'a directive', edit: (text) => `-- sqlmig: lock-timeout 3s\n${text}`, verdict: 'changed' },
  { about: 'a statement more', edit: (text) => `${text}SELECT 1;\n`, verdict: 'changed' },
  { about: 'an open quote', edit: (text) => `${text}SELECT 'x;\n`, verdict: 'changed' },
  { about: 'all of it gone', edit: () => '', verdict: 'changed' },
  {
    about: 'the order of two statements',
    edit: (text) => text.replace(/(INSERT[^;]*;\n)(INSERT[^;]*;\n)/, '$2$1'),
    verdict: 'changed',
  },
]

function idOf(index: number): string {
  return `20250101_0000${String(index).padStart(2, '0')}_edit`
}

function verdictOn(kind: Kind, verdicts: Verdicts): Verdict {
  return typeof verdicts === 'string' ? verdicts : (verdicts[kind] ?? verdicts.others)
}

interface Status {
  readonly migrations: readonly {
    readonly id: string
    readonly state: string
    readonly edits: readonly string[] | null
  }[]
}

await eachServer(t, 'each kind of edit has its verdict', async (t, database) => {
  // each in a file of its own, with names of its own
  const own = (text: string, index: number) => text.replaceAll('_N', `_${index}`)
  const text = textFor(database.kind)
  const files = edits.map((_, index) => [idOf(index), own(text, index)] as const)
  const project = new Project(database, Object.fromEntries(files))
  const first = await project.up()
  t.equal(first.code, 0, first.stderr)
  for (const [index, { edit }] of edits.entries()) project.write(idOf(index), own(edit(text), index))
  const { document } = await project.json<Status>(['status'])
  const states = document.migrations.map(({ state }, index) => `${edits[index]!.about}: ${state}`)
  t.strictSame(
    states,
    edits.map(({ about, verdict }) => `${about}: ${verdictOn(database.kind, verdict)}`),
  )
  const changed = edits.findIndex(({ verdict }) => verdictOn(database.kind, verdict) === 'changed')
  const { code, error } = await project.up()
  t.equal(code, 4)
  t.match(error, { code: 'changed', file: project.file(idOf(changed)), state: 'nothing was run' })
  const table = edits.findIndex(({ about }) => about === 'a type')
  const shown = await project.json<{ readonly edits: readonly { readonly kind: string }[] }>(['show', idOf(table)])
  t.match(shown.document.edits, [{ kind: 'changed', was: { statement: 1, line: 2 }, now: { statement: 1, line: 2 } }])
  t.equal(shown.document.edits.length, 1)
  t.strictSame(document.migrations[table]?.edits, ['statement 1 (line 2) is changed'])
  t.match(error?.message, /statement \d \(line \d+\) (is|of)/, 'the error tells what was edited')
  for (const way of ['restore the file', `sqlmig accept ${idOf(changed)} --reason`, `new --from-edit ${idOf(changed)}`])
    t.ok(error?.remedy?.includes(way), `the remedy names ${way}`)
})

const a = '20250101_000000_a'
const b = '20250102_000000_b'
const c = '20250103_000000_c'
const chain = { [a]: 'CREATE TABLE one (id integer);', [b]: 'INSERT INTO one VALUES (2);' }

interface Found {
  readonly migrations: readonly { readonly id: string; readonly state: string; readonly found_in: string | null }[]
}

async function found(project: Project): Promise<string[]> {
  const { document } = await project.json<Found>(['status'])
  return document.migrations.map(({ id, state, found_in }) => `${id.at(-1)} ${state} ${found_in ?? '-'}`)
}

await eachServer(t, 'a renamed file is known by its content', async (t, database) => {
  const project = new Project(database, chain)
  await project.up()
  project.remove(b)
  project.write(c, '-- renamed, and reformatted\ninsert into one values (2);')
  t.strictSame(await found(project), ['a applied -', `b missing ${project.file(c)}`, 'c pending -'])
  const { code, error } = await project.up()
  t.equal(code, 4)
  t.match(error, { code: 'missing', message: new RegExp(`${b} was applied, but its file .* under that name`) })
  t.match(error?.remedy, `${project.file(c)} holds what was applied as ${b}`)
  t.notMatch(error?.remedy, /version control/)
  t.match((await project.run(['status', '--check'])).stdout, `hint: ${project.file(c)} holds what was applied as ${b}`)
  project.write(c, 'INSERT INTO one VALUES (3);')
  t.strictSame(await found(project), ['a applied -', 'b missing -', 'c pending -'], 'another text is another migration')
  t.match((await project.up()).error?.remedy, /version control/)
  t.equal(await project.count('one'), 1)
})

await eachServer(t, 'two files whose contents were swapped are told as that', async (t, database) => {
  const project = new Project(database, chain)
  await project.up()
  project.write(a, chain[b]!)
  project.write(b, chain[a]!)
  t.strictSame(await found(project), [`a changed ${project.file(b)}`, `b changed ${project.file(a)}`])
  const { code, error } = await project.up()
  t.equal(code, 4)
  t.equal(error?.code, 'changed')
  t.match(error?.remedy, `${project.file(b)} holds what was applied as ${a}`)
  t.match(error?.remedy, `${project.file(a)} holds what was applied as ${b}`)
})

await eachServer(t, 'a copy is no rename, and files without SQL are not alike', async (t, database) => {
  const project = new Project(database, { ...chain, [c]: '-- nothing yet' })
  await project.up()
  project.remove(c)
  project.write('20250104_000000_d', '-- nothing either')
  project.write('20250105_000000_e', chain[b]!)
  t.strictSame(await found(project), ['a applied -', 'b applied -', 'c missing -', 'd pending -', 'e pending -'])
})
