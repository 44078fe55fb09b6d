import type { DialectName } from '../dialects/dialect-name.ts'
import type { Expression, Literal, Parameters } from '../schema/expression.ts'
import type { Execute } from '../schema/operation.ts'
import { unknowable } from '../schema/unknowable.ts'
import { renderValue } from './expression.ts'

/** SQL text with its parameters written out. */
export function withParameters({ sql, parameters = {}, raw = false }: Execute, dialect: DialectName): string {
  const text = tidy(sql, dialect)
  return raw ? text : fillIn(text, parameters, (value) => renderValue(value, undefined, { dialect }))
}

/** The patterns are those of sa.text, which look into strings as well. */
export function fillIn(text: string, parameters: Parameters, write: (value: Literal | Expression) => string): string {
  return text
    .replace(/(?<![:\w\\]):(\w+)(?!:)/g, (_, name: string) => {
      const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined
      return value === undefined ? unknowable(`the SQL has a parameter :${name} without a value`) : write(value)
    })
    .replace(/(?<![:\w\\])\\:(?!:)/g, ':')
    .replace(/\\(:\w+)/g, '$1')
}

/** The statement without blank edges, and without the indentation that it had inside its script. */
function tidy(sql: string, dialect: DialectName): string {
  const text = sql.trim().replace(/\s*;$/, '')
  if (hasLongStrings(text, dialect)) return text
  const lines = text.replace(/\r\n?/g, '\n').split('\n')
  return dedent(lines.map((line) => line.trimEnd())).join('\n')
}

const tokens = {
  standard: /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//g,
  mysql: /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`[^`]*`|(?:--|#)[^\n]*|\/\*[\s\S]*?\*\//g,
}

/** Text in quotes that goes over lines would be changed by moving it. */
function hasLongStrings(sql: string, dialect: DialectName): boolean {
  const found = sql.match(dialect === 'mysql' ? tokens.mysql : tokens.standard) ?? []
  return found.some((token) => token.includes('\n') && !token.startsWith('/*'))
}

function dedent(lines: readonly string[]): readonly string[] {
  const rest = lines.slice(1).filter((line) => line !== '')
  const depth = Math.min(...rest.map((line) => line.length - line.trimStart().length))
  return Number.isFinite(depth) ? lines.map((line, i) => (i === 0 ? line.trimStart() : line.slice(depth))) : lines
}
