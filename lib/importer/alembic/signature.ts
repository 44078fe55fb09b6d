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
  const args = bindArguments(call, signature)
  checkArguments(args, signature)
  return args
}

export function bindArguments(call: Call, signature: Signature): Arguments {
  const parameters = signature.filter((part) => !part.startsWith('**')).map((part) => part.split('|'))
  const renamed = new Map(parameters.flatMap(([name, ...older]) => older.map((old) => [old, name!] as const)))
  const kwargs = new Map([...call.kwargs].map(([name, value]) => [renamed.get(name) ?? name, value]))
  return new Arguments({ ...call, kwargs }, ...parameters.map(([name]) => name!))
}

export function checkArguments(args: Arguments, signature: Signature): void {
  if (args.rest.length > 0 && !signature.some((part) => /^\*\w/.test(part)))
    unreadable(`it takes fewer positional arguments than ${args.call.args.length}`)
  if (signature.includes('**ignored')) return
  const stray = args.more.find(([name]) => !signature.includes('**') || !isDialectKeyword(name))
  if (stray) unreadable(`the argument ${stray[0]} is not known`)
}

function isDialectKeyword(name: string): boolean {
  return /^(postgresql|mysql|mariadb|sqlite|mssql|oracle|firebird|sybase|redshift|cockroachdb)_/.test(name)
}
