import type { Kind } from '../servers/databases.ts'
import { slow } from '../slow.ts'
import { mysqlKinds } from './mysql-chain.ts'
import { postgresKinds } from './postgres-chain.ts'
import { sqliteKinds } from './sqlite-chain.ts'

// One chain of every sort of migration. None of its statements can run twice, or not at all, without being seen: it
// leaves one row more in `trace`, doubles a number, or changes the catalogue.

export interface Statement {
  readonly sql: string
  /** The facts of a guard. */
  readonly when?: string
  /** How the file has it, where that is not the statement and a semicolon. */
  readonly written?: string
  /** The guard does not hold. */
  readonly skipped?: true
  /** Rows for COPY. */
  readonly data?: string
  /** What has the same effect, for a session that cannot COPY. */
  readonly instead?: string
}

export interface Migration {
  readonly id: string
  readonly alone?: true
  readonly statements: readonly Statement[]
}

export type Piece = string | Statement

/** @param pieces the statements, without terminators */
export function migration(id: string, pieces: readonly Piece[], alone?: true): Migration {
  const statements = pieces.map((piece) => (typeof piece === 'string' ? { sql: piece } : piece))
  return { id, statements, ...(alone && { alone }) }
}

/** The text of its file. */
export function fileOf({ alone, statements }: Migration): string {
  const head = alone ? '-- sqlmig: no-transaction\n\n' : ''
  return head + statements.map(textOf).join('')
}

function textOf({ sql, when, written = `${sql};`, data }: Statement): string {
  return `${when === undefined ? '' : `-- sqlmig: when ${when}\n`}${written}\n${data === undefined ? '' : `${data}\\.\n`}`
}

export function chainOf(kind: Kind): readonly Migration[] {
  return [
    migration('20250101_000000_tables', tables),
    migration('20250102_000000_rows', rows),
    ...tiny(kind),
    migration('20250103_000000_mixed', mixed(kind)),
    migration('20250104_000000_guarded', guarded),
    migration('20250105_000000_alone', alone(kind), true),
    migration('20250105_120000_batches', batches),
    migration('20250106_000000_large', large(kind, 30, 1500)),
    migration('20250107_000000_kinds', kinds[kind]),
    migration('20250108_000000_last', ['INSERT INTO trace VALUES (8, 1)', 'UPDATE people SET score = score * 3']),
  ]
}

/** One of few messages, for trials at each of them. */
export function shortChainOf(kind: Kind): readonly Migration[] {
  return [
    migration('20250101_000000_tables', tables),
    migration('20250102_000000_rows', rows),
    ...tiny(kind),
    migration('20250103_000000_mixed', mixed(kind)),
    migration('20250105_000000_alone', alone(kind), true),
    migration('20250105_120000_batches', batches),
    migration('20250106_000000_large', large(kind, 1, 200)),
  ]
}

const trace = (step: number, part: number): string => `INSERT INTO trace VALUES (${step}, ${part})`

const tables = [
  'CREATE TABLE trace (step integer NOT NULL, part integer NOT NULL)',
  'CREATE TABLE teams (id integer PRIMARY KEY, name varchar(40) NOT NULL)',
  `CREATE TABLE people (id integer PRIMARY KEY, name varchar(40) NOT NULL, team integer REFERENCES teams (id), score integer NOT NULL DEFAULT 0)`,
  trace(1, 1),
]

/** So small that several share a message, or a transaction; with DDL and without. One of SQLite's is slow. */
const tiny = (kind: Kind) =>
  [1, 2, 3, 4, 5, 6].map((n) =>
    migration(`20250102_00000${n}_tiny`, [
      ...(n === 4 ? [] : [`CREATE TABLE tiny${n} (id integer PRIMARY KEY)`]),
      trace(2, 10 + n),
      ...(kind === 'sqlite' && n === 3 ? [slow(kind, 0.2).replace(/;$/, '')] : []),
      'UPDATE people SET score = score + 1',
    ]),
  )

const people = Array.from({ length: 40 }, (_, index) => `(${index + 1}, 'person ${index + 1}', ${(index % 3) + 1})`)

