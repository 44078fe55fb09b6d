import type { DropTable, RenameTable } from '../schema/operation.ts'
import { findTable, type Index, plainName, type Schema, type Table, type TableName } from '../schema/table.ts'
import type { Found, Rule, Step } from './rule.ts'
import { tableSql, tableText, written } from './wording.ts'

// The traps of "Making Other Kinds Of Table Schema Changes" (lang_altertable.html of SQLite's documentation).

const dialects = ['sqlite'] as const

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function inOrder(table: TableName, step: Step): string {
  const [name, fresh] = [tableSql(table, step), tableSql({ ...table, name: `${table.name}_new` }, step)]
  return [
    `CREATE TABLE ${fresh} (…);`,
    `INSERT INTO ${fresh} (…) SELECT … FROM ${name};`,
    `DROP TABLE ${name};`,
    `ALTER TABLE ${fresh} RENAME TO ${name};`,
  ].join('\n')
}

const renamedAway: Rule = {
  name: 'rebuild-renames-old-table',
  about: 'a rebuild that renames the old table, which takes the references of other tables along',
  dialects,
  severity: 'error',
  find: (step) =>
    step.operations
      .filter((o): o is RenameTable => o.kind === 'renameTable' && !step.isNew(o.table))
      .filter(({ table }) => isMadeLater(table, step) && !isLegacy(step))
      .flatMap(({ table, to }) => carriedAlong(table, to, step)),
}

function isMadeLater(table: TableName, step: Step): boolean {
  const later = step.file.steps.slice(step.file.steps.indexOf(step) + 1)
  return later.some(({ operations }) =>
    operations.some((o) => o.kind === 'createTable' && same(o.table.name, table.name)),
  )
}

