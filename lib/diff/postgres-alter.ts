import type { CatalogueObject, Part } from '../catalogue/model.ts'
import { literal, name, titleOf } from '../catalogue/postgres-names.ts'
import { attributeSql, createSql, type Objects, partCommentSql } from '../catalogue/postgres-sql.ts'
import { columnsOf } from './postgres-fates.ts'
import { optionsSql, sequenceClauses } from './postgres-table.ts'

/** A statement, and what may be lost by it. */
export interface Altered {
  readonly sql: string
  readonly loses?: string
}

/** What changes an object in place that is neither a table nor has only its comment changed. */
export function alterSql(before: CatalogueObject, after: CatalogueObject, objects: Objects): readonly Altered[] {
  const plain = (all: readonly string[]) => all.map((sql) => ({ sql }))
  const title = titleOf(after)
  switch (after.kind) {
    case 'enum':
      return plain(addValues(before, after))
    case 'domain':
      return plain(alterDomain(before, after))
    case 'type':
      return alterType(before, after)
    case 'sequence':
      return plain(alterSequence(before, after))
    case 'extension':
      return plain(alterExtension(before, after))
    case 'view':
      return plain(alterView(before, after, objects))
    case 'materialized view':
      return plain(optionsSql(`ALTER MATERIALIZED VIEW ${title}`, before.properties.options, after.properties.options))
    case 'function':
    case 'procedure':
      return before.properties.definition === after.properties.definition ? [] : [{ sql: after.properties.definition! }]
    case 'statistics':
      return before.properties.target === after.properties.target
        ? []
        : [{ sql: `ALTER STATISTICS ${title} SET STATISTICS ${after.properties.target ?? -1}` }]
    default:
      return []
  }
}

/** Each new value beside the one that it is to stand beside. */
function addValues(before: CatalogueObject, after: CatalogueObject): readonly string[] {
  const there = before.parts.map(({ name }) => name)
  return after.parts.flatMap(({ name: value }, at) => {
    if (there.includes(value)) return []
    const next = at === 0 ? ` BEFORE ${literal(there[0] ?? '')}` : ` AFTER ${literal(after.parts[at - 1]!.name)}`
    const isLast = after.parts.slice(at).every((part) => !there.includes(part.name))
    return [`ALTER TYPE ${titleOf(after)} ADD VALUE ${literal(value)}${isLast ? '' : next}`]
  })
}

