import { Arguments } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import { unreadable } from '../unreadable.ts'

/**
 * The parameters of a directive in their order: `constraint_name|name` where older Alembics called it otherwise, `*` before
 * those that come by keyword only, `**` where keywords of the dialects may follow.
 */
export type Signature = readonly string[]

/** The arguments under the names of today; one too many, or one that no version has, is unreadable. */
export function readArguments(call: Call, signature: Signature): Arguments {
  const parameters = signature.filter((part) => part !== '**').map((part) => part.split('|'))
  const renamed = new Map(parameters.flatMap(([name, ...older]) => older.map((old) => [old, name!] as const)))
  const kwargs = new Map([...call.kwargs].map(([name, value]) => [renamed.get(name) ?? name, value]))
  const args = new Arguments({ ...call, kwargs }, ...parameters.map(([name]) => name!))
  if (args.rest.length > 0 && !signature.some((part) => part.startsWith('*') && part.length > 2))
    return unreadable(`it takes fewer positional arguments than ${call.args.length}`)
  const stray = args.more.find(([name]) => !signature.includes('**') || !isDialectKeyword(name))
  return stray ? unreadable(`the argument ${stray[0]} is not known`) : args
}

function isDialectKeyword(name: string): boolean {
  return /^(postgresql|mysql|mariadb|sqlite|mssql|oracle|firebird|sybase|redshift|cockroachdb)_/.test(name)
}