/** Before 3.26, and with this pragma since, references stay where they are. */
function isLegacy({ file }: Step): boolean {
  return file.steps.some(
    ({ words, text }) => words[1] === 'legacy_alter_table' && /=\s*(1|on|true)|\(\s*(1|on|true)/i.test(text),
  )
}

/** What refers to the old table when the file is done. */
function carriedAlong(table: TableName, to: string, step: Step): readonly Found[] {
  const others = referrers({ ...table, name: to }, step.file.end)
  if (others.length === 0) return []
  const why = `the foreign key of ${others.join(', ')} follows to ${to}, and refers to nothing once that is dropped`
  return [{ why, safe: inOrder(table, step) }]
}

function referrers(table: TableName, schema: Schema): readonly string[] {
  return Object.values(schema.tables)
    .filter((t) => !same(t.name, table.name))
    .filter((t) => t.constraints.some((c) => c.kind === 'foreignKey' && same(c.target.name, table.name)))
    .map(tableText)
}

const lost: Rule = {
  name: 'rebuild-loses-index',
  about: 'a rebuild drops the indexes or triggers of the old table and does not make them again',
  dialects,
  severity: 'warning',
  find: (step) =>
    step.operations
      .filter((o): o is DropTable => o.kind === 'dropTable')
      .flatMap(({ table }) => lostParts(table, step)),
}

function lostParts(table: TableName, step: Step): readonly Found[] {
  const [old, end] = [step.table(table), findTable(step.file.end, table)]
  if (!old || !end || step.isNew(table)) return []
  const indexes = old.indexes.filter((index) => !hasIndex(end, index)).flatMap(({ name }) => plainName(name) ?? [])
  const triggers = [...step.objects.values()]
    .filter(({ kind, on }) => kind === 'trigger' && on !== undefined && same(on, table.name))
    .filter(({ name }) => !step.file.steps.some((s) => s !== step && isTriggerNamed(name, s)))
    .map(({ name }) => name)
  const names = [...indexes, ...triggers]
  if (names.length === 0) return []
  const made = indexes.map((name) => `CREATE INDEX ${written(name, step)} ON ${tableSql(table, step)} (…);`)
  const again = triggers.map((name) => `CREATE TRIGGER ${written(name, step)} …;`)
  return [
    {
      why: `${names.join(', ')} ${names.length === 1 ? 'goes' : 'go'} with the old ${tableText(table)}, and this file does not make ${names.length === 1 ? 'it' : 'them'} again`,
      safe: ['-- at the end of the file:', ...made, ...again].join('\n'),
    },
  ]
}

/** The same index, whatever its name. */
function hasIndex(table: Table, index: Index): boolean {
  const columns = JSON.stringify(index.columns).toLowerCase()
  return table.indexes.some(
    (other) =>
      plainName(other.name) === plainName(index.name) || JSON.stringify(other.columns).toLowerCase() === columns,
  )
}

function isTriggerNamed(name: string, { words, text }: Step): boolean {
  return (
    (words[0] === 'create' || words[0] === 'drop') &&
    words.includes('trigger') &&
    text.toLowerCase().includes(name.toLowerCase())
  )
}

const brokenView: Rule = {
  name: 'rebuild-breaks-view',
  about: 'a table takes the name of one that was dropped while a view names it, which SQLite refuses',
  dialects,
  severity: 'error',
  find: (step) =>
    step.operations
      .filter((o): o is RenameTable => o.kind === 'renameTable')
      .filter(({ to }) =>
        step.file.steps.some((s) => s.operations.some((o) => o.kind === 'dropTable' && same(o.table.name, to))),
      )
      .flatMap(({ to }) => {
        if (isLegacy(step)) return []
        const views = [...step.objects.values()].filter(
          ({ kind, names }) => kind === 'view' && names.has(to.toLowerCase()),
        )
        return views.map(
          ({ name }): Found => ({
            why: `RENAME TO ${to} fails, since the view ${name} names a table that is not there at that moment`,
            safe: `-- before the rebuild:\nDROP VIEW ${written(name, step)};\n-- after it:\nCREATE VIEW ${written(name, step)} AS …;`,
          }),
        )
      }),
}

const cascading: Rule = {
  name: 'drop-parent-with-keys-on',
  about: 'a table that others refer to is dropped while foreign keys are enforced',
  dialects,
  severity: 'error',
  find: (step) => {
    const drops = step.operations.filter((o): o is DropTable => o.kind === 'dropTable')
    // a file may have very many statements: all of them are looked through for few
    if (drops.length === 0 || !enforcesKeys(step)) return []
    return drops.flatMap(({ table }) => {
      const others = referrers(table, step.before)
      if (others.length === 0) return []
      return [
        {
          why: `DROP TABLE deletes all rows of ${tableText(table)} first, and with them, or in spite of them, those of ${others.join(', ')}`,
          safe: `-- leave out "PRAGMA foreign_keys = ON": sqlmig switches enforcement off for the file, and looks for violations at its end\nDROP TABLE ${tableSql(table, step)};`,
        },
      ]
    })
  },
}

/** The first pragma of a file decides for the whole of it. */
function enforcesKeys({ file }: Step): boolean {
  const own = file.steps.find(isKeysPragma)
  return own !== undefined && /=\s*(1|on|true|yes)|\(\s*(1|on|true|yes)/i.test(own.text)
}

function isKeysPragma({ words }: Step): boolean {
  return words[0] === 'pragma' && words[1] === 'foreign_keys'
}

const pragma: Rule = {
  name: 'foreign-keys-pragma',
  about: 'PRAGMA foreign_keys in a file, where it has no effect inside the transaction',
  dialects,
  severity: 'note',
  find: (step) =>
    !isKeysPragma(step) || !step.file.transactional || step.file.steps.find(isKeysPragma) !== step
      ? []
      : [
          {
            why: 'inside a transaction the pragma has no effect; sqlmig obeys the first of a file before the transaction begins, and without one switches enforcement off',
            safe: '-- leave it out: sqlmig switches enforcement off for the file, and looks for violations at its end',
          },
        ],
}

export const sqliteRebuilds: readonly Rule[] = [renamedAway, lost, brokenView, cascading, pragma]
