import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folder, run } from '../cli.ts'

interface ImportDocument {
  readonly dialects: readonly string[]
  readonly files: readonly {
    readonly source: string
    readonly id: string
    readonly kind: string
    readonly targets: readonly string[]
    readonly statements: number
    readonly guards: number
    readonly effects: number
    readonly todos: readonly { readonly line: number; readonly reason: string }[]
    readonly downgrade: string
    readonly had_downgrade: boolean
    readonly script_changed: boolean
    readonly outputs: readonly { readonly file: string; readonly state: string }[]
  }[]
  readonly left_out: readonly { readonly source: string; readonly reason: string }[]
  readonly summary: Readonly<Record<'files' | 'converted' | 'with_todos' | 'kept' | 'errors', number>>
}

async function imported(
  cwd: string,
  args: readonly string[] = [],
): Promise<{ code: number; document: ImportDocument }> {
  const { code, stdout } = await run(['import-legacy', '--json', ...args], { cwd })
  return { code: code ?? -1, document: JSON.parse(stdout) as ImportDocument }
}

/** What is in `sql/`, by name. */
function chain(cwd: string): Readonly<Record<string, string>> {
  const names = readdirSync(join(cwd, 'sql')).sort()
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(cwd, 'sql', name), 'utf8')]))
}

const script = (body: string) => `"""Leads get a flag"""
def run_migration(conn):
    cursor = conn.cursor()
${body.replace(/^/gm, '    ')}

def downgrade(conn):
    conn.cursor().execute("DROP TABLE lead")
`
const name = 'legacy/20251207_000000_lead_flag.py'

t.test('a script becomes a file with its own id, in the form of the contract', async (t) => {
  const cwd = folder({ [name]: script('# every lead\ncursor.execute("CREATE TABLE lead (id INTEGER, flag INTEGER)")') })
  const { code, document } = await imported(cwd)
  t.equal(code, 0)
  t.match(document, {
    dialects: ['postgres', 'mysql', 'sqlite'],
    files: [
      {
        source: name,
        id: '20251207_000000_lead_flag',
        kind: 'python',
        targets: ['postgres', 'mysql', 'sqlite'],
        statements: 1,
        guards: 0,
        effects: 1,
        todos: [],
        downgrade: 'absent',
        had_downgrade: true,
      },
    ],
    summary: { files: 1, converted: 1, with_todos: 0, kept: 0, errors: 0 },
  })
  t.equal(
    chain(cwd)['20251207_000000_lead_flag.up.sql'],
    `-- Leads get a flag
-- sqlmig: source ${name}
-- sqlmig: downgrade absent

-- every lead
CREATE TABLE lead (id INTEGER, flag INTEGER);
`,
  )
})

t.test('what a script decides by dialect is decided, and gives variants', async (t) => {
  const body = `if conn.dialect.name == "postgresql":
    cursor.execute("CREATE TABLE lead (id SERIAL)")
elif conn.dialect.name == "mysql":
    cursor.execute("CREATE TABLE lead (id INT AUTO_INCREMENT PRIMARY KEY)")`
  const cwd = folder({ [name]: script(body) })
  t.equal((await imported(cwd)).code, 0)
  const files = chain(cwd)
  t.match(files['20251207_000000_lead_flag.postgres.up.sql'], /SERIAL/)
  t.match(files['20251207_000000_lead_flag.mysql.up.sql'], /AUTO_INCREMENT/)
  t.notMatch(files['20251207_000000_lead_flag.sqlite.up.sql'], /CREATE/)
  await imported(cwd, ['--dialect', 'mysql,postgres'])
  t.notOk(existsSync(join(cwd, 'sql/20251207_000000_lead_flag.sqlite.up.sql')), 'what is made no more goes')
})

t.test('an unchanged rerun changes no byte', async (t) => {
  const cwd = folder({ [name]: script('cursor.execute("CREATE TABLE lead (id INTEGER)")') })
  await imported(cwd)
  const before = chain(cwd)
  const { document } = await imported(cwd)
  t.same(chain(cwd), before)
  t.equal(document.files[0]!.outputs[0]!.state, 'unchanged')
})

t.test('a file that a person has edited is kept and told, also where its script changes', async (t) => {
  const cwd = folder({ [name]: script('cursor.execute("CREATE TABLE lead (id INTEGER)")') })
  await imported(cwd)
  const path = join(cwd, 'sql/20251207_000000_lead_flag.up.sql')
  writeFileSync(path, `${readFileSync(path, 'utf8')}\nCREATE TABLE by_hand (id INTEGER);\n`)
  const edited = readFileSync(path, 'utf8')
  writeFileSync(join(cwd, name), script('cursor.execute("CREATE TABLE lead (id BIGINT)")'))
  const { document } = await imported(cwd)
  t.equal(readFileSync(path, 'utf8'), edited)
  t.match(document.files[0], { script_changed: true, outputs: [{ state: 'kept' }] })
  t.equal(document.summary.kept, 1)
})

