import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import t from 'tap'
import { folder } from '../cli.ts'
import { Project } from '../project.ts'
import type { Database, Kind } from '../servers/databases.ts'
import { eachServer } from '../servers/databases.ts'

// The tables that real Alembic leaves behind, at every point of a history with branches, a merge and a dependency.

const python = process.env.SQLMIG_JUDGE_PYTHON ?? '/usr/bin/python3'
const program = resolve('test/adoption/run_alembic.py')

/** Each revision with its down revisions and what it depends on, in the order of the chain. */
const history: Readonly<Record<string, readonly [down: readonly string[], depends: readonly string[]]>> = {
  a0: [[], []],
  b1: [['a0'], []],
  c2: [['a0'], []],
  d3: [['b1'], []],
  e4: [['c2', 'd3'], []],
  f5: [[], []],
  g6: [['f5'], ['c2']],
}

const revisions = Object.keys(history)
const idOf = (revision: string) => `2025010${revisions.indexOf(revision) + 1}_000000_${revision}`

function directive(revision: string, index: number): string {
  const [down, depends] = history[revision]!
  const parents = [...down, ...depends]
  const straight = index === 0 ? parents.length === 0 : parents.length === 1 && parents[0] === revisions[index - 1]
  return straight ? revision : `${revision} after ${parents.join(', ') || 'base'}`
}

const drivers: Readonly<Record<Kind, readonly [module: string, scheme: string]>> = {
  postgres: ['psycopg2', 'postgresql+psycopg2:'],
  mysql: ['pymysql', 'mysql+pymysql:'],
  mariadb: ['pymysql', 'mysql+pymysql:'],
  sqlite: ['sqlite3', 'sqlite:///'],
}

function missing(kind: Kind): string | undefined {
  const modules = `alembic, ${drivers[kind][0]}`
  if (spawnSync(python, ['-c', `import ${modules}`]).status === 0) return undefined
  return `NOT TESTED: adoption of what real Alembic left behind on ${kind} (${python} has not ${modules})`
}

function upgrade({ kind, url }: Database, ...targets: string[]): void {
  const forPython = url.replace(/^[a-z]+:/, drivers[kind][1])
  const { status, stderr } = spawnSync(python, [program, folder(), forPython, ...targets], {
    input: JSON.stringify(history),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
}

/** The targets that Alembic is given, one after the other, and what is applied then. */
const stops: readonly (readonly [target: string, applied: string])[] = [
  ['a0', 'a0'],
  ['c2', 'a0 c2'],
  ['d3', 'a0 b1 c2 d3'],
  ['g6', 'a0 b1 c2 d3 f5 g6'],
  ['heads', 'a0 b1 c2 d3 e4 f5 g6'],
]

await eachServer(t, 'adopt records what real Alembic has applied, wherever it stopped', async (t, database) => {
  const why = missing(database.kind)
  if (why !== undefined) {
    console.error(`!!! ${why}`)
    return t.pass('skipped', { skip: why })
  }
  const chain = new Project(
    database,
    Object.fromEntries(
      revisions.map((revision, index) => [
        idOf(revision),
        `-- sqlmig: source legacy/${revision}.py\n-- sqlmig: legacy-revision ${directive(revision, index)}\nINSERT INTO not_there VALUES (1);`,
      ]),
    ),
  )
  for (const [target, applied] of stops) {
    upgrade(database, target)
    const { code, document } = await chain.json<{ pending: readonly string[] }>(['adopt'])
    t.equal(code, 0, target)
    const ledger = (await chain.ledger()).map((line) => line.replace(/^adopted \d+_\d+_/, ''))
    t.equal(ledger.sort().join(' '), applied, target)
    t.equal(document.pending.length, revisions.length - ledger.length)
  }
})
