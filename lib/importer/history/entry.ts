import type { Expr, FunctionDef, Module, Stmt } from '../../python/ast.ts'

/** How a script that no tool started is started. */
export type Entry =
  | { readonly kind: 'function'; readonly name: string }
  /** A method of a class that is made without knowing more. */
  | { readonly kind: 'method'; readonly cls: string; readonly name: string }
  /** By hand: what stands below `if __name__ == '__main__'`. */
  | { readonly kind: 'main' }
  /** By being loaded: it does its work where it stands. */
  | { readonly kind: 'module' }

export interface Entries {
  readonly entry: Entry | undefined
  /** Where several functions could be the migration. */
  readonly candidates: readonly string[]
}

/** What migrations call the function that does the work, the surest first. */
const usual = `run_migration upgrade up migrate migrate_up apply run forward forwards apply_migration do_migration
perform_migration execute_migration run_migrations execute do_upgrade migration_up run_upgrade upgrade_db
upgrade_schema main`.split(/\s+/)
const telling = /(?:^|_)(?:migrat\w*|upgrade\w*|apply|up|forwards?)(?:_|$)/
export const downNames =
  /^(?:downgrade|down|rollback|revert|backwards?|undo|reverse|unapply)(?:_\w+)?$|_(?:down|downgrade|rollback)$/
const work =
  /\.(?:execute|executescript|executemany|exec_driver_sql|execute_sql|create_all|drop_all|commit|create_tables)\s*\(/

export function entriesOf(module: Module): Entries {
  const functions = module.body.filter((s): s is FunctionDef => s.kind === 'FunctionDef')
  const named = usual.find((name) => functions.some((f) => f.name === name))
  const main = module.body.find(isMainGuard)
  const byHand = main !== undefined && doesWork(module, main, functions)
  if (named !== undefined && !(named === 'main' && byHand)) return only({ kind: 'function', name: named })
  if (byHand) return only({ kind: 'main' })
  const method = methodOf(module)
  if (method) return only(method)
  const found = startingPoints(module, functions)
  const [one] = found
  if (one && found.length === 1) return only({ kind: 'function', name: one.name })
  if (module.body.some((s) => !isDefinition(s) && !isMainGuard(s) && work.test(textOf(module, s))))
    return only({ kind: 'module' })
  return { entry: undefined, candidates: found.map(({ name }) => name) }
}

/** Whether anything in it could work on a database. */
export function hasWork(module: Module): boolean {
  return work.test(module.source)
}

function only(entry: Entry): Entries {
  return { entry, candidates: [] }
}

/** Functions that work on a database and that no other one calls; those that are named as migrations are, if there are any. */
function startingPoints(module: Module, functions: readonly FunctionDef[]): readonly FunctionDef[] {
  const starting = functions.filter(
    (f) =>
      !downNames.test(f.name) &&
      !f.name.startsWith('_') &&
      reaches(module, f, functions) &&
      !functions.some((other) => other !== f && calls(module, other, f.name)),
  )
  const told = starting.filter((f) => telling.test(f.name))
  return told.length > 0 ? told : starting
}

/** Whether a function works on a database, itself or by others of the module. */
function reaches(
  module: Module,
  statement: Stmt,
  functions: readonly FunctionDef[],
  seen: Set<Stmt> = new Set(),
): boolean {
  if (seen.has(statement)) return false
  seen.add(statement)
  if (work.test(textOf(module, statement))) return true
  return functions.some((f) => calls(module, statement, f.name) && reaches(module, f, functions, seen))
}

function calls(module: Module, statement: Stmt, name: string): boolean {
  const body = statement.kind === 'FunctionDef' ? statement.body : [statement]
  return body.some((s) => new RegExp(`(?<![\\w.])${name}\\b`).test(textOf(module, s)))
}

function doesWork(module: Module, main: Stmt, functions: readonly FunctionDef[]): boolean {
  return work.test(textOf(module, main)) || functions.some((f) => calls(module, main, f.name))
}

/** The method of a class that nobody in the module uses. */
function methodOf(module: Module): Entry | undefined {
  const found = module.body.flatMap((statement): Entry[] => {
    if (statement.kind !== 'ClassDef') return []
    const methods = statement.body.filter((s): s is FunctionDef => s.kind === 'FunctionDef').map(({ name }) => name)
    const name = usual.find((one) => one !== 'main' && methods.includes(one))
    return name === undefined ? [] : [{ kind: 'method', cls: statement.name, name }]
  })
  return found.length === 1 ? found[0] : undefined
}

export function isMainGuard(statement: Stmt): boolean {
  if (statement.kind !== 'If' || statement.test.kind !== 'Compare') return false
  const { left, comparators } = statement.test
  return [left, ...comparators].some(isModuleName)
}

function isModuleName(node: Expr): boolean {
  return node.kind === 'Name' && node.id === '__name__'
}

function isDefinition({ kind }: Stmt): boolean {
  return kind === 'FunctionDef' || kind === 'ClassDef'
}

function textOf({ source }: Module, { start, end }: Stmt): string {
  return source.slice(start, end)
}