t.test('a changed script is told, and its file that nobody edited is written anew', async (t) => {
  const cwd = folder({ [name]: script('cursor.execute("CREATE TABLE lead (id INTEGER)")') })
  await imported(cwd)
  writeFileSync(join(cwd, name), script('cursor.execute("CREATE TABLE lead (id BIGINT)")'))
  const { document } = await imported(cwd)
  t.match(document.files[0], { script_changed: true, outputs: [{ state: 'rewritten' }] })
  t.match(chain(cwd)['20251207_000000_lead_flag.up.sql'], /BIGINT/)
})

t.test('a file that was there before the first import is kept', async (t) => {
  const cwd = folder({
    [name]: script('cursor.execute("CREATE TABLE lead (id INTEGER)")'),
    'sql/20251207_000000_lead_flag.up.sql': '-- mine\n',
  })
  const { document } = await imported(cwd)
  t.equal(chain(cwd)['20251207_000000_lead_flag.up.sql'], '-- mine\n')
  t.equal(document.summary.kept, 1)
})

t.test('what reading cannot know becomes a todo with its line, blocks up, and ends with 7', async (t) => {
  const body = `cursor.execute("SELECT id, name FROM lead")
for row in cursor.fetchall():
    cursor.execute("UPDATE lead SET slug = ? WHERE id = ?", (row[1].lower(), row[0]))`
  const cwd = folder({ [name]: script(body) })
  const { code, document } = await imported(cwd)
  t.equal(code, 7)
  t.match(document.files[0]!.todos, [{ line: 6 }])
  const text = Object.values(chain(cwd)).join('\n')
  t.match(text, /^-- sqlmig: todo legacy\/20251207_000000_lead_flag\.py:6: .*\n-- {3}cursor\.execute\("UPDATE/m)
  const up = await run(['up', '--database', 'sqlite:x.db'], { cwd })
  t.equal(up.code, 4)
  t.match(up.stderr, /blocked/)
})

t.test('a todo that a person has finished is done', async (t) => {
  const cwd = folder({ [name]: script('cursor.execute(open("x.sql").read())') })
  t.equal((await imported(cwd, ['--dialect', 'sqlite'])).code, 7)
  writeFileSync(join(cwd, 'sql/20251207_000000_lead_flag.up.sql'), 'CREATE TABLE done (id INTEGER);\n')
  t.equal((await imported(cwd, ['--dialect', 'sqlite'])).code, 0)
})

t.test('a dry run tells and writes nothing', async (t) => {
  const cwd = folder({ [name]: script('cursor.execute("CREATE TABLE lead (id INTEGER)")') })
  const { code, document } = await imported(cwd, ['--dry-run'])
  t.equal(code, 0)
  t.match(document.files[0]!.outputs[0], { state: 'written' })
  t.notOk(existsSync(join(cwd, 'sql')))
})

t.test("another tool's file that is not UTF-8 stops the import before anything is written", async (t) => {
  const cwd = folder({
    'legacy/001_a.sql': Buffer.from("-- migrate:up\nSELECT '\xe9';\n", 'latin1'),
    'legacy/002_b.sql': '-- migrate:up\nCREATE TABLE b (id integer);\n',
  })
  const { code, stderr } = await run(['import-legacy'], { cwd })
  t.equal(code, 2)
  t.match(stderr, /error\[encoding\][\s\S]*legacy\/001_a\.sql/)
  t.notOk(existsSync(join(cwd, 'sql')))
})

t.test('files that are no migrations are left out with the reason', async (t) => {
  const cwd = folder({
    'legacy/env.py': 'from alembic import context\ncontext.configure()\n',
    'legacy/tool.py': 'X = 1\n',
  })
  const { code, document } = await imported(cwd)
  t.equal(code, 0)
  t.match(document.left_out, [
    { source: 'legacy/env.py', reason: /environment/ },
    { source: 'legacy/tool.py', reason: /no revision/ },
  ])
})

t.test('a folder that is not there is wrong use', async (t) => {
  const { code, stderr } = await run(['import-legacy', 'nowhere'], { cwd: folder({}) })
  t.equal(code, 2)
  t.match(stderr, /error\[no-folder\]/)
})

t.test('the page for the review has each script beside its SQL', async (t) => {
  const cwd = folder({ [name]: script('cursor.execute("CREATE TABLE lead (id INTEGER) -- <em>")') })
  const { code } = await run(['import-legacy', '--report', 'page.html'], { cwd })
  t.equal(code, 0)
  const page = readFileSync(join(cwd, 'page.html'), 'utf8')
  t.match(page, /20251207_000000_lead_flag/)
  t.match(page, /def run_migration/)
  t.notMatch(page, /<em>/)
  t.notMatch(page, /(?:src|href)="(?!#)/, 'it needs nothing else')
})

t.test('the name of the database, which is another one each time, is left to the server, or to a person', async (t) => {
  const body = `db = conn.engine.url.database
conn.exec_driver_sql(f"ALTER DATABASE {db} SET timezone TO utc")
conn.exec_driver_sql(f"CREATE TABLE {db}_log (id integer)")`
  const cwd = folder({ [name]: `def upgrade(conn):\n${body.replace(/^/gm, '    ')}\n` })
  const { document } = await imported(cwd, ['--dialect', 'postgres,mysql'])
  const files = chain(cwd)
  t.match(files['20251207_000000_lead_flag.mysql.up.sql'], /^ALTER DATABASE SET timezone TO utc;$/m)
  t.match(files['20251207_000000_lead_flag.postgres.up.sql'], /format\('ALTER DATABASE %I SET .*current_database\(\)/)
  t.match(document.files[0]!.todos, [{ line: 4, reason: /the name of the database/ }])
  t.notMatch(JSON.stringify(files), /⟨/)
})

const hostile: Readonly<Record<string, string>> = {
  'an endless loop': 'while True:\n    pass\n',
  'deep recursion': 'def f(n):\n    return f(n + 1)\nf(0)\n',
  'a list of 50 MB': 'x = [0] * 50_000_000\ny = ["a" * 1000] * 100_000_000\n',
  'a large power': 'x = 10 ** 10 ** 10\n',
  'a shell command': '__import__("os").system("touch /tmp/sqlmig-hostile")\n',
  'a file that is read': 'cursor.execute(open("/etc/passwd").read())\n',
  'a file that is written': 'open("legacy/written.txt", "w").write("x")\n',
  'code made at run time': 'exec("cursor.execute(\\"DROP TABLE lead\\")")\n',
  'a bad pattern': 'import re\nre.match("(a+)+$", "a" * 40 + "b")\n',
}

for (const [what, body] of Object.entries(hostile)) {
  t.test(`a hostile script ends in a clear report: ${what}`, async (t) => {
    const cwd = folder({ [name]: script(`cursor.execute("CREATE TABLE lead (id INTEGER)")\n${body.trimEnd()}`) })
    const { code, document } = await imported(cwd, ['--dialect', 'sqlite'])
    t.ok(code === 0 || code === 7, `exit ${code}`)
    t.same(readdirSync(join(cwd, 'legacy')), ['20251207_000000_lead_flag.py'])
    t.same(readdirSync(cwd).sort(), ['legacy', 'sql'])
    t.notOk(existsSync('/tmp/sqlmig-hostile'))
    t.notMatch(JSON.stringify(document), /root:/)
    t.match(chain(cwd)['20251207_000000_lead_flag.up.sql'], /CREATE TABLE lead/)
    if (/loop|recursion|file that is read|run time/.test(what)) t.equal(code, 7)
    rmSync(cwd, { recursive: true })
  })
}

t.test('a line of 10 MB and invalid Python are told', async (t) => {
  const cwd = folder({
    [name]: script(`x = "${'a'.repeat(10_000_000)}"\ncursor.execute("CREATE TABLE lead (id INTEGER)")`),
    'legacy/20251208_000000_broken.py': 'def run_migration(:\n',
  })
  const { code, document } = await imported(cwd, ['--dialect', 'sqlite'])
  t.equal(code, 7)
  t.match(document.files[0], { statements: 1, todos: [] })
  t.match(document.files[1], { todos: [{ line: 1, reason: /no valid Python/ }] })
  t.equal(document.summary.errors, 1)
})

/** Ways in which what is handed to an effect is not known: none of them may lose the effect. */
const unknownCalls: Readonly<Record<string, string>> = {
  'unknown arguments': 'op.create_table("t", *anything())',
  'unknown keywords': 'op.create_table("t", **anything())',
  'a list that a loop filled': 'found = []\nfor x in anything():\n    found.append(x)\nop.create_table("t", *found)',
  'an unknown name': 'getattr(op, anything())("t")',
  'a method handed over': 'list(map(op.drop_table, anything()))',
  'a method handed on': 'anything(op.drop_table)',
  'a partial': 'import functools\nfunctools.partial(op.drop_table, "t")()',
  'a condition': 'if anything():\n    op.drop_table("t")',
  'an exception between': 'if anything():\n    {}["x"]\n    op.drop_table("t")\nop.drop_table("u")',
  'a handler': 'try:\n    anything()\nexcept Exception:\n    op.drop_table("t")',
  'a comprehension': '[op.drop_table(x) for x in anything()]',
  'a while': 'while anything():\n    op.drop_table("t")',
  'a lambda': '(lambda: op.drop_table(anything()))()',
  'a class': 'class A:\n    def go(self):\n        op.drop_table(anything())\nA().go()',
  'a with': 'with anything():\n    op.drop_table(anything())',
}

for (const [what, body] of Object.entries(unknownCalls)) {
  t.test(`no effect is lost: ${what}`, async (t) => {
    const text = `from alembic import op
from somewhere import anything
revision = "a1"
down_revision = None
def upgrade():
${body.replace(/^/gm, '    ')}
`
    const cwd = folder({ 'legacy/a1_lost.py': text })
    const { document } = await imported(cwd, ['--dialect', 'sqlite'])
    const [file] = document.files
    t.ok(file!.todos.length > 0 || file!.statements > 0, JSON.stringify(file))
    if (!/partial/.test(what)) t.ok(file!.todos.length > 0, 'a todo stands')
  })
}
