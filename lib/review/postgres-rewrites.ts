import type { AddColumn, AlterColumn } from '../schema/operation.ts'
import type { TableName } from '../schema/table.ts'
import type { TypeSpec } from '../schema/type-spec.ts'
import type { Found, Rule, Step } from './rule.ts'
import { batched, tableSql, tableText, written } from './wording.ts'

// Statements that write every row of a table anew while nobody may read it (ALTER TABLE, "Notes", in PostgreSQL's manual).

const dialects = ['postgres'] as const

const typeChange: Rule = {
  name: 'type-change-rewrites',
  about: 'a column gets a type for which the table is written anew',
  dialects,
  severity: 'warning',
  find: (step) =>
    step.operations
      .filter((o): o is AlterColumn => o.kind === 'alterColumn' && o.changes.type !== undefined)
      .filter(({ table }) => !step.isNew(table))
      .flatMap((operation) => retyped(operation, step)),
}

function retyped({ table, column, changes, using }: AlterColumn, step: Step): readonly Found[] {
  const known = step.table(table)?.columns.find((c) => c.name === column)?.type
  if (known && isSame(known, changes.type!)) return []
  const converted = using !== undefined && !isPlainCast(using, column)
  if (known && !converted && (keepsRows(known, changes.type!) || isOtherZoneInUtc(known, changes.type!, step)))
    return []
  const certain = known && known.kind !== 'raw' && !isOtherZone(known, changes.type!)
  const anew = certain ? 'writes the table anew' : 'may write the table anew'
  return [
    {
      why: `the new type of ${tableText(table)}.${column} ${anew}, and nobody can read or write it meanwhile`,
      safe: newColumn(table, column, step),
      table,
    },
  ]
}

/** Where the session's time zone is UTC, the values stay as they are. */
function isOtherZone(old: TypeSpec, wanted: TypeSpec): boolean {
  return old.kind === 'TIMESTAMP' && wanted.kind === 'TIMESTAMP' && old.args?.timezone !== wanted.args?.timezone
}

