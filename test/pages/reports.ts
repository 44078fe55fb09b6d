import { SchemaTrail } from '../../lib/ddl/trail.ts'
import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { dialects } from '../../lib/dialects/dialects.ts'
import type { Report, ReportedMigration } from '../../lib/pages/report.ts'
import { Splitter } from '../../lib/text/split.ts'

/** A migration of a report, with what is usual unless told. */
export interface Given extends Partial<Omit<ReportedMigration, 'step' | 'text'>> {
  readonly id: string
  readonly sql: string
}

export function reportOf(given: readonly Given[], dialect: DialectName = 'postgres'): Report {
  const trail = new SchemaTrail(dialect)
  const migrations = given.map(({ sql, ...rest }, at): ReportedMigration => {
    const event = {
      event: 'applied',
      at: `2026-11-2${at % 9}T10:00:00.000Z`,
      durationMs: 10 ** (at % 6),
      rowsWritten: at * 1000,
      note: null,
    }
    return {
      state: 'applied',
      file: `sql/${rest.id}.up.sql`,
      text: { text: sql, left: 0 },
      events: [{ ...event, statements: 1, user: 'ada', host: 'build-7 (pid 12)', version: '0.1.0' }],
      edits: [],
      todos: [],
      remarks: [],
      legacy: undefined,
      step: trail.read(new Splitter([sql], dialects[dialect].lexis())),
      ...rest,
    }
  })
  const database = {
    display: 'postgres://ada@db/shop',
    server: 'PostgreSQL 15.3',
    ledger: 'sqlmig_history',
    ledgerExists: true,
  }
  return {
    at: '2026-11-23T18:00:00.000Z',
    version: '0.1.0',
    dir: 'sql',
    dialect,
    dialectFrom: undefined,
    database,
    migrations,
  }
}

/** A report with every state, edits, a todo, a legacy script and several events. */
export function richReport(): Report {
  const id = (day: number, slug: string) => `202501${String(day).padStart(2, '0')}_090000_${slug}`
  const diff =
    '--- a\n+++ b\n@@ -1,2 +1,2 @@\n-CREATE TABLE form (id integer);\n+CREATE TABLE form (id bigint);\n  -- same\n'
  const made = ['site', 'form', 'lead'].map(
    (name, at) =>
      `CREATE TABLE ${name} (id integer PRIMARY KEY, name varchar(40) NOT NULL${at > 0 ? `, parent integer REFERENCES ${['site', 'form'][at - 1]} (id)` : ''});`,
  )
  const accepted = {
    event: 'accepted',
    at: '2026-11-24T10:00:00.000Z',
    durationMs: null,
    rowsWritten: null,
    statements: 1,
    user: 'bob',
  }
  return reportOf([
    { id: id(1, 'site'), sql: `-- the first\n${made[0]}\nINSERT INTO site VALUES (1, 'a''b');` },
    {
      id: id(2, 'form'),
      sql: made[1]!,
      edits: [
        {
          title: 'Accepted',
          by: 'bob',
          reason: 'ticket 12',
          words: ['statement 1 (line 1) is changed'],
          diff,
          without: undefined,
        },
      ],
      events: [
        { ...accepted, event: 'applied', host: 'h', version: '0.1.0', note: null },
        { ...accepted, host: 'h', version: '0.1.0', note: 'ticket 12' },
        { ...accepted, event: 'failed', host: 'h', version: '9.0.0', note: 'an event of a later version' },
      ],
    },
    { id: id(3, 'lead'), sql: made[2]!, state: 'reformatted', remarks: ['comments differ'] },
    { id: id(4, 'columns'), sql: 'ALTER TABLE lead ADD COLUMN score integer, DROP COLUMN name;', state: 'changed' },
    { id: id(5, 'gone'), sql: 'ALTER TABLE form ALTER COLUMN name DROP NOT NULL;', state: 'missing', file: undefined },
    {
      id: id(6, 'view'),
      sql: '-- sqlmig: when table other exists\nALTER TABLE other ADD COLUMN x integer;\nCREATE VIEW v AS SELECT 1;',
    },
    { id: id(7, 'half'), sql: 'CREATE INDEX lead_score ON lead (score);', state: 'partial', remarks: ['half applied'] },
    {
      id: id(8, 'script'),
      sql: 'DO $$ BEGIN CREATE TABLE made (id integer); END $$;',
      legacy: { source: 'legacy/script.py', text: { text: 'def upgrade():\n    pass\n', left: 12 }, remark: undefined },
    },
    {
      id: id(9, 'todo'),
      sql: '-- sqlmig: todo decide\nDELETE FROM site;',
      state: 'blocked',
      events: [],
      todos: [{ line: 1, text: 'decide' }],
    },
    { id: id(10, 'next'), sql: 'DROP TABLE made;', state: 'pending', events: [] },
  ])
}
