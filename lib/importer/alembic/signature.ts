import { Arguments } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import { unreadable } from '../unreadable.ts'

/**
 * The parameters of a directive in their order: `constraint_name|name` where older Alembics called it otherwise, `*` before
 * those that come by keyword only, `**` where keywords of the dialects may follow, `**ignored` where Alembic takes any.
 */
export type Signature = readonly string[]

/** The arguments under the names of today; one too many, or one that no version has, is unreadable. */
export function readArguments(call: Call, signature: Signature): Arguments {
  const parameters = signature.filter((part) => !part.startsWith('**')).map((part) => part.split('|'))
  const renamed = new Map(parameters.flatMap(([name, ...older]) => older.map((old) => [old, name!] as const)))
  const kwargs = new Map([...call.kwargs].map(([name, value]) => [renamed.get(name) ?? name, value]))
  const args = new Arguments({ ...call, kwargs }, ...parameters.map(([name]) => name!))
  if (args.rest.length > 0 && !signature.some((part) => /^\*\w/.test(part)))
    return unreadable(`it takes fewer positional arguments than ${call.args.length}`)
  if (signature.includes('**ignored')) return args
  const stray = args.more.find(([name]) => !signature.includes('**') || !isDialectKeyword(name))
  return stray ? unreadable(`the argument ${stray[0]} is not known`) : args
}

function isDialectKeyword(name: string): boolean {
  return /^(postgresql|mysql|mariadb|sqlite|mssql|oracle|firebird|sybase|redshift|cockroachdb)_/.test(name)
}
