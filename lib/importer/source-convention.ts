import type { Expr, Module, Stmt } from '../python/ast.ts'
import { parse } from '../python/parse.ts'
import type { NamingConvention } from '../schema/naming.ts'
import type { LegacyFile } from './convert.ts'

/** A naming convention, and where it stands. */
export interface FoundConvention {
  readonly convention: NamingConvention
  readonly place: string
}

/**
 * The conventions that the application's source gives its MetaData: `MetaData(naming_convention=…)`, or an assignment to
 * the attribute of that name. Only what is written as a dict of texts is found.
 */
export function conventionsIn(files: readonly LegacyFile[]): readonly FoundConvention[] {
  const found = new Map<string, FoundConvention>()
  for (const { path, bytes } of files) {
    const source = new TextDecoder().decode(bytes)
    if (!source.includes('naming_convention')) continue
    const parsed = parse(source, path)
    if (!('module' in parsed)) continue
    for (const value of valuesIn(parsed.module)) {
      const convention = conventionFrom(value, parsed.module)
      if (convention) found.set(JSON.stringify(sorted(convention)), { convention, place: `${path}:${value.line}` })
    }
  }
  return [...found.values()]
}

function sorted(convention: NamingConvention): unknown {
  return Object.entries(convention).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** What is given as a naming convention, anywhere in the module. */
function valuesIn(module: Module): readonly Expr[] {
  const found: Expr[] = []
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const one of node) visit(one)
    if (node === null || typeof node !== 'object' || Array.isArray(node)) return
    const { kind } = node as { kind?: string }
    if (kind === 'Call') {
      const { func, keywords } = node as Extract<Expr, { kind: 'Call' }>
      const name = func.kind === 'Attribute' ? func.attr : func.kind === 'Name' ? func.id : ''
      for (const { arg, value } of keywords)
        if (arg === 'naming_convention' && name.endsWith('MetaData')) found.push(value)
    }
    if (kind === 'Assign') {
      const { targets, value } = node as Extract<Stmt, { kind: 'Assign' }>
      if (targets.some((target) => target.kind === 'Attribute' && target.attr === 'naming_convention'))
        found.push(value)
    }
    for (const [key, inner] of Object.entries(node)) if (key !== 'scope') visit(inner)
  }
  visit(module.body)
  return found
}

function conventionFrom(value: Expr, module: Module): NamingConvention | undefined {
  const dict = value.kind === 'Name' ? globalValue(value.id, module) : value
  if (dict?.kind !== 'Dict') return undefined
  const entries = dict.keys.map((key, at) => [textOf(key), textOf(dict.values[at])] as const)
  const known = entries.every(([key, text]) => key !== undefined && text !== undefined)
  const plain = known && entries.some(([key]) => ['ix', 'uq', 'ck', 'fk', 'pk'].includes(key!))
  return plain ? (Object.fromEntries(entries) as NamingConvention) : undefined
}

function globalValue(name: string, module: Module): Expr | undefined {
  for (const statement of module.body) {
    if (statement.kind === 'Assign' && statement.targets.some((t) => t.kind === 'Name' && t.id === name))
      return statement.value
    if (statement.kind === 'AnnAssign' && statement.target.kind === 'Name' && statement.target.id === name)
      return statement.value
  }
  return undefined
}

function textOf(value: Expr | undefined): string | undefined {
  return value?.kind === 'Constant' && typeof value.value === 'string' ? value.value : undefined
}
