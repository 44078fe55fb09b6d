import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { CheckResult } from '../../lib/index.ts'
import { folder, run } from '../cli.ts'
import { Project } from '../project.ts'
import { eachServer, type Kind } from '../servers/databases.ts'

const one = 'sql/20250101_000000_lead.up.sql'
const two = 'sql/20250201_000000_score.up.sql'
const lead = 'CREATE TABLE lead (id bigint PRIMARY KEY, score int);\n'
const index = '-- Sorted by score.\nCREATE INDEX lead_score_idx ON lead (score);\n'

async function checked(cwd: string, ...args: readonly string[]): Promise<CheckResult & { code: number | null }> {
  const outcome = await run(['check', '--json', ...args], { cwd })
  return { ...(outcome.json() as CheckResult), code: outcome.code }
}

function git(cwd: string, ...args: readonly string[]): void {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false']
  execFileSync('git', ['-C', cwd, ...identity, ...args], { stdio: 'ignore' })
}

/** A repository whose branch `main` has the files. */
function repository(files: Readonly<Record<string, string>>): string {
  const cwd = folder(files)
  git(cwd, 'init', '-q', '-b', 'main')
  git(cwd, 'add', '.')
  git(cwd, 'commit', '-q', '-m', 'first')
  git(cwd, 'checkout', '-q', '-b', 'work')
  return cwd
}

t.test('a finding is told with its place, its reason and the safe way, and ends with 7', async (t) => {
  const cwd = folder({ [one]: lead, [two]: index })
  const outcome = await run(['check', '--dialect', 'postgres'], { cwd })
  t.equal(outcome.code, 7)
  t.match(
    outcome.stdout,
    /warning\[index-not-concurrent\]: writes to lead wait.*\n {2}sql\/20250201_000000_score.up.sql:2:1/,
  )
  t.match(outcome.stdout, /CREATE INDEX CONCURRENTLY lead_score_idx ON lead \(score\);/)
  t.match(outcome.stdout, /1 finding in 2 files: 1 warning/)
})

t.test('what PostgreSQL refuses inside a transaction is an error that nothing overrules', async (t) => {
  const ignore = '-- sqlmig: ignore index-not-concurrent because\n'
  for (const sql of [
    'CREATE INDEX CONCURRENTLY ON lead (id);\n',
    'VACUUM lead;\n',
    `${ignore}DROP INDEX CONCURRENTLY i;\n`,
  ]) {
    const { code, findings } = await checked(folder({ [one]: sql }), '--dialect', 'postgres')
    t.equal(code, 7)
    const refused = findings.find((finding) => finding.code === 'transaction-control')
    t.match(refused, { severity: 'error', rule: null, remedy: /no-transaction/ })
  }
})

t.test('notes do not end it with 7', async (t) => {
  const cwd = folder({ [one]: '-- sqlmig: ignore truncate nobody reads it\nSELECT 1;\n' })
  const { code, findings, summary } = await checked(cwd, '--dialect', 'postgres')
  t.equal(code, 0)
  t.match(findings, [{ code: 'unused-ignore', severity: 'note' }])
  t.same(summary, { error: 0, warning: 0, note: 1 })
})

t.test('without a dialect only what all of them say is told, and that this is so', async (t) => {
  const cwd = folder({ [one]: lead, [two]: `${index}DROP TABLE lead;\n` })
  const result = await checked(cwd)
  t.same(
    result.findings.map(({ code }) => code),
    ['drop-table'],
  )
  t.same(result.dialect, null)
  t.same(result.undecided, ['postgres', 'mysql', 'sqlite'])
  t.match((await run(['check'], { cwd })).stdout, /no dialect is named.*--dialect/)
  const variant = folder({ [one]: lead, 'sql/20250201_000000_score.postgres.up.sql': index })
  t.match((await checked(variant)).findings, [{ code: 'index-not-concurrent' }], 'a variant tells its dialect')
})

