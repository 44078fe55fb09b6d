import { type Catalogue, type CatalogueObject, keyOf } from '../catalogue/model.ts'
import { SqlmigError } from '../errors.ts'
import type { Renames } from './changes.ts'
import { partText } from './compare.ts'

/**
 * Renames as people give them: `lead=customer`, `lead.status=state`, with the schema before the table where it has one.
 * @throws SqlmigError `usage` where there is nothing of the old name, or something of the new one
 */
export function parseRenames(texts: readonly string[], actual: Catalogue, expected: Catalogue): Renames {
  const renames = new Map(texts.map((text) => parseRename(text, actual)))
  const tables = new Set(expected.objects.filter(({ kind }) => kind === 'table').map(({ name }) => name))
  const columns = new Set(
    expected.objects.flatMap(({ kind, parts }) =>
      kind === 'table' ? parts.filter((p) => p.kind === 'column').map((p) => p.name) : [],
    ),
  )
  for (const [old, name] of renames) {
    const isTable = actual.objects.some((object) => keyOf(object) === old)
    if (!(isTable ? tables : columns).has(name))
      throw refused(
        `--rename: the schema that is wanted has no ${isTable ? 'table' : 'column'} "${name}"`,
        'name it as it is to be',
      )
  }
  return renames
}

function parseRename(text: string, actual: Catalogue): readonly [string, string] {
  const [, old = '', name = ''] = /^\s*([^=]+?)\s*=\s*(\S+)\s*$/.exec(text) ?? []
  if (!old) throw refused(`--rename takes OLD=NEW, not "${text}"`, 'for example: --rename lead.status=state')
  const table = tableNamed(actual, old)
  if (table) return [keyOf(table), name]
  const dot = old.lastIndexOf('.')
  const owner = dot < 0 ? undefined : tableNamed(actual, old.slice(0, dot))
  const column = old.slice(dot + 1)
  if (owner?.parts.some((part) => part.kind === 'column' && part.name === column))
    return [`${keyOf(owner)}.${column}`, name]
  throw refused(`--rename: the database has no table or column "${old}"`, 'name it as the database has it now')
}

function tableNamed({ objects }: Catalogue, text: string): CatalogueObject | undefined {
  const qualified = ({ schema, name }: CatalogueObject) => (schema === undefined ? name : `${schema}.${name}`)
  return objects.find((object) => object.kind === 'table' && qualified(object) === text)
}

function refused(message: string, remedy: string): SqlmigError {
  return new SqlmigError('usage', message, { state: 'nothing was written', remedy })
}

/** Something that is gone and something that is new, and may be the same. */
export interface RenameCandidate {
  /** As in Renames. */
  readonly old: string
  readonly name: string
}

/** What looks like a rename: tables with mostly the same columns, columns of one table that are alike but for the name. */
export function renameCandidates(actual: Catalogue, expected: Catalogue, known: Renames): readonly RenameCandidate[] {
  const tables = (catalogue: Catalogue) =>
    new Map(catalogue.objects.filter(({ kind }) => kind === 'table').map((o) => [keyOf(o), o]))
  const [before, after] = [tables(actual), tables(expected)]
  const taken = new Set(known.values())
  const gone = [...before].filter(([key]) => !after.has(key) && !known.has(key)).map(([, table]) => table)
  const fresh = [...after].filter(([key, { name }]) => !before.has(key) && !taken.has(name)).map(([, table]) => table)
  const renamed = gone.flatMap((old) => {
    const like = fresh.find((table) => table.schema === old.schema && resemble(old, table))
    return like ? [{ old: keyOf(old), name: like.name }] : []
  })
  const same = [...before].flatMap(([key, table]) => {
    const other = after.get(key)
    return other ? columnCandidates(key, table, other, known) : []
  })
  return [...renamed, ...same]
}

function columnsOf({ parts }: CatalogueObject) {
  return parts.filter(({ kind }) => kind === 'column')
}

function resemble(a: CatalogueObject, b: CatalogueObject): boolean {
  const texts = new Set(columnsOf(b).map((column) => `${column.name} ${partText(column)}`))
  const common = columnsOf(a).filter((column) => texts.has(`${column.name} ${partText(column)}`)).length
  return common > 0 && common >= Math.max(columnsOf(a).length, columnsOf(b).length) / 2
}

function columnCandidates(
  key: string,
  a: CatalogueObject,
  b: CatalogueObject,
  known: Renames,
): readonly RenameCandidate[] {
  const names = (object: CatalogueObject) => new Set(columnsOf(object).map(({ name }) => name))
  const [before, after] = [names(a), names(b)]
  const taken = new Set<string>()
  return columnsOf(a).flatMap((column) => {
    const old = `${key}.${column.name}`
    if (after.has(column.name) || known.has(old)) return []
    const like = columnsOf(b).find(
      (other) => !before.has(other.name) && !taken.has(other.name) && partText(other) === partText(column),
    )
    if (!like) return []
    taken.add(like.name)
    return [{ old, name: like.name }]
  })
}
