import { atCommas, NotUnderstood, type TokenReader } from './sqlite-reader.ts'
import { canonical, type Declared, quoteName, type Token } from './sqlite-tokens.ts'

/** A key, a check or a foreign key, wherever in the CREATE TABLE it stands. */
export type ConstraintText = { readonly constraint: string | undefined } & (
  | {
      readonly kind: 'primary key' | 'unique'
      readonly columns: string
      readonly conflict: string | undefined
      readonly autoincrement: boolean
      /** `INTEGER PRIMARY KEY DESC`, written at the column, is no alias of the rowid (sqlite.org/lang_createtable.html). */
      readonly descending: boolean
    }
  | { readonly kind: 'check'; readonly expression: string }
  | ForeignKeyText
)

export interface ForeignKeyText {
  readonly kind: 'foreign key'
  readonly constraint: string | undefined
  readonly columns: string
  readonly parent: string
  /** undefined where it is the parent's primary key, whatever that is. */
  readonly parentColumns: readonly string[] | undefined
  /** ` ON DELETE CASCADE`: what follows, where it is not as by default. */
  readonly actions: string
}

export function tableConstraints(reader: TokenReader, names: Declared): readonly ConstraintText[] {
  const constraints: ConstraintText[] = []
  while (!reader.ended) {
    let constraint: string | undefined
    while (reader.take('constraint')) constraint = reader.name()
    constraints.push(tableConstraint(reader, constraint, names))
    reader.take(',') // SQLite does not insist on it
  }
  return constraints
}

function tableConstraint(reader: TokenReader, constraint: string | undefined, names: Declared): ConstraintText {
  const kind = reader.take('primary', 'key') ? 'primary key' : reader.oneOf('unique', 'check')
  if (kind === 'check') return check(reader, constraint, names)
  if (kind !== undefined) return key(reader, kind, constraint, names)
  reader.expect('foreign', 'key')
  const columns = nameList(reader.parenthesis(), names)
  return { ...references(reader, columns), constraint }
}

function key(
  reader: TokenReader,
  kind: 'primary key' | 'unique',
  constraint: string | undefined,
  names: Declared,
): ConstraintText {
  const tokens = reader.parenthesis()
  const autoincrement = tokens.at(-1)?.kind === 'word' && tokens.at(-1)?.value === 'autoincrement'
  const columns = indexed(autoincrement ? tokens.slice(0, -1) : tokens, names)
  return { kind, constraint, columns, conflict: conflict(reader), autoincrement, descending: false }
}

export function check(reader: TokenReader, constraint: string | undefined, names: Declared): ConstraintText {
  const expression = `(${canonical(reader.parenthesis(), names)})`
  conflict(reader) // read by SQLite, and without effect
  return { kind: 'check', constraint, expression }
}

/** The columns and expressions of a key or an index, without what is so by default. */
export function indexed(tokens: readonly Token[], names: Declared): string {
  const columns = atCommas(tokens).map((column) => {
    const last = column.at(-1)
    const ascending = last?.kind === 'word' && last.value === 'asc'
    return canonical(column.map(asName).slice(0, ascending ? -1 : undefined), names)
  })
  return `(${columns.join(', ')})`
}

/** SQLite takes a string for a column's name where a column stands alone. */
function asName(token: Token, index: number): Token {
  return token.kind === 'string' && index === 0 && /^'/.test(token.text)
    ? { ...token, kind: 'name', value: token.text.slice(1, -1).replaceAll("''", "'") }
    : token
}

function nameList(tokens: readonly Token[], names: Declared): string {
  return `(${atCommas(tokens)
    .map((column) => canonical(column.map(asName), names))
    .join(', ')})`
}

/** ON CONFLICT, where it is given and is not as by default. */
export function conflict(reader: TokenReader): string | undefined {
  if (!reader.take('on', 'conflict')) return undefined
  const resolution = reader.oneOf('rollback', 'abort', 'fail', 'ignore', 'replace')
  if (!resolution) throw new NotUnderstood()
  return resolution === 'abort' ? undefined : resolution.toUpperCase()
}

/** What follows the columns of a foreign key. MATCH, and what is deferrable but immediate, are without effect. */
export function references(reader: TokenReader, columns: string): ForeignKeyText {
  reader.expect('references')
  const parent = reader.name()
  const parentColumns = reader.peek()?.kind === 'open' ? parentNames(reader.parenthesis()) : undefined
  const actions = { delete: '', update: '', deferred: '' }
  for (;;) {
    const event = reader.take('on', 'delete') ? 'delete' : reader.take('on', 'update') ? 'update' : undefined
    if (event) actions[event] = action(reader, event)
    else if (reader.take('match')) reader.name()
    else if (startsDeferrable(reader)) actions.deferred = deferred(reader)
    else break
  }
  const text = actions.delete + actions.update + actions.deferred
  return { kind: 'foreign key', constraint: undefined, columns, parent, parentColumns, actions: text }
}

function parentNames(tokens: readonly Token[]): readonly string[] {
  return atCommas(tokens).map((column) => {
    if (column.length !== 1) throw new NotUnderstood()
    return asName(column[0]!, 0).kind === 'name' ? asName(column[0]!, 0).value : column[0]!.text
  })
}

function action(reader: TokenReader, event: string): string {
  if (reader.take('no', 'action')) return ''
  const what = reader.take('set', 'null')
    ? 'SET NULL'
    : reader.take('set', 'default')
      ? 'SET DEFAULT'
      : reader.oneOf('cascade', 'restrict')?.toUpperCase()
  if (!what) throw new NotUnderstood()
  return ` ON ${event.toUpperCase()} ${what}`
}

export function startsDeferrable(reader: TokenReader): boolean {
  return reader.sees('deferrable') || (reader.sees('not') && reader.sees('deferrable', 1))
}

/** DEFERRABLE INITIALLY DEFERRED is all that SQLite knows beside what is so by default (sqlite.org/foreignkeys.html). */
export function deferred(reader: TokenReader): string {
  const not = reader.take('not')
  reader.expect('deferrable')
  const when = reader.take('initially') ? reader.oneOf('deferred', 'immediate') : 'immediate'
  if (!when) throw new NotUnderstood()
  return !not && when === 'deferred' ? ' DEFERRABLE INITIALLY DEFERRED' : ''
}

/** A foreign key as it would stand among the table's constraints. */
export function foreignKeyDefinition(key: ForeignKeyText): string {
  const columns = key.parentColumns ? ` (${key.parentColumns.map(quoteName).join(', ')})` : ''
  return `FOREIGN KEY ${key.columns} REFERENCES ${quoteName(key.parent)}${columns}${key.actions}`
}
