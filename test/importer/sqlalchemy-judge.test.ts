import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import t from 'tap'
import { compile } from '../../lib/compiler/compile.ts'
import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { tableFrom } from '../../lib/importer/sqlalchemy/read-schema.ts'
import { Unreadable } from '../../lib/importer/unreadable.ts'
import { emptySchema } from '../../lib/schema/table.ts'
import type { SqlalchemyVersion } from '../../lib/schema/target.ts'
import { cases, preamble } from './schema-cases.ts'
import { readScript } from './schema-script.ts'

interface Judged {
  readonly version: string
  readonly results: readonly { readonly [D in DialectName]: readonly string[] | { readonly error: string } }[]
}

/** SQLAlchemy writes types of other databases that the server then refuses. */
const beyond = /has no type (mysql\.)?(NVARCHAR|CLOB|DATETIME|BLOB|BINARY|VARBINARY)$|no type postgres.ENUM$/

/** Where SQLAlchemy writes what no server takes, or we write the same thing in another place. */
const apart: { readonly [D in DialectName]?: RegExp } = {
  mysql: /next_value\(\)|Integer, CheckConstraint\('x > 5', name/,
  sqlite: /next_value\(\)|primary_key=True, autoincrement=True\)\)$/,
}

const python = process.env.SQLMIG_JUDGE_PYTHON ?? '/usr/bin/python3'
const asked = spawnSync(python, [resolve('test/importer/schema_judge.py')], {
  input: JSON.stringify({ preamble, cases }),
  encoding: 'utf8',
  maxBuffer: 1e9,
})

if (asked.status !== 0) {
  const why = asked.stderr?.split('\n').at(-2) ?? `no ${python}`
  process.stderr.write(`\n*** NOT JUDGED: ${why}; tables are not compared with real SQLAlchemy ***\n\n`)
  t.pass('skipped', { skip: why })
} else {
  const judged = JSON.parse(asked.stdout) as Judged
  for (const dialect of ['postgres', 'mysql', 'sqlite'] as const) {
    t.test(`tables are written as SQLAlchemy ${judged.version} writes them on ${dialect}`, async (t) => {
      const version = judged.version.slice(0, 3) as SqlalchemyVersion
      cases.forEach((source, at) => {
        if (apart[dialect]?.test(source)) return
        const theirs = judged.results[at]![dialect]
        const ours = written(source, dialect, version)
        if ('error' in theirs) t.ok('error' in ours, `${source}: refused`, { theirs, ours })
        else if ('error' in ours && beyond.test(ours.error)) t.pass(`${source}: ${ours.error}`)
        else t.same(ours, theirs.map(normal), source)
      })
    })
  }
}

function written(source: string, dialect: DialectName, sqlalchemy: SqlalchemyVersion) {
  const target = { dialect, sqlalchemy }
  const { vm, value, log } = readScript(`${preamble}\n${source}`, target)
  if (log.length > 0) return { error: log.join('\n') }
  try {
    const { statements, problems } = compile(
      { kind: 'createTable', table: tableFrom(vm, value('t')) },
      emptySchema,
      target,
    )
    if (problems.length > 0) return { error: problems.map((p) => p.reason).join('\n') }
    const [table, ...indexes] = statements.filter((s) => !/^(CREATE TYPE|COMMENT ON)/.test(s)).map(normal)
    return [table, ...indexes.sort()]
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { error: error.message }
  }
}

/** Blanks are a matter of taste. */
function normal(statement: string): string {
  return statement
    .replace(/\s+/g, ' ')
    .replace(/ ([,)])/g, '$1')
    .replace(/\( /g, '(')
    .replace(/\)(?=ENGINE|COMMENT|CHARSET)/g, ') ')
    .replace(/FOREIGN KEY\(/g, 'FOREIGN KEY (')
    .replace(/', '/g, "','")
    .replace(/["`]/g, '')
    .replaceAll('%%', '%')
    .trim()
}