function isOtherZoneInUtc(old: TypeSpec, wanted: TypeSpec, { file, place }: Step): boolean {
  if (!isOtherZone(old, wanted) || !isAtLeast(wanted.args?.precision, old.args?.precision)) return false
  const before = file.steps.filter((other) => other.place.line < place.line)
  const set = before.findLast(({ text }) => zoneSetting.test(text))
  return set !== undefined && /['"]?\b(UTC|GMT|Etc\/UTC)\b['"]?\s*$/i.test(set.text)
}

const zoneSetting = /^\s*set\s+(local\s+|session\s+)?time\s*zone\b/i

function isSame(one: TypeSpec, other: TypeSpec): boolean {
  return JSON.stringify([one.kind, one.args ?? {}]) === JSON.stringify([other.kind, other.args ?? {}])
}

/** `USING a` and `USING a::type` are what happens without USING. */
function isPlainCast(using: string, column: string): boolean {
  const name = `"?${column.replace(/\W/g, '\\$&')}"?`
  return new RegExp(
    `^\\(*\\s*(${name}\\s*\\)*\\s*(::\\s*[\\w "(),]+)?|cast\\s*\\(\\s*${name}\\s+as\\s+[\\w "(),]+\\))\\s*\\)*$`,
    'i',
  ).test(using)
}

const textual = ['VARCHAR', 'TEXT', 'CITEXT']

/** Whether the old values are stored as the new type would store them. */
function keepsRows(old: TypeSpec, wanted: TypeSpec): boolean {
  if ((old.args?.collation ?? '') !== (wanted.args?.collation ?? '')) return false
  if (textual.includes(old.kind) && textual.includes(wanted.kind))
    return isAtLeast(wanted.args?.length, old.args?.length)
  if (old.kind !== wanted.kind) return old.kind === 'CIDR' && wanted.kind === 'INET'
  switch (old.kind) {
    case 'NUMERIC':
      if (wanted.args?.precision === undefined) return true
      return (
        isAtLeast(wanted.args.precision, old.args?.precision) && (old.args?.scale ?? 0) === (wanted.args.scale ?? 0)
      )
    case 'BIT':
      return (
        old.args?.varying === true && wanted.args?.varying === true && isAtLeast(wanted.args.length, old.args.length)
      )
    case 'TIMESTAMP':
    case 'TIME':
      return old.args?.timezone === wanted.args?.timezone && isAtLeast(wanted.args?.precision, old.args?.precision)
    default:
      return false
  }
}

/** No limit is more than any. */
function isAtLeast(wanted: number | undefined, old: number | undefined): boolean {
  return wanted === undefined || (old !== undefined && wanted >= old)
}

function newColumn(table: TableName, column: string, step: Step): string {
  const [name, old, fresh] = [tableSql(table, step), written(column, step), written(`${column}_new`, step)]
  return [
    `ALTER TABLE ${name} ADD COLUMN ${fresh} …;`,
    '-- a trigger, or a release of the code, that writes both; in the next file:',
    batched(name, 'id', `UPDATE ${name} SET ${fresh} = ${old} WHERE ${fresh} IS NULL`, 'AND'),
    '-- in the one after that:',
    `ALTER TABLE ${name} DROP COLUMN ${old};`,
    `ALTER TABLE ${name} RENAME COLUMN ${fresh} TO ${old};`,
  ].join('\n')
}

/** Functions that give another value for each row. `now()` and its kin give one for the whole statement. */
const volatile =
  /\b(random|gen_random_uuid|gen_random_bytes|uuid_generate_v[14]|uuid_generate_v1mc|uuidv[47]|clock_timestamp|timeofday|nextval|ulid|gen_ulid|nanoid|random_normal)\s*\(/i

const filledColumn: Rule = {
  name: 'added-column-rewrites',
  about: 'a column is added whose value has to be written into every row',
  dialects,
  severity: 'warning',
  find: (step) =>
    step.operations
      .filter((o): o is AddColumn => o.kind === 'addColumn')
      .filter(({ table }) => !step.isNew(table))
      .flatMap((operation) => filled(operation, step)),
}

function filled({ table, column }: AddColumn, step: Step): readonly Found[] {
  const reason = fillOf(column)
  if (reason === undefined) return []
  const [name, col] = [tableSql(table, step), written(column.name, step)]
  const backfill = [
    `ALTER TABLE ${name} ADD COLUMN ${col} …;`,
    `ALTER TABLE ${name} ALTER COLUMN ${col} SET DEFAULT …;`,
    '-- in the next file:',
    batched(name, 'id', `UPDATE ${name} SET ${col} = DEFAULT WHERE ${col} IS NULL`, 'AND'),
  ]
  return [
    {
      why: `${reason} is written into every row of ${tableText(table)}, and nobody can read or write it meanwhile`,
      safe: backfill.join('\n'),
      table,
    },
  ]
}

function fillOf({ serverDefault, computed, identity, autoincrement }: AddColumn['column']): string | undefined {
  if (identity !== undefined) return 'a number of its own'
  if (autoincrement === 'written' || autoincrement === true) return 'a number of its own'
  if (computed !== undefined) return computed.persisted ? 'the value of the expression' : undefined
  if (typeof serverDefault !== 'object' || serverDefault.kind !== 'sql') return undefined
  return volatile.test(serverDefault.text.replace(/'(?:[^']|'')*'/g, "''"))
    ? `another value of ${serverDefault.text}`
    : undefined
}

const storage: Rule = {
  name: 'table-rewritten',
  about: 'SET LOGGED, SET TABLESPACE and their like write the table anew',
  dialects,
  severity: 'warning',
  find: (step) =>
    step.altered === undefined || step.isNew(step.altered)
      ? []
      : step.actions
          .filter(({ words: [first, second] }) => first === 'SET' && rewriting.includes(second ?? ''))
          .map(({ words }) => ({
            why: `${words.slice(0, 2).join(' ')} writes ${tableText(step.altered!)} anew, and nobody can read or write it meanwhile`,
            safe: `-- a new table beside it, filled in batches, that takes the name in the end:\nCREATE TABLE ${tableSql({ ...step.altered!, name: `${step.altered!.name}_new` }, step)} (LIKE ${tableSql(step.altered!, step)} INCLUDING ALL) …;`,
            table: step.altered!,
          })),
}

const rewriting = ['LOGGED', 'UNLOGGED', 'TABLESPACE', 'ACCESS']

export const postgresRewrites: readonly Rule[] = [typeChange, filledColumn, storage]