t.test('a database that is named but not given explicitly is not connected to', async (t) => {
  const cwd = folder({ [one]: lead, [two]: index })
  const env = { DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none' }
  const outcome = await run(['check', '--json'], { cwd, env })
  t.equal(outcome.code, 7)
  t.match(outcome.json(), { dialect: 'postgres', findings: [{ code: 'index-not-concurrent' }] })
  const given = await run(['check', '--database', env.DATABASE_URL], { cwd })
  t.equal(given.code, 6, 'and one that is, is')
})

t.test('a rule that ignore does not know is an error; up passes over it', async (t) => {
  const cwd = folder({ [one]: `-- sqlmig: ignore drop-tabel a slip\n${lead}` })
  t.match(await checked(cwd, '--dialect', 'sqlite'), {
    code: 7,
    findings: [{ code: 'directive', rule: null, line: 1, remedy: 'did you mean "drop-table"?' }],
  })
  t.equal((await run(['up', '--database', 'sqlite:a.db'], { cwd })).code, 0)
  const bare = folder({ [one]: `-- sqlmig: ignore drop-table\n${lead}` })
  t.match(await run(['up', '--database', 'sqlite:a.db'], { cwd: bare }), { code: 2, stderr: /gives no reason/ })
})

t.test('imported files are not reviewed', async (t) => {
  const cwd = folder({ [one]: lead, [two]: `-- sqlmig: source legacy/x.py\n\n${index}` })
  const result = await checked(cwd, '--dialect', 'postgres')
  t.match(result, { code: 0, files: 2, reviewed: 1, findings: [] })
})

t.test('--base: only what is new is reviewed, and its tables are empty', async (t) => {
  const cwd = repository({ [one]: lead, [two]: index })
  t.match(await checked(cwd, '--dialect', 'postgres', '--base', 'main'), { code: 0, reviewed: 0, base: 'main' })
  const visit = 'CREATE TABLE visit (id int);\nCREATE INDEX ON visit (id);\nCREATE INDEX ON lead (id);\n'
  writeFileSync(join(cwd, 'sql/20250301_000000_visit.up.sql'), visit)
  const { findings, reviewed } = await checked(cwd, '--dialect', 'postgres', '--base', 'main')
  t.equal(reviewed, 1)
  t.match(findings, [{ code: 'index-not-concurrent', line: 3 }])
  t.equal(findings.length, 1)
})

t.test('--base: a landed file that is changed, gone or preceded by a new one', async (t) => {
  const cwd = repository({ [one]: lead, [two]: index })
  const codes = async () => {
    const { code, findings } = await checked(cwd, '--dialect', 'sqlite', '--base', 'main')
    return [code, ...findings.map((finding) => `${finding.severity} ${finding.code} ${finding.file}`)]
  }
  writeFileSync(join(cwd, one), lead.toLowerCase().replace('\n', ' -- a note\r\n'))
  t.same(await codes(), [0, `note reformatted ${one}`])
  writeFileSync(join(cwd, one), lead.replace('\n', '\r\n'))
  t.same(await codes(), [0], 'line endings are git’s own business')
  writeFileSync(join(cwd, one), lead.replace('score', 'points'))
  t.same(await codes(), [7, `error changed ${one}`])
  git(cwd, 'checkout', '--', '.')
  renameSync(join(cwd, two), join(cwd, 'sql/20250105_000000_score.up.sql'))
  t.same(await codes(), [7, `error out-of-order sql/20250105_000000_score.up.sql`, `error missing ${two}`])
})

t.test('--base: what main got meanwhile is not missing here', async (t) => {
  const cwd = repository({ [one]: lead })
  git(cwd, 'checkout', '-q', 'main')
  writeFileSync(join(cwd, two), index)
  git(cwd, 'add', '.')
  git(cwd, 'commit', '-q', '-m', 'second')
  git(cwd, 'checkout', '-q', 'work')
  t.match(await checked(cwd, '--dialect', 'sqlite', '--base', 'main'), {
    code: 0,
    findings: [{ code: 'behind-base', severity: 'note', file: two }],
  })
})

t.test('--base: a ref without migrations makes all of them new, and that is told', async (t) => {
  const cwd = repository({ 'README.md': 'a project' })
  const other = folder({ [one]: lead })
  renameSync(join(other, 'sql'), join(cwd, 'sql'))
  const result = await checked(cwd, '--dialect', 'sqlite', '--base', 'main')
  t.match(result, { code: 0, reviewed: 1, findings: [{ code: 'empty-base', severity: 'note' }] })
})

t.test('--base: a ref that is unknown, and no repository, are clear errors', async (t) => {
  const cwd = repository({ [one]: lead })
  t.match(await run(['check', '--base', 'nothing'], { cwd }), {
    code: 2,
    stderr: /unknown-ref.*git knows no "nothing"/s,
  })
  t.match(await run(['check', '--base=--help'], { cwd }), { code: 2, stderr: /unknown-ref/ })
  rmSync(join(cwd, '.git'), { recursive: true })
  t.match(await run(['check', '--base', 'main'], { cwd }), { code: 2, stderr: /no-repository/ })
})

t.test('--format github: one annotation for each finding', async (t) => {
  const cwd = folder({ [one]: lead, [two]: `${index}DROP TABLE "a:b,c%";\n` })
  const outcome = await run(['check', '--dialect', 'postgres', '--format', 'github'], { cwd })
  t.equal(outcome.code, 7)
  const [first, second, ...more] = outcome.stdout.trim().split('\n')
  t.same(more, [])
  t.match(first, new RegExp(`^::warning file=${two},line=2,col=1,title=index-not-concurrent::writes to lead wait`))
  t.match(first, /%0ACREATE INDEX CONCURRENTLY/)
  t.match(second, /^::warning file=\S+,line=3,col=1,title=drop-table::code that still uses a:b,c%25 fails/)
  t.match(outcome.stderr, /2 findings/)
  const root = { GITHUB_WORKSPACE: join(cwd, 'sql') }
  const inside = await run(['check', '--dialect', 'postgres', '--format', 'github'], { cwd, env: root })
  t.match(inside.stdout, /file=20250201_000000_score/, 'paths count from the root of the checkout')
})

t.test('--format sarif: a document that code scanning reads', async (t) => {
  const cwd = folder({ [one]: lead, [two]: index, 'sql/20250301_000000_x.up.sql': "SELECT 'open;\n" })
  const outcome = await run(['check', '--dialect', 'postgres', '--format', 'sarif'], { cwd })
  t.equal(outcome.code, 7)
  const log = JSON.parse(outcome.stdout) as Sarif
  t.equal(log.version, '2.1.0')
  t.match(log.$schema, /sarif-2\.1\.0/)
  const [{ tool, results }] = log.runs
  t.equal(tool.driver.name, 'sqlmig')
  const version = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version
  t.equal(tool.driver.version, version)
  t.ok(tool.driver.rules.length > 30)
  t.equal(new Set(tool.driver.rules.map(({ id }) => id)).size, tool.driver.rules.length, 'no rule twice')
  for (const rule of tool.driver.rules) {
    t.type(rule.shortDescription.text, 'string')
    t.ok(['error', 'warning', 'note'].includes(rule.defaultConfiguration.level))
  }
  t.match(
    results.map(({ ruleId, level }) => [ruleId, level]),
    [
      ['index-not-concurrent', 'warning'],
      ['unterminated', 'error'],
    ],
  )
  for (const { ruleId, ruleIndex, message, locations } of results) {
    t.equal(tool.driver.rules[ruleIndex]?.id, ruleId)
    t.ok(message.text)
    const [{ physicalLocation }] = locations
    t.match(physicalLocation.artifactLocation.uri, /^sql\/\S+\.up\.sql$/)
    t.ok(physicalLocation.region.startLine > 0)
    t.ok(physicalLocation.region.startColumn > 0)
  }
})

interface Sarif {
  readonly $schema: string
  readonly version: string
  readonly runs: readonly [
    {
      readonly tool: {
        readonly driver: {
          readonly name: string
          readonly version: string
          readonly rules: readonly {
            readonly id: string
            readonly shortDescription: { readonly text: string }
            readonly defaultConfiguration: { readonly level: string }
          }[]
        }
      }
      readonly results: readonly {
        readonly ruleId: string
        readonly ruleIndex: number
        readonly level: string
        readonly message: { readonly text: string }
        readonly locations: readonly [
          {
            readonly physicalLocation: {
              readonly artifactLocation: { readonly uri: string }
              readonly region: { readonly startLine: number; readonly startColumn: number }
            }
          },
        ]
      }[]
    },
  ]
}

t.test('formats exclude each other, and a slip is told', async (t) => {
  const cwd = folder({ [one]: lead })
  t.equal((await run(['check', '--json', '--format', 'sarif'], { cwd })).code, 2)
  t.match(await run(['check', '--format', 'serif'], { cwd }), { code: 2, stderr: /did you mean "sarif"/ })
})

t.test('--rules lists them', async (t) => {
  t.match((await run(['check', '--rules'])).stdout, /index-not-concurrent +warning +postgres +CREATE INDEX/)
})

const analyze: Readonly<Record<Kind, readonly string[]>> = {
  postgres: ['ANALYZE visitor'],
  mysql: ['ANALYZE TABLE visitor'],
  mariadb: ['ANALYZE TABLE visitor'],
  sqlite: [],
}

await eachServer(t, 'with --database the size of the table sets the tone', async (t, database) => {
  const project = new Project(database, { '20250101_000000_visitor': lead.replace('lead', 'visitor') })
  await project.up()
  await database.query('INSERT INTO visitor (id, score) VALUES (1, 1), (2, 2), (3, 3)')
  for (const sql of analyze[database.kind]) await database.query(sql)
  project.write(
    '20250201_000000_reset',
    'UPDATE visitor SET score = 0;\nALTER TABLE visitor ADD COLUMN a int NOT NULL;\n',
  )
  const url = ['--database', database.url]
  const { document } = await project.json<CheckResult>(['check', ...url])
  const told = document.findings.map(({ code, severity }) => `${code} ${severity}`)
  t.match(told[0], 'whole-table-write note')
  t.match(document.findings[0]?.message, /it has about [1-9] rows?/)
  t.equal(told[1], database.kind.startsWith('m') ? 'not-null-without-default note' : 'not-null-without-default error')
})
