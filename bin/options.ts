import type { ChainOptions, DatabaseOptions, DialectName, ToolName } from '../lib/index.ts'
import { closest, dialectNames, parseDuration, SqlmigError, toolNames } from '../lib/index.ts'

/** The flags of a call as sade gives them. */
export type Flags = Readonly<Record<string, unknown>>

export function text(flags: Flags, name: string): string | undefined {
  const value = flags[name]
  return value === undefined ? undefined : String(value)
}

export function on(flags: Flags, name: string): boolean {
  return flags[name] === true
}

/** @throws SqlmigError `usage` where it is no whole number, or less than `least` */
export function whole(flags: Flags, name: string, least: number): number | undefined {
  const value = text(flags, name)
  if (value === undefined) return undefined
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (number >= least && Number.isSafeInteger(number)) return number
  throw usage(`--${name} takes a whole number from ${least} on, not "${value}"`, `for example: --${name} ${least + 1}`)
}

/** Milliseconds; a number without a unit is seconds. */
export function duration(flags: Flags, name: string): number | undefined {
  const value = text(flags, name)
  if (value === undefined) return undefined
  const milliseconds = parseDuration(/^\d+(\.\d+)?$/.test(value) ? `${value}s` : value)
  if (milliseconds !== undefined) return milliseconds
  throw usage(`--${name} takes a duration, not "${value}"`, `for example: --${name} 30s (units: ms, s, min, h)`)
}

export function dialect(flags: Flags): DialectName | undefined {
  return oneOf(flags, 'dialect', dialectNames, 'MySQL and MariaDB are both "mysql"')
}

/** The old tool that `adopt` is told of. */
export function tool(flags: Flags): ToolName | undefined {
  return oneOf(flags, 'from', toolNames, 'scripts of another kind kept no table: say how far with --to ID')
}

export function oneOf<T extends string>(flags: Flags, name: string, names: readonly T[], hint: string): T | undefined {
  const value = text(flags, name)
  if (value === undefined) return undefined
  const found = names.find((known) => known === value)
  if (found) return found
  const near = closest(value, names)
  throw usage(`--${name} is one of ${names.join(', ')}, not "${value}"`, near ? `did you mean "${near}"?` : hint)
}

/** All dialects that are named, separated by commas or given one by one. */
export function dialects(flags: Flags): readonly DialectName[] | undefined {
  const named = list(flags, 'dialect')?.flatMap((value) => value.split(',').filter(Boolean))
  return named && [...new Set(named.map((value) => dialect({ dialect: value.trim() })!))]
}

/** The values of a flag that may be given several times. */
export function list(flags: Flags, name: string): readonly string[] | undefined {
  return text(flags, name)?.split('\n')
}

export function required<T>(value: T | undefined, message: string, remedy: string): T {
  if (value === undefined) throw usage(message, remedy)
  return value
}

export function databaseOptions(flags: Flags): DatabaseOptions & ChainOptions {
  return {
    database: text(flags, 'database'),
    envFile: text(flags, 'env-file'),
    table: text(flags, 'table'),
    dir: text(flags, 'dir'),
  }
}

export function usage(message: string, remedy: string): SqlmigError {
  return new SqlmigError('usage', message, { remedy })
}
