import type { ColumnDefinition } from '../schema/definition.ts'
import { sql } from '../schema/expression.ts'
import type { Constraint, Identity, Options } from '../schema/table.ts'
import { rawType, type TypeSpec } from '../schema/type-spec.ts'
import { conflict, deferrability, nullsDistinct, readCheck, readReferences } from './constraints.ts'
import { keyOptions } from './keys.ts'
import { charsetName } from './mysql-types.ts'
import { named, withOptions } from './naming.ts'
import { notUnderstood } from './not-understood.ts'
import type { Reader } from './reader.ts'
import { sequenceOptions } from './sequences.ts'
import { readType } from './types.ts'

/** A column as it is written, and the constraints that stand at it. */
export interface ReadColumn {
  readonly column: ColumnDefinition
  readonly constraints: readonly Constraint[]
  /** SQLite's word for a key whose numbers never come back. */
  readonly autoincrement: boolean
}

interface Draft {
  name: string
  type: TypeSpec
  nullable: boolean | undefined
  default: string | undefined
  onUpdate: string | undefined
  computed: ColumnDefinition['computed'] | undefined
  identity: Identity | undefined
  counts: boolean
  comment: string | undefined
  autoincrement: boolean
  readonly options: { [keyword: string]: Options[string] }
  readonly constraints: Constraint[]
}

/** `name type …` up to the comma, or to MySQL's FIRST and AFTER. */
export function readColumn(reader: Reader): ReadColumn {
  const name = reader.name()
  const { type, serial = false, unique } = readType(reader)
  const draft: Draft = {
    name,
    type,
    nullable: serial ? false : undefined,
    default: undefined,
    onUpdate: undefined,
    computed: undefined,
    identity: undefined,
    counts: serial,
    comment: undefined,
    autoincrement: false,
    options: {},
    constraints: unique ? [{ kind: 'unique', columns: [name], byServer: true }] : [],
  }
  while (!reader.isItemEnd() && !isPlace(reader)) readAttribute(reader, draft)
  return finished(draft, reader)
}

export function isPlace(reader: Reader): boolean {
  return reader.dialect === 'mysql' && (reader.sees('FIRST') || reader.sees('AFTER'))
}

function finished(draft: Draft, reader: Reader): ReadColumn {
  const { name, type, comment, computed, identity, constraints, options } = draft
  const isKey = constraints.some((c) => c.kind === 'primaryKey')
  const forced = identity !== undefined || (isKey && reader.dialect !== 'sqlite')
  const nullable = !forced && draft.nullable !== false
  const value = defaultOf(draft, nullable, reader)
  const column: ColumnDefinition = {
    name,
    type,
    nullable,
    autoincrement: draft.counts ? 'written' : false,
    ...(value !== undefined && { serverDefault: sql(value) }),
    ...(computed && { computed }),
    ...(identity && { identity }),
    ...(comment !== undefined && comment !== '' && { comment }),
    ...withOptions(options),
  }
  return { column, constraints, autoincrement: draft.autoincrement }
}

