import { type CatalogueObject, keyOf, type Part, type Properties } from './model.ts'
import { grantSql } from './postgres-grant.ts'
import { literal, name, named, titleOf } from './postgres-names.ts'

/** The objects of a catalogue by their keys, for those that are named by what they are on. */
export type Objects = ReadonlyMap<string, CatalogueObject>

export const objectsOf = (objects: readonly CatalogueObject[]): Objects =>
  new Map(objects.map((object) => [keyOf(object), object]))

/** The relation that a trigger, a policy or a rule is on, as it stands in SQL. */
export function tableOf(object: CatalogueObject, objects: Objects): string | undefined {
  const table = object.table === undefined ? undefined : objects.get(object.table)
  return table && titleOf(table)
}

/** The statements that make an object which is no table. */
export function createSql(object: CatalogueObject, objects: Objects): readonly string[] {
  const { properties } = object
  return [
    ...makeSql(object, objects),
    ...enabledSql(object, undefined, objects),
    ...commentSql(object, objects, properties.comment),
  ]
}

function makeSql(object: CatalogueObject, objects: Objects): readonly string[] {
  const { kind, properties, parts } = object
  const title = titleOf(object)
  const { definition, options } = properties
  const storage = options === undefined ? '' : ` WITH (${options})`
  switch (kind) {
    case 'schema':
      return [`CREATE SCHEMA ${title}`]
    case 'extension':
      return [
        `CREATE EXTENSION ${title}${properties.schema === undefined ? '' : ` WITH SCHEMA ${name(properties.schema)}`}`,
      ]
    case 'collation':
      return [`CREATE COLLATION ${title} (${definition})`]
    case 'enum':
      return [`CREATE TYPE ${title} AS ENUM (${parts.map((value) => `\n  ${literal(value.name)}`).join(',')}\n)`]
    case 'domain':
      return [...domainSql(object), ...partComments(object)]
    case 'type':
      return [typeSql(object), ...partComments(object)]
    case 'sequence':
      return [sequenceSql(object)]
    case 'view':
      return [`CREATE VIEW ${title}${storage} AS\n${definition}`, ...viewDefaults(object), ...partComments(object)]
    case 'materialized view': {
      const access = properties['access method'] === undefined ? '' : ` USING ${name(properties['access method'])}`
      const indexes = parts.filter((part) => part.kind === 'index').flatMap((part) => indexSql(object, part))
      return [
        `CREATE MATERIALIZED VIEW ${title}${access}${storage} AS\n${definition}`,
        ...indexes,
        ...partComments(object),
      ]
    }
    case 'policy':
      return [policySql(object, tableOf(object, objects)!)]
    case 'event trigger':
      return [`CREATE EVENT TRIGGER ${title} ${definition}`]
    case 'publication':
      return [publicationSql(object)]
    case 'operator':
      return [`CREATE OPERATOR ${title.slice(0, title.indexOf('('))} (${definition})`]
    case 'statistics': {
      const { target } = properties
      return [definition!, ...(target === undefined ? [] : [`ALTER STATISTICS ${title} SET STATISTICS ${target}`])]
    }
    case 'grant':
      return grantSql(object)
    case 'other':
      return otherSql(object)
    default:
      return [definition!]
  }
}

function otherSql({ name: title, properties: { definition, mappings } }: CatalogueObject): readonly string[] {
  const lines = mappings === undefined ? [] : mappings.split('\n').map((line) => `ALTER ${title} ${line}`)
  return [`CREATE ${title} ${definition}`.trimEnd(), ...lines]
}

function domainSql(object: CatalogueObject): readonly string[] {
  const { type, collation, default: value, 'not null': notNull } = object.properties
  const clauses = [
    `CREATE DOMAIN ${titleOf(object)} AS ${type}`,
    ...(collation === undefined ? [] : [` COLLATE ${collation}`]),
    ...(value === undefined ? [] : [` DEFAULT ${value}`]),
    ...(notNull === undefined ? [] : [' NOT NULL']),
    ...object.parts
      .filter(({ properties }) => !isNotValid(properties))
      .map((check) => `\n  CONSTRAINT ${name(check.name)} ${check.properties.definition}`),
  ]
  const later = object.parts.filter(({ properties }) => isNotValid(properties))
  const add = (check: Part) =>
    `ALTER DOMAIN ${titleOf(object)} ADD CONSTRAINT ${name(check.name)} ${check.properties.definition}`
  return [clauses.join(''), ...later.map(add)]
}

function typeSql(object: CatalogueObject): string {
  const { definition } = object.properties
  const columns = object.parts.map((part) => `\n  ${attributeSql(part)}`).join(',')
  return `CREATE TYPE ${titleOf(object)} AS ${definition === 'composite' ? `(${columns}\n)` : definition}`
}

export function attributeSql({ name: title, properties: { type, collation } }: Part): string {
  return `${name(title)} ${type}${collation === undefined ? '' : ` COLLATE ${collation}`}`
}

function sequenceSql(object: CatalogueObject): string {
  const { type, options, persistence } = object.properties
  const words = [
    `CREATE ${persistence === undefined ? '' : 'UNLOGGED '}SEQUENCE ${titleOf(object)}`,
    ...(type === undefined ? [] : [`AS ${type}`]),
    ...(options === undefined ? [] : [options]),
  ]
  return words.join(' ')
}

