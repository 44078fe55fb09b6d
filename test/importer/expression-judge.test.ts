import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import t from 'tap'
import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { own, prelude, statements } from './expression-cases.ts'
import { sqlOf } from './expression-script.ts'

// Our SQL of a statement is that of real SQLAlchemy, but for blanks and for names that it makes up.

const python = process.env.SQLMIG_JUDGE_PYTHON ?? '/usr/bin/python3'
const missing = spawnSync(python, ['-c', 'import sqlalchemy']).status !== 0

for (const dialect of ['postgres', 'mysql', 'sqlite'] as const) {
  t.test(`statements become the SQL of SQLAlchemy on ${dialect}`, async (t) => {
    if (missing) {
      process.stderr.write(`\n*** NOT JUDGED: ${python} has no sqlalchemy; statements are not compared with it ***\n\n`)
      t.pass('skipped', { skip: 'no sqlalchemy' })
      return
    }
    const all = [...statements, ...own[dialect]]
    const judged = judge(all, dialect)
    all.forEach((statement, at) => {
      const { sql, error } = judged[at]!
      const ours = sqlOf(`${prelude}\ngiven(${statement})`, { dialect }).join('; ')
      if (sql === undefined) t.match(ours, /^problem|^todo/, `${statement}: SQLAlchemy refuses: ${error}`)
      else t.equal(plain(ours, dialect), plain(sql, dialect), statement)
    })
  })
}

function judge(all: readonly string[], dialect: DialectName): readonly { sql?: string; error?: string }[] {
  const input = JSON.stringify({ prelude, statements: all, dialect })
  const { stdout, stderr } = spawnSync(python, [resolve('test/importer/expression_judge.py')], {
    input,
    encoding: 'utf8',
  })
  if (stderr !== '') throw new Error(stderr)
  return JSON.parse(stdout)
}

/** What says the same: blanks, doubled percent signs, labels that nobody asked for, MySQL's names of numbers. */
function plain(sql: string, dialect: DialectName): string {
  const text = dialect === 'mysql' ? sql.replace(/\btrue\b/g, '1').replace(/\bfalse\b/g, '0') : sql
  return text
    .replaceAll('%%', '%')
    .replace(/\s+/g, ' ')
    .replace(/ RETURNING .*$/, '')
    .replace(/ AS (anon|\w+)_\d+\b/g, '')
    .replace(/\b(\w+) AS \1\b/g, '$1')
    .replace(/ LIMIT (\d+), (\d+)/, ' LIMIT $2 OFFSET $1')
    .replace(' OFFSET 0', '')
    .replace(/ ?([(),=]) ?/g, '$1')
    .trim()
}
