import type { DialectName } from '../../dialects/dialect-name.ts'
import { dialects } from '../../dialects/dialects.ts'
import { SqlmigError } from '../../errors.ts'
import { Lexer } from '../../text/lexer.ts'
import { Splitter, type Statement } from '../../text/split.ts'
import type { Block, Problem, ToolMigration } from './tool-file.ts'
import { joined } from './up-part.ts'

/**
 * A tool's migration as sqlmig can run it on a dialect: what the tool was told to send as one statement stays one (on
 * MySQL by DELIMITER, where the block does not tell by itself where it ends), and what refuses a transaction has none.
 */
export function forDialect(migration: ToolMigration, dialect: DialectName): ToolMigration {
  const { blocks, firstLine } = migration
  const lines = [...Array<string>(firstLine - 1).fill(''), ...migration.sql.split('\n')]
  const problems = blocks.flatMap((block) => keptTogether(block, lines, dialect))
  const text = joined(lines)
  const noTransaction = migration.noTransaction || refusesTransaction(text.sql, dialect)
  return { ...migration, ...text, noTransaction, problems: [...migration.problems, ...problems] }
}

function keptTogether({ begin, end }: Block, lines: string[], dialect: DialectName): readonly Problem[] {
  const block = lines.slice(begin, end - 1).join('\n')
  const fault = faultOf(block, dialect) ?? fallenApart(split(block, dialect))
  if (fault === undefined) return []
  const delimited = dialect === 'mysql' ? withDelimiter(block) : undefined
  if (delimited === undefined || statementsOf(delimited.join('\n'), dialect)?.length !== 1) {
    return [
      { line: begin + (fault.at?.line ?? 1), reason: `this block cannot be split for ${dialect}: ${fault.message}` },
    ]
  }
  const [open, body, close] = delimited
  lines.splice(begin - 1, end - begin + 1, open, ...body.split('\n'), close)
  return []
}

function faultOf(sql: string, dialect: DialectName): SqlmigError | undefined {
  try {
    split(sql, dialect)
    return undefined
  } catch (error) {
    if (error instanceof SqlmigError) return error
    throw error
  }
}

/** Words that begin no statement but in the middle of a program. */
const innerWords = new Set('end return declare else elseif elsif when fetch leave iterate until exception'.split(' '))

/** A block may hold several statements (goose's own template does): what gives it away is a piece that is none. */
function fallenApart(statements: readonly Statement[]): SqlmigError | undefined {
  const piece = statements.find(({ text, words }) => !/^[a-z("'[]/i.test(text) || innerWords.has(words[0] ?? ''))
  if (!piece) return undefined
  const [line = ''] = piece.text.split('\n')
  return new SqlmigError('unterminated', `"${line}" would be a statement of its own`, { at: piece.place })
}

function statementsOf(sql: string, dialect: DialectName): readonly Statement[] | undefined {
  return faultOf(sql, dialect) ? undefined : split(sql, dialect)
}

function split(sql: string, dialect: DialectName): readonly Statement[] {
  const statements: Statement[] = []
  for (const statement of new Splitter([sql], dialects[dialect].lexis())) {
    for (const _ of statement.data ?? []);
    statements.push(statement)
  }
  return statements
}

/** The block with a delimiter of its own behind its last token; undefined where its tokens cannot be told. */
function withDelimiter(block: string): readonly [open: string, body: string, close: string] | undefined {
  const delimiter = ['$$', '//', ';;'].find((text) => !block.includes(text))
  const last = lastToken(block)
  if (delimiter === undefined || !last) return undefined
  const { end, terminates } = last
  const body = `${block.slice(0, terminates ? end - 1 : end)} ${delimiter}${block.slice(end)}`
  return [`DELIMITER ${delimiter}`, body, 'DELIMITER ;']
}

function lastToken(block: string): { readonly end: number; readonly terminates: boolean } | undefined {
  const lexer = new Lexer(dialects.mysql.lexis())
  let last: { end: number; terminates: boolean } | undefined
  for (let at = 0; at < block.length; at = lexer.end) {
    const kind = lexer.next(block, at, false)
    if (kind === 'unterminated') return undefined
    if (kind !== 'space' && kind !== 'comment') last = { end: lexer.end, terminates: kind === 'terminator' }
  }
  return last
}

function refusesTransaction(sql: string, dialect: DialectName): boolean {
  const { effect } = dialects[dialect]
  return statementsOf(sql, dialect)?.some((statement) => effect(statement) === 'alone') ?? false
}