/** The column that owns a sequence; it is made after it, so the sequence is told later. */
export function ownedSql(object: CatalogueObject): readonly string[] {
  const owner = object.properties['owned by']
  return owner === undefined ? [] : [`ALTER SEQUENCE ${titleOf(object)} OWNED BY ${owner}`]
}

function policySql(object: CatalogueObject, table: string): string {
  const { command, restrictive, roles, using, 'with check': check } = object.properties
  const lines = [
    `CREATE POLICY ${name(object.name)} ON ${table}`,
    ...(restrictive === undefined ? [] : ['AS RESTRICTIVE']),
    ...(command === undefined ? [] : [`FOR ${command}`]),
    ...(roles === undefined ? [] : [`TO ${roles}`]),
    ...(using === undefined ? [] : [`USING (${using})`]),
    ...(check === undefined ? [] : [`WITH CHECK (${check})`]),
  ]
  return lines.join('\n  ')
}

function publicationSql(object: CatalogueObject): string {
  const { tables, publishes, 'via root': root } = object.properties
  const options = [
    ...(publishes === undefined ? [] : [`publish = ${literal(publishes)}`]),
    ...(root === undefined ? [] : ['publish_via_partition_root = true']),
  ]
  const of = tables === undefined ? '' : ` FOR ${tables}`
  return `CREATE PUBLICATION ${titleOf(object)}${of}${options.length === 0 ? '' : ` WITH (${options.join(', ')})`}`
}

function viewDefaults(object: CatalogueObject): readonly string[] {
  return object.parts
    .filter(({ properties }) => properties.default !== undefined)
    .map(
      (part) => `ALTER VIEW ${titleOf(object)} ALTER COLUMN ${name(part.name)} SET DEFAULT ${part.properties.default}`,
    )
}

const states: Readonly<Record<string, string>> = {
  no: 'DISABLE',
  'on replicas': 'ENABLE REPLICA',
  always: 'ENABLE ALWAYS',
}

/** When a trigger or a rule is enabled, where that is not as before. */
export function enabledSql(object: CatalogueObject, before: string | undefined, objects: Objects): readonly string[] {
  const { enabled } = object.properties
  if (enabled === before) return []
  const state = enabled === undefined ? 'ENABLE' : states[enabled]!
  if (object.kind === 'event trigger')
    return [`ALTER EVENT TRIGGER ${titleOf(object)} ${state.replace(/^(ENABLE) (.*)$/, '$1 $2')}`]
  return [`ALTER TABLE ${tableOf(object, objects)} ${state} ${object.kind.toUpperCase()} ${name(object.name)}`]
}

const text = (comment: string | undefined) => (comment === undefined ? 'NULL' : literal(comment))

/** Sets the comment of an object; nothing where it has none and `isSet` is not asked for. */
export function commentSql(
  object: CatalogueObject,
  objects: Objects,
  comment: string | undefined,
  isSet = false,
): readonly string[] {
  if (comment === undefined && !isSet) return []
  return [`COMMENT ON ${named(object, tableOf(object, objects))} IS ${text(comment)}`]
}

/** The comments of a new object's parts. */
export function partComments(object: CatalogueObject): readonly string[] {
  return object.parts
    .filter(({ properties }) => properties.comment !== undefined)
    .map((part) => partCommentSql(object, part, part.properties.comment))
}

export function partCommentSql(object: CatalogueObject, part: Part, comment: string | undefined): string {
  const title = titleOf(object)
  if (part.kind === 'column') return `COMMENT ON COLUMN ${title}.${name(part.name)} IS ${text(comment)}`
  if (part.kind === 'index') return `COMMENT ON INDEX ${beside(object, part.name)} IS ${text(comment)}`
  const on = object.kind === 'domain' ? `DOMAIN ${title}` : title
  return `COMMENT ON CONSTRAINT ${name(part.name)} ON ${on} IS ${text(comment)}`
}

/** The name of what is in the schema of a table. */
export function beside({ schema }: Pick<CatalogueObject, 'schema'>, title: string): string {
  return `${schema === undefined ? '' : `${name(schema)}.`}${name(title)}`
}

export function isNotValid({ definition }: Properties): boolean {
  return / NOT VALID$/.test(definition ?? '')
}

/** CREATE INDEX, and what can only be said after. */
export function indexSql(table: CatalogueObject, part: Part): readonly string[] {
  const [, unique = '', rest] = /^(UNIQUE )?([\s\S]*)$/.exec(part.properties.definition!)!
  const statistics = part.properties.statistics?.split(', ') ?? []
  return [
    `CREATE ${unique}INDEX ${name(part.name)} ON ${titleOf(table)} ${rest}`,
    ...statistics.map(
      (one) => `ALTER INDEX ${beside(table, part.name)} ALTER COLUMN ${one.replace(' ', ' SET STATISTICS ')}`,
    ),
    ...chosenSql(table, part),
  ]
}

/** The index that a table is clustered by, or that tells its rows apart for replication. */
export function chosenSql(table: CatalogueObject, { name: title, properties }: Part): readonly string[] {
  return [
    ...(properties.clustered === undefined ? [] : [`ALTER TABLE ${titleOf(table)} CLUSTER ON ${name(title)}`]),
    ...(properties['replica identity'] === undefined
      ? []
      : [`ALTER TABLE ${titleOf(table)} REPLICA IDENTITY USING INDEX ${name(title)}`]),
  ]
}