function alterDomain(before: CatalogueObject, after: CatalogueObject): readonly string[] {
  const alter = `ALTER DOMAIN ${titleOf(after)}`
  const [from, to] = [before.properties, after.properties]
  const definition = (part: Part | undefined) => part?.properties.definition
  const named = (object: CatalogueObject, part: Part) => object.parts.find((one) => one.name === part.name)
  const gone = before.parts.filter((part) => definition(named(after, part)) !== definition(part))
  const fresh = after.parts.filter((part) => definition(named(before, part)) !== definition(part))
  const comments = after.parts.filter(
    (part) => part.properties.comment !== (fresh.includes(part) ? undefined : named(before, part)?.properties.comment),
  )
  return [
    ...gone.map((part) => `${alter} DROP CONSTRAINT ${name(part.name)}`),
    ...(from.default === to.default
      ? []
      : [`${alter} ${to.default === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${to.default}`}`]),
    ...(from['not null'] === to['not null']
      ? []
      : [`${alter} ${to['not null'] === undefined ? 'DROP' : 'SET'} NOT NULL`]),
    ...fresh.map((part) => `${alter} ADD CONSTRAINT ${name(part.name)} ${definition(part)}`),
    ...comments.map((part) => partCommentSql(after, part, part.properties.comment)),
  ]
}

/** The type of an attribute cannot be changed while a column has the type, but the attribute can be dropped. */
function alterType(before: CatalogueObject, after: CatalogueObject): readonly Altered[] {
  const alter = `ALTER TYPE ${titleOf(after)}`
  const same = (a: Part, b: Part | undefined) => b !== undefined && attributeSql(a) === attributeSql(b)
  const named = (object: CatalogueObject, part: Part) => object.parts.find((one) => one.name === part.name)
  const gone = before.parts.filter((part) => !same(part, named(after, part)))
  const fresh = after.parts.filter((part) => !same(part, named(before, part)))
  const comments = after.parts.filter(
    (part) => part.properties.comment !== (fresh.includes(part) ? undefined : named(before, part)?.properties.comment),
  )
  return [
    ...gone.map((part) => ({
      sql: `${alter} DROP ATTRIBUTE ${name(part.name)} CASCADE`,
      loses: `the attribute ${part.name} and its values`,
    })),
    ...fresh.map((part) => ({ sql: `${alter} ADD ATTRIBUTE ${attributeSql(part)} CASCADE` })),
    ...comments.map((part) => ({ sql: partCommentSql(after, part, part.properties.comment) })),
  ]
}

function alterSequence(before: CatalogueObject, after: CatalogueObject): readonly string[] {
  const alter = `ALTER SEQUENCE ${titleOf(after)}`
  const [from, to] = [before.properties, after.properties]
  const type = from.type === to.type ? [] : [`AS ${to.type ?? 'bigint'}`]
  const logged = to.persistence === undefined ? 'LOGGED' : 'UNLOGGED'
  const persistence = from.persistence === to.persistence ? [] : [`${alter} SET ${logged}`]
  if (type.length === 0 && from.options === to.options) return persistence
  const [[least, most], [lowest, highest]] = [boundsOf(from), boundsOf(to)]
  const clauses = [alter, ...type, ...sequenceClauses(to.options ?? '')].join(' ')
  // no number that it can be at will do
  if (most < lowest || least > highest) return [...persistence, `${clauses} RESTART`]
  // where it is out of the new bounds, it goes on at the next one
  const isNarrower = lowest > least || highest < most
  const moved = `SELECT pg_catalog.setval(${literal(titleOf(after))}, least(greatest(last_value, ${lowest}), ${highest}), is_called) FROM ${titleOf(after)}`
  return [...persistence, ...(isNarrower ? [moved] : []), clauses]
}

const largest: Readonly<Record<string, bigint>> = { smallint: 32767n, integer: 2147483647n }

function boundsOf({ type = 'bigint', options = '' }: CatalogueObject['properties']): readonly [bigint, bigint] {
  const most = largest[type] ?? 9223372036854775807n
  const number = (word: string) => {
    const [, found] = new RegExp(`${word} (-?\\d+)`).exec(options) ?? []
    return found === undefined ? undefined : BigInt(found)
  }
  const isDown = (number('INCREMENT BY') ?? 1n) < 0n
  return [number('MINVALUE') ?? (isDown ? -most - 1n : 1n), number('MAXVALUE') ?? (isDown ? -1n : most)]
}

function alterExtension(before: CatalogueObject, after: CatalogueObject): readonly string[] {
  const alter = `ALTER EXTENSION ${titleOf(after)}`
  const [from, to] = [before.properties, after.properties]
  return [
    ...(from.schema === to.schema
      ? []
      : [`${alter} SET SCHEMA ${to.schema === undefined ? 'current_schema' : name(to.schema)}`]),
    ...(from.version === to.version ? [] : [`${alter} UPDATE TO ${literal(to.version!)}`]),
  ]
}

/** A view is replaced where its columns stay; what else it has is set for it. */
function alterView(before: CatalogueObject, after: CatalogueObject, objects: Objects): readonly string[] {
  const [from, to] = [before.properties, after.properties]
  const title = titleOf(after)
  const isReplaced = from.definition !== to.definition
  const columns = columnsOf(after).flatMap((column) => {
    const there = columnsOf(before).find(({ name }) => name === column.name)?.properties
    const { default: value, comment } = column.properties
    return [
      ...(there?.default === value
        ? []
        : [
            `ALTER VIEW ${title} ALTER COLUMN ${name(column.name)} ${value === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${value}`}`,
          ]),
      ...(there?.comment === comment ? [] : [partCommentSql(after, column, comment)]),
    ]
  })
  const [create] = createSql(after, objects)
  return [
    ...(isReplaced
      ? [create!.replace(/^CREATE VIEW/, 'CREATE OR REPLACE VIEW')]
      : optionsSql(`ALTER VIEW ${title}`, from.options, to.options)),
    ...columns,
  ]
}
