import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import type { ServerFlavor, Target } from '../../lib/schema/target.ts'
import { type Case, type Group, targetOf } from './case.ts'
import { isOn, type Outcome, runCase } from './run-case.ts'
import { type Shape, shapeDifferences } from './shape.ts'

/** A database that real Alembic and our SQL are both tried on. */
export interface Bench {
  readonly dialect: DialectName
  readonly flavor?: ServerFlavor
  readonly url: string
}

export interface Verdict {
  readonly case: string
  readonly verdict:
    | 'equal'
    | 'both refuse'
    | 'beyond'
    | 'different'
    | 'only Alembic refuses'
    | 'only we refuse'
    | 'our SQL fails'
    | 'our model differs'
  readonly details: string
}

interface Result {
  readonly name: string
  readonly alembic: string | null
  readonly ours: string | null
  readonly diff: readonly string[]
  readonly shape?: Shape
}

const judgeFolder = resolve(process.env.SQLMIG_JUDGE ?? '../shared/judge')
const python = process.env.SQLMIG_JUDGE_PYTHON ?? '/usr/bin/python3'
/** Folders with another Alembic and SQLAlchemy, to be asked instead of the installed ones. */
const lib = process.env.SQLMIG_JUDGE_LIB?.split(':')
const sqlalchemy = process.env.SQLMIG_JUDGE_SQLALCHEMY === '2.0' ? '2.0' : '1.4'

/** The databases to judge on; all but SQLite have to be named by the environment. */
export function benches(): readonly Bench[] {
  const { SQLMIG_JUDGE_POSTGRES: postgres, SQLMIG_JUDGE_MYSQL: mysql, SQLMIG_JUDGE_MARIADB: mariadb } = process.env
  return [
    { dialect: 'sqlite', url: 'sqlite://' },
    ...(postgres ? [{ dialect: 'postgres', url: postgres } as const] : []),
    ...(mysql ? [{ dialect: 'mysql', url: mysql } as const] : []),
    ...(mariadb ? [{ dialect: 'mysql', flavor: 'mariadb', url: mariadb } as const] : []),
  ]
}

/** Why there is no judge here, if there is none. */
export function judgeMissing(): string | undefined {
  if (!existsSync(resolve(judgeFolder, 'schema_dump.py'))) return `no judge in ${judgeFolder} (SQLMIG_JUDGE)`
  const has = spawnSync(python, ['-c', 'import alembic'])
  return has.status === 0 ? undefined : `${python} has no alembic`
}

/** What a case becomes: by its operations, or by its Python where the importer reads that. */
export type Run = (test: Case, target: Target) => Outcome

export function judge(groups: readonly Group[], bench: Bench, run: Run = runCase): readonly Verdict[] {
  const cases = groups.flatMap((group) => group.cases.filter((c) => isJudged(c, bench)))
  const tried = cases.map((c) => ({
    case: c,
    outcome: run(c, targetOf(c, bench.dialect, bench.flavor, sqlalchemy)),
  }))
  const input = tried.map(({ case: { name, python: code, convention }, outcome }) => ({
    name,
    python: code,
    convention,
    sql: outcome.problem === undefined ? outcome.statements : null,
  }))
  const results = ask({ judge: judgeFolder, url: bench.url, cases: input, lib })
  return tried.map(({ case: c, outcome }, n) => verdict(c, results[n]!, outcome, bench))
}

function isJudged(test: Case, { dialect, flavor }: Bench): boolean {
  if (!isOn(test, dialect) || (test.flavor !== undefined && test.flavor !== (flavor ?? 'mysql'))) return false
  return test.sqlalchemy === undefined || test.sqlalchemy === sqlalchemy
}

function ask(job: object): readonly Result[] {
  const file = resolve('test/compiler/judge.py')
  const { stdout, stderr, status } = spawnSync(python, [file], {
    input: JSON.stringify(job),
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  if (status !== 0) throw new Error(`the judge failed: ${stderr.slice(-2000)}`)
  return (JSON.parse(stdout) as { readonly results: readonly Result[] }).results
}

function verdict(test: Case, { name, alembic, ours, diff, shape }: Result, outcome: Outcome, bench: Bench): Verdict {
  const { problem } = outcome
  const isBeyond = [bench.dialect, bench.flavor].some((d) => d !== undefined && test.beyond?.includes(d))
  if (alembic && !isBeyond && (problem || ours))
    return { case: name, verdict: 'both refuse', details: `${alembic}\n${problem ?? ours}` }
  if (alembic && isBeyond && !problem && !ours) return { case: name, verdict: 'beyond', details: alembic }
  if (alembic) return { case: name, verdict: 'only Alembic refuses', details: alembic }
  if (problem) return { case: name, verdict: 'only we refuse', details: problem }
  if (ours) return { case: name, verdict: 'our SQL fails', details: ours }
  const model = shape ? shapeDifferences(outcome.schema, shape, bench.dialect) : []
  if (diff.length === 0 && model.length > 0)
    return { case: name, verdict: 'our model differs', details: model.join('\n') }
  return { case: name, verdict: diff.length === 0 ? 'equal' : 'different', details: diff.join('\n') }
}
