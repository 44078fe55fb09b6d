import type { Part } from './model.ts'
import { type ColumnText, columnConstraints, typeOf } from './sqlite-column.ts'
import { type ConstraintText, tableConstraints } from './sqlite-constraints.ts'
import { NotUnderstood, TokenReader } from './sqlite-reader.ts'
import { type Declared, declared, nameOf, quoteName, type Token, tokensOf } from './sqlite-tokens.ts'

/** What the text of a CREATE TABLE says. */
export interface TableText {
  readonly columns: readonly Part[]
  readonly constraints: readonly ConstraintText[]
  readonly strict: boolean
  readonly withoutRowid: boolean
}

/** Reads CREATE TABLE (sqlite.org/lang_createtable.html) as sqlite_schema has it; undefined where it is not understood. */
export function readTable(sql: string): TableText | undefined {
  const tokens = tokensOf(sql)
  if (!tokens) return undefined
  try {
    return table(new TokenReader(tokens))
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined
    throw error
  }
}

function table(reader: TokenReader): TableText {
  reader.expect('create')
  reader.expect('table')
  reader.name()
  const body = new TokenReader(reader.parenthesis())
  const columns: ColumnText[] = []
  const names = declared(columnNames(body.rest()))
  do columns.push(column(body, names))
  while (body.take(',') && !startsConstraint(body))
  const constraints = [...columns.flatMap((column) => column.constraints), ...tableConstraints(body, names)]
  return { columns: columns.map(({ part }) => part), constraints, ...options(reader) }
}

/** The names of the columns, before anything in them is read: checks may name columns that come later. */
function columnNames(tokens: readonly Token[]): readonly string[] {
  const names: string[] = []
  let depth = 0
  tokens.forEach((token, index) => {
    if (depth === 0 && (index === 0 || tokens[index - 1]!.text === ',') && !isConstraintWord(token))
      names.push(nameOf(token))
    if (token.kind === 'open') depth++
    if (token.kind === 'close') depth--
  })
  return names
}

function isConstraintWord({ kind, value }: Token): boolean {
  return kind === 'word' && ['constraint', 'primary', 'unique', 'check', 'foreign'].includes(value)
}

function startsConstraint(reader: TokenReader): boolean {
  const next = reader.peek()
  return next !== undefined && isConstraintWord(next)
}

function column(reader: TokenReader, names: Declared): ColumnText {
  const name = reader.name()
  const type = typeOf(reader, names)
  return columnConstraints(reader, { name, type, names })
}

function options(reader: TokenReader): Pick<TableText, 'strict' | 'withoutRowid'> {
  let [strict, withoutRowid] = [false, false]
  while (!reader.ended) {
    if (reader.take('strict')) strict = true
    else {
      reader.expect('without')
      reader.expect('rowid')
      withoutRowid = true
    }
    if (!reader.ended) reader.expect(',')
  }
  return { strict, withoutRowid }
}

/** The text of a table that is carried as its text, under a name: ALTER TABLE … RENAME writes it in quotes. */
export function withName(definition: string, name: string): string {
  const head =
    /^(CREATE\s+(?:VIRTUAL\s+)?TABLE)\s+(?:"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|'(?:[^']|'')*'|[^\s("`[']+)/i
  return definition.replace(head, (_, create: string) => `${create} ${quoteName(name)}`)
}