const rows = [
  "INSERT INTO teams VALUES (1, 'red'), (2, 'blue'), (3, 'green')",
  `INSERT INTO people (id, name, team) VALUES ${people.join(', ')}`,
  'UPDATE people SET score = score + id',
  'DELETE FROM people WHERE id > 35',
  trace(2, 1),
]

const mixed = (kind: Kind): Piece[] => [
  'ALTER TABLE people ADD COLUMN email varchar(80)',
  'UPDATE people SET email = name, score = score + 1',
  trace(3, 1),
  'CREATE INDEX people_name ON people (name)',
  'UPDATE people SET score = score * 2',
  trace(3, 2),
  kind === 'sqlite'
    ? 'CREATE INDEX people_team ON people (team)'
    : 'ALTER TABLE people ADD CONSTRAINT people_team FOREIGN KEY (team) REFERENCES teams (id)',
  trace(3, 3),
]

const guarded: readonly Piece[] = [
  { sql: trace(4, 1), when: 'table people exists' },
  { sql: 'ALTER TABLE people ADD COLUMN phone varchar(20)', when: 'column people.phone absent' },
  { sql: 'INSERT INTO nowhere VALUES (1)', when: 'table nowhere exists', skipped: true },
  {
    sql: 'UPDATE people SET score = score - 50 WHERE score > 50',
    when: 'rows (SELECT 1 FROM people WHERE score > 50) exists',
  },
  { sql: trace(4, 2), when: 'above' },
  { sql: 'CREATE INDEX people_phone ON people (phone)', when: 'index people_phone on people absent' },
  trace(4, 3),
]

const alone = (kind: Kind): Piece[] => [
  trace(5, 1),
  'CREATE TABLE notes (id integer PRIMARY KEY, person integer, body varchar(100))',
  'INSERT INTO notes SELECT id, id, name FROM people',
  'BEGIN',
  'UPDATE notes SET person = person + 1',
  trace(5, 2),
  'COMMIT',
  `CREATE INDEX ${kind === 'postgres' ? 'CONCURRENTLY ' : ''}notes_body ON notes (body)`,
  trace(5, 3),
  ...(kind === 'postgres' ? concurrent : []),
  ...(kind === 'postgres' || kind === 'sqlite' ? ['VACUUM'] : []),
  'UPDATE notes SET person = person + 1000',
]

const inBatches = (by: string, update: string): Statement => ({
  sql: update,
  written: `-- sqlmig: batch 10 by ${by}\n${update} WHERE id BETWEEN :batch_from AND :batch_to;`,
})

const batches: readonly Piece[] = [
  trace(5, 4),
  inBatches('people.id', 'UPDATE people SET score = score + 7'),
  trace(5, 5),
  inBatches('notes.id', 'UPDATE notes SET person = person * 3'),
]

const concurrent = [
  'CREATE UNIQUE INDEX CONCURRENTLY notes_person ON notes (person)',
  'DROP INDEX CONCURRENTLY people_name',
]

/** A few megabytes, where `messages` and `copied` are large enough. */
function large(kind: Kind, messages: number, copied: number): Piece[] {
  const create = 'CREATE TABLE big (id integer PRIMARY KEY, body varchar(1100))'
  const inserts = Array.from({ length: messages }, (_, index) => {
    const rows = Array.from({ length: 75 }, (_, row) => `(${index * 75 + row}, '${filling}')`)
    return `INSERT INTO big VALUES ${rows.join(', ')}`
  })
  const shortened = "UPDATE big SET body = 'short' WHERE id < 10"
  return [create, ...inserts, ...(kind === 'postgres' ? [copyOf(copied)] : []), trace(6, 1), shortened]
}

const filling = 'large '.repeat(170)

function copyOf(rows: number): Statement {
  return {
    sql: 'COPY big (id, body) FROM STDIN',
    data: Array.from({ length: rows }, (_, row) => `${10_000 + row}\t${filling}\n`).join(''),
    instead: `INSERT INTO big SELECT 10000 + n, '${filling}' FROM generate_series(0, ${rows - 1}) n`,
  }
}

const kinds: Readonly<Record<Kind, readonly Piece[]>> = {
  postgres: postgresKinds,
  mysql: mysqlKinds,
  mariadb: mysqlKinds,
  sqlite: sqliteKinds,
}
