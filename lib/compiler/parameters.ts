import type { DialectName } from '../dialects/dialect-name.ts'
import type { Execute } from '../schema/operation.ts'
import { unknowable } from '../schema/unknowable.ts'
import { renderLiteral } from './literal.ts'

/** SQL text with its parameters written out. The patterns are those of sa.text, which look into strings as well. */
export function withParameters({ sql, parameters = {}, raw = false }: Execute, dialect: DialectName): string {
  const text = tidy(sql)
  if (raw) return text
  return text
    .replace(/(?<![:\w\\]):(\w+)(?!:)/g, (_, name: string) => {
      const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined
      return value === undefined
        ? unknowable(`the SQL has a parameter :${name} without a value`)
        : renderLiteral(value, dialect)
    })
    .replace(/(?<![:\w\\])\\:(?!:)/g, ':')
    .replace(/\\(:\w+)/g, '$1')
}

/** The statement without blank edges, and without the indentation that it had inside its script. */
function tidy(sql: string): string {
  const lines = sql
    .replace(/\r\n?/g, '\n')
    .trimEnd()
    .replace(/;$/, '')
    .split('\n')
    .map((line) => line.trimEnd())
  while (lines[0]?.trim() === '') lines.shift()
  return hasLongStrings(sql) ? sql.trim().replace(/;$/, '') : dedent(lines).join('\n').trim()
}

/** Text in quotes that goes over lines would be changed by moving it. */
function hasLongStrings(sql: string): boolean {
  return /'[^']*\n[^']*'|\$\w*\$|"[^"]*\n[^"]*"/.test(sql)
}

function dedent(lines: readonly string[]): readonly string[] {
  const rest = lines.slice(1).filter((line) => line !== '')
  const depth = Math.min(...rest.map((line) => line.length - line.trimStart().length))
  return Number.isFinite(depth) ? lines.map((line, i) => (i === 0 ? line.trimStart() : line.slice(depth))) : lines
}