/** NULL as a default is none, but to SQLite, which keeps the text; ON UPDATE is a part of it, as SQLAlchemy has it. */
function defaultOf({ default: text, onUpdate }: Draft, nullable: boolean, { dialect }: Reader): string | undefined {
  const value = dialect !== 'sqlite' && text !== undefined && /^\(?NULL\)?(::[\w "]+)?$/i.test(text) ? undefined : text
  if (onUpdate === undefined) return value
  if (value === undefined && !nullable)
    return notUnderstood('ON UPDATE without a default, at a column that is NOT NULL')
  return `${value ?? 'NULL'} ON UPDATE ${onUpdate}`
}

function readAttribute(reader: Reader, draft: Draft): void {
  const name = reader.take('CONSTRAINT') ? constraintName(reader) : undefined
  if (readNullable(reader, draft) || readConstraint(reader, draft, name) || readValue(reader, draft)) return
  if (!readRest(reader, draft)) reader.wrong('a part of a column')
}

/** SQLite and MariaDB take a CONSTRAINT without a name here. */
function constraintName(reader: Reader): string | undefined {
  const bare = ['CHECK', 'NOT', 'PRIMARY', 'UNIQUE', 'REFERENCES', 'DEFAULT']
  const isBare = reader.dialect !== 'postgres' && reader.token.kind === 'word' && bare.includes(reader.token.upper)
  return isBare ? undefined : reader.name()
}

function readNullable(reader: Reader, draft: Draft): boolean {
  if (reader.take('NOT', 'NULL')) {
    draft.nullable = false
    const { sqlite_on_conflict: how } = conflict(reader)
    if (how !== undefined) draft.options.sqlite_on_conflict_not_null = how
    reader.take('NO', 'INHERIT')
    return true
  }
  if (!reader.take('NULL')) return false
  draft.nullable ??= true
  conflict(reader)
  return true
}

function readConstraint(reader: Reader, draft: Draft, name: string | undefined): boolean {
  const constraint = readOne(reader, draft, name)
  if (!constraint) return false
  draft.constraints.push({ ...constraint, ...deferrability(reader) } as Constraint)
  return true
}

function readOne(reader: Reader, draft: Draft, name: string | undefined): Constraint | undefined {
  const columns = [draft.name]
  if (reader.take('PRIMARY', 'KEY') || (reader.dialect === 'mysql' && reader.take('KEY'))) {
    return { kind: 'primaryKey', columns, ...named(name), ...withOptions(readKeyRest(reader, draft)) }
  }
  if (reader.take('UNIQUE')) {
    if (reader.dialect === 'mysql') reader.take('KEY')
    const options = { ...nullsDistinct(reader), ...keyOptionsAt(reader), ...conflict(reader) }
    return { kind: 'unique', columns, ...named(name), ...withOptions(options) }
  }
  if (reader.take('CHECK')) return { ...readCheck(reader), ...named(name), column: draft.name }
  if (reader.sees('REFERENCES')) return { ...readReferences(reader, columns), ...named(name), inline: true }
  return undefined
}

function readKeyRest(reader: Reader, draft: Draft): Options {
  const order = reader.takeOne('ASC', 'DESC')
  if (order === 'DESC' && reader.dialect === 'sqlite') return notUnderstood('PRIMARY KEY DESC at a column')
  const options = { ...keyOptionsAt(reader), ...conflict(reader) }
  if (reader.dialect === 'sqlite' && reader.take('AUTOINCREMENT')) draft.autoincrement = true
  return options
}

/** MySQL's COMMENT behind a key is that of the column. */
function keyOptionsAt(reader: Reader): Options {
  return reader.dialect === 'postgres' ? keyOptions(reader) : {}
}

const stops = {
  postgres:
    'CONSTRAINT NOT NULL PRIMARY UNIQUE CHECK REFERENCES GENERATED COLLATE DEFERRABLE INITIALLY STORAGE COMPRESSION',
  mysql:
    'CONSTRAINT NOT NULL AUTO_INCREMENT ON UNIQUE PRIMARY KEY COMMENT COLLATE COLUMN_FORMAT STORAGE REFERENCES CHECK GENERATED AS VISIBLE INVISIBLE FIRST AFTER WITH WITHOUT COMPRESSED',
  sqlite: 'CONSTRAINT NOT NULL PRIMARY UNIQUE CHECK REFERENCES GENERATED COLLATE AS DEFERRABLE INITIALLY',
} as const

export function readDefault(reader: Reader): string {
  return reader.expression(...stops[reader.dialect].split(' '))
}

function readValue(reader: Reader, draft: Draft): boolean {
  if (reader.take('DEFAULT')) draft.default = readDefault(reader)
  else if (reader.take('ON', 'UPDATE')) draft.onUpdate = reader.expression(...stops.mysql.split(' '))
  else if (reader.take('GENERATED')) readGenerated(reader, draft)
  else if (reader.dialect !== 'postgres' && reader.take('AS')) draft.computed = readComputed(reader)
  else if (reader.takeOne('AUTO_INCREMENT', 'AUTOINCREMENT')) draft.counts = true
  else return false
  return true
}

function readGenerated(reader: Reader, draft: Draft): void {
  const always = reader.take('ALWAYS')
  if (!always) {
    reader.expect('BY', 'DEFAULT')
    reader.take('ON', 'NULL')
  }
  reader.expect('AS')
  if (reader.take('IDENTITY')) draft.identity = readIdentity(reader, always)
  else draft.computed = readComputed(reader)
}

/** What stands behind AS IDENTITY. */
export function readIdentity(reader: Reader, always: boolean): Identity {
  const options = reader.take('(') ? sequenceOptions(reader) : undefined
  if (options) reader.expect(')')
  return { ...options, always }
}

function readComputed(reader: Reader): NonNullable<ColumnDefinition['computed']> {
  const expression = sql(reader.parenthesised())
  const how = reader.takeOne('STORED', 'PERSISTENT', 'VIRTUAL')
  return { expression, ...(how !== undefined && { persisted: how !== 'VIRTUAL' }) }
}

/** What the model has no more than a word for, or nothing at all. */
function readRest(reader: Reader, draft: Draft): boolean {
  if (reader.take('COLLATE')) draft.type = withCollation(draft.type, reader)
  else if (reader.take('COMMENT')) draft.comment = reader.string()
  else if (reader.take('INVISIBLE')) draft.options.mysql_invisible = true
  else if (reader.takeOne('COLUMN_FORMAT', 'STORAGE', 'COMPRESSION', 'SRID')) reader.next()
  else if (reader.take('COMPRESSED')) {
    if (reader.take('=')) reader.next()
  } else if (reader.takeOne('ENGINE_ATTRIBUTE', 'SECONDARY_ENGINE_ATTRIBUTE')) {
    reader.take('=')
    reader.next()
  } else {
    return (
      reader.take('VISIBLE') ||
      reader.take('WITHOUT', 'SYSTEM', 'VERSIONING') ||
      reader.take('WITH', 'SYSTEM', 'VERSIONING')
    )
  }
  return true
}

function withCollation(type: TypeSpec, reader: Reader): TypeSpec {
  if (reader.dialect === 'mysql') {
    const collation = charsetName(reader)
    return type.kind === 'raw'
      ? rawType(`${type.args?.text} COLLATE ${collation}`)
      : { ...type, args: { ...type.args, collation } }
  }
  const from = reader.mark
  const path = reader.path()
  const isText = ['TEXT', 'VARCHAR', 'CHAR'].includes(type.kind)
  if (reader.dialect === 'postgres' && isText && path.length === 1)
    return { ...type, args: { ...type.args, collation: path[0]! } }
  if (reader.dialect === 'postgres') return notUnderstood('a collation of its own at this type')
  const collation = `COLLATE ${reader.text(from)}`
  return rawType(`${typeText(type)} ${collation}`.trim())
}

/** The text of a plain type, for a collation behind it. */
function typeText({ kind, args = {} }: TypeSpec): string {
  if (kind === 'raw') return args.text ?? ''
  const numbers = [args.length ?? args.precision, args.scale].filter((n) => n !== undefined)
  return kind + (numbers.length > 0 ? `(${numbers.join(', ')})` : '')
}
