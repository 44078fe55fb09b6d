import t from 'tap'
import { SchemaTrail, type TrailStep } from '../../lib/ddl/trail.ts'
import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { dialects } from '../../lib/dialects/dialects.ts'
import { Splitter } from '../../lib/text/split.ts'

function steps(files: readonly string[], dialect: DialectName = 'postgres'): readonly TrailStep[] {
  const trail = new SchemaTrail(dialect)
  return files.map((sql) => trail.read(new Splitter([sql], dialects[dialect].lexis())))
}

const tables = ({ after }: TrailStep) =>
  Object.values(after.tables).map(({ name, columns }) =>
    `${name} ${columns.map((column) => column.name).join(' ')}`.trim(),
  )

const lead = 'CREATE TABLE lead (id integer, status text);'

t.test('the schema goes on from file to file', async (t) => {
  const [first, second] = steps([lead, 'ALTER TABLE lead ADD COLUMN x integer;'])
  t.same(tables(first!), ['lead id status'])
  t.same(tables(second!), ['lead id status x'])
  t.equal(second!.before, first!.after)
  t.same([first!.doubts, second!.doubts], [[], []])
})

t.test('a guard is settled by what the chain has made, as far as it can be', async (t) => {
  const guarded = (when: string) => steps([lead, `-- sqlmig: when ${when}\nALTER TABLE lead ADD COLUMN x integer;`])[1]!
  const run = [
    'column lead.x absent',
    'table lead exists and column lead.status exists',
    'table "lead" exists',
    'index i on lead absent',
  ]
  for (const when of run) t.same([tables(guarded(when)), guarded(when).doubts], [['lead id status x'], []], when)
  const same = guarded('column lead.status absent')
  t.same([tables(same), same.doubts], [['lead id status'], []], 'what is there already need not be made')
  const other = guarded('table visitor exists')
  t.same(tables(other), ['lead id status'])
  t.match(other.doubts, [{ line: 2, reason: /not drawn.*when table visitor exists/, lasting: false }])
  const rows = guarded('rows (SELECT 1 FROM lead) exists')
  t.match(rows.doubts, [{ line: 2, reason: /it depends on "when rows/ }])
  t.match(rows.after.tables.lead, { unknown: /it depends on/ })
})

t.test('"when above" goes with the guarded statement before it', async (t) => {
  const file = (when: string) =>
    `-- sqlmig: when ${when}\nALTER TABLE lead ADD COLUMN x integer;\n-- sqlmig: when above\nALTER TABLE lead ADD COLUMN y integer;`
  t.same(tables(steps([lead, file('column lead.x absent')])[1]!), ['lead id status x y'])
  const out = steps([lead, file('table visitor exists')])[1]!
  t.same(tables(out), ['lead id status'])
  t.match(out.doubts, [{ line: 2 }, { line: 4, reason: /when table visitor exists/ }])
})

t.test('what cannot be followed is said, with its line', async (t) => {
  const cases: readonly (readonly [string, RegExp, boolean])[] = [
    ['ALTER TABLE other ADD COLUMN x integer;', /other: no file of the chain makes it/, false],
    ['DROP TABLE other;', /other: no file of the chain makes it/, false],
    ['CREATE TABLE copy AS SELECT 1;', /./, false],
    ['DO $$ BEGIN CREATE TABLE x (id integer); END $$;', /^x: DO runs code/, false],
    ['SET search_path = app;', /names without a schema/, true],
    ["SELECT 1; SELECT 'no end", /nothing after this is understood/, true],
  ]
  for (const [sql, reason, lasting] of cases)
    t.match(steps([lead, `-- a line\n${sql}`])[1]!.doubts, [{ line: 2, reason, lasting }], sql)
  t.same(steps([lead, 'DROP TABLE IF EXISTS other;'])[1]!.doubts, [], 'what need not be there is in no doubt')
  t.match(steps([lead, 'ALTER TABLE other ADD COLUMN x integer;'])[1]!.after.tables.other, { unknown: /no file/ })
})

t.test('names from before the file are known', async (t) => {
  const [, step] = steps([
    lead,
    'ALTER TABLE lead RENAME COLUMN status TO state; ALTER TABLE lead RENAME TO entry; ALTER TABLE entry RENAME COLUMN state TO phase;',
  ])
  t.equal(step!.renames.tableBefore('entry'), 'lead')
  t.equal(step!.renames.columnBefore('entry', 'phase'), 'status')
  t.equal(step!.renames.columnBefore('entry', 'id'), undefined)
})

t.test('what is not drawn is named, and statements are counted by their kind', async (t) => {
  const [step] = steps([
    `${lead}\nCREATE OR REPLACE VIEW v AS\nSELECT 1;\nCREATE UNIQUE INDEX i ON lead (id);\nUPDATE lead SET id = 1;\nUPDATE lead SET id = 2;`,
  ])
  t.same(step!.others, [{ line: 2, beginning: 'CREATE OR REPLACE VIEW v AS' }])
  t.same(
    [...step!.kinds],
    [
      ['CREATE TABLE', 1],
      ['CREATE VIEW', 1],
      ['CREATE INDEX', 1],
      ['UPDATE', 2],
    ],
  )
})
