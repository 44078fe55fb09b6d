import t from 'tap'
import { changePicture, mostTables, summary } from '../../lib/pages/change-picture.ts'
import { historyPicture, lastMoments } from '../../lib/pages/history-picture.ts'
import { type TableChange, tableChanges } from '../../lib/pages/table-changes.ts'
import { reportOf } from './reports.ts'

/** The changes of the last of some files. */
function changes(files: readonly string[], dialect: 'postgres' | 'sqlite' = 'postgres'): readonly TableChange[] {
  const { migrations } = reportOf(
    files.map((sql, at) => ({ id: `2025010${at + 1}_000000_step`, sql })),
    dialect,
  )
  const { before, after, renames } = migrations.at(-1)!.step!
  return tableChanges(before, after, renames, dialect)
}

const one = 'CREATE TABLE one (id integer PRIMARY KEY, name varchar(20) NOT NULL);'

t.test('what a file does is told in a line', async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ['CREATE TABLE two (id integer);', 'makes two'],
    ['DROP TABLE one;', 'removes one'],
    ['ALTER TABLE one RENAME TO two;', 'renames one to two'],
    ['ALTER TABLE one ADD COLUMN x integer;', 'adds one.x'],
    ['ALTER TABLE one DROP COLUMN name;', 'drops one.name'],
    ['ALTER TABLE one ALTER COLUMN name DROP NOT NULL;', 'changes one.name'],
    ['ALTER TABLE one RENAME COLUMN name TO title;', 'changes one.title'],
    ['CREATE INDEX one_name ON one (name);', 'adds index on one'],
    ["UPDATE one SET name = 'x';", ''],
  ]
  for (const [sql, expected] of cases) t.equal(summary(changes([one, sql])), expected, sql)
})

t.test('a column that got another name is one that changed, and tells both', async (t) => {
  const [change] = changes([one, 'ALTER TABLE one RENAME COLUMN name TO title;'])
  t.match(change!.columns, [{ mark: 'same' }, { mark: 'changed', row: { name: 'title' }, was: 'name' }])
  const [both] = changes([
    one,
    'ALTER TABLE one RENAME COLUMN name TO title;\nALTER TABLE one ALTER COLUMN title TYPE text;',
  ])
  t.match(both!.columns[1], { mark: 'changed', was: 'name: varchar(20), not null' })
})

t.test("SQLite's rebuild of a table is a change of it, not another table", async (t) => {
  const rebuild = `CREATE TABLE tmp (id integer PRIMARY KEY, name varchar(20));
INSERT INTO tmp SELECT id, name FROM one;
DROP TABLE one;
ALTER TABLE tmp RENAME TO one;`
  const all = changes([one, rebuild], 'sqlite')
  t.match(all, [{ key: 'one', mark: 'changed', was: undefined }])
  t.equal(all.length, 1)
  t.match(all[0]!.columns, [{ mark: 'same' }, { mark: 'changed', was: 'varchar(20), not null' }])
})

t.test('a table that no file made is changed, not made, and drawn as not known', async (t) => {
  const all = changes([one, 'ALTER TABLE other ADD COLUMN x integer;'])
  t.match(all, [
    { key: 'other', mark: 'changed', unknown: 'no file of the chain makes it', columns: [{ mark: 'added' }] },
  ])
  t.match(changePicture(all).text, /class="card changed uncertain"/)
})

t.test('new keys are drawn as arrows to what they refer to, which need not be changed itself', async (t) => {
  const all = changes([
    one,
    'CREATE TABLE two (id integer, one_id integer REFERENCES one (id), parent integer REFERENCES two (id));',
  ])
  const { text } = changePicture(all)
  t.equal(text.match(/<path class="link/g)?.length, 2)
  t.match(text, /class="card same"[^>]*>.*one/)
})

t.test('too many tables for a picture are a list', async (t) => {
  const many = Array.from({ length: mostTables + 1 }, (_, at) => `CREATE TABLE t${at} (id integer);`).join('\n')
  const { text } = changePicture(changes([many]))
  t.notMatch(text, /<svg/)
  t.match(text, /41 tables: too many for a picture/)
  t.equal(text.match(/<li>/g)?.length, mostTables + 1)
})

/** What the picture shows at a step, as the script on the page does it. */
function shownAt(step: number, files: readonly string[]): string[] {
  const { migrations } = reportOf(files.map((sql, at) => ({ id: `2025010${at + 1}_000000_step`, sql })))
  const moments = migrations.map((migration, at) => ({ step: at, schema: migration.step!.after }))
  const { text } = historyPicture(moments, 'postgres', '')
  const parts = [...text.matchAll(/<g class="(?:same|title|note)([^"]*)"([^>]*)>(?:(?!<\/g>).)*?<text[^>]*>([^<]*)/g)]
  return parts
    .filter(([, , attributes]) => {
      const [from, to] = ['f', 't'].map((name) => new RegExp(`data-${name}="(\\d+)"`).exec(attributes!)?.[1])
      return step >= Number(from ?? 0) && (to === undefined || step < Number(to))
    })
    .map(([, , , name]) => name!)
}

t.test('one picture holds each moment: what there was, and nothing else', async (t) => {
  const files = [
    one,
    'CREATE TABLE two (id integer, one_id integer REFERENCES one (id));',
    'ALTER TABLE one DROP COLUMN id, ADD COLUMN extra integer;',
    'DROP TABLE two;',
    'CREATE TABLE two (other integer);',
  ]
  t.same(shownAt(0, files).sort(), ['id', 'name', 'one'])
  t.same(shownAt(1, files).sort(), ['id', 'id', 'name', 'one', 'one_id', 'two'])
  t.same(shownAt(2, files).sort(), ['extra', 'id', 'name', 'one', 'one_id', 'two'])
  t.same(shownAt(3, files).sort(), ['extra', 'name', 'one'])
  t.same(shownAt(4, files).sort(), ['extra', 'name', 'one', 'other', 'two'])
})

t.test('a column that only moves up is not marked as new', async (t) => {
  const files = [one, 'ALTER TABLE one DROP COLUMN id, ADD COLUMN extra integer;']
  const { migrations } = reportOf(files.map((sql, at) => ({ id: `2025010${at + 1}_000000_step`, sql })))
  const { text } = historyPicture(
    migrations.map((migration, step) => ({ step, schema: migration.step!.after })),
    'postgres',
    '',
  )
  const fresh = [...text.matchAll(/<g class="same new"[^>]*>.*?<text[^>]*>([^<]*)/g)].map(([, name]) => name)
  t.same(fresh, ['extra'])
})

t.test('the picture goes back as far as one picture can hold the tables', async (t) => {
  const files = [
    'CREATE TABLE a (id integer);',
    'DROP TABLE a; CREATE TABLE b (id integer);',
    'CREATE TABLE c (id integer);',
  ]
  const { migrations } = reportOf(files.map((sql, at) => ({ id: `2025010${at + 1}_000000_step`, sql })))
  const moments = migrations.map((migration, step) => ({ step, schema: migration.step!.after }))
  t.equal(lastMoments(moments, 3).length, 3)
  t.same(
    lastMoments(moments, 2).map(({ step }) => step),
    [1, 2],
  )
  t.same(
    lastMoments(moments, 1).map(({ step }) => step),
    [2],
    'the last one is always there',
  )
})
