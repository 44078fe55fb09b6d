import type { CatalogueObject, Part, Properties } from './model.ts'
import { name, titleOf } from './postgres-names.ts'
import { chosenSql, indexSql, isNotValid, partCommentSql } from './postgres-sql.ts'

/** A column as CREATE TABLE and ADD COLUMN take it. */
export function columnSql({ name: title, properties }: Part, isDefaultLater = false): string {
  const { type, collation, default: value, identity, generated, 'not null': notNull } = properties
  const options = properties['foreign options']
  const words = [
    name(title),
    type!,
    ...(options === undefined ? [] : [`OPTIONS (${options})`]),
    ...(properties.compression === undefined ? [] : [`COMPRESSION ${properties.compression}`]),
    ...(collation === undefined ? [] : [`COLLATE ${collation}`]),
    ...(value === undefined || isDefaultLater ? [] : [`DEFAULT ${value}`]),
    ...(identity === undefined ? [] : [`GENERATED ${identitySql(identity)}`]),
    ...(generated === undefined
      ? []
      : [`GENERATED ALWAYS AS (${expression(generated)}) ${isStored(generated) ? 'STORED' : 'VIRTUAL'}`]),
    ...(notNull === undefined ? [] : [notNullSql(notNull)]),
  ]
  return words.join(' ')
}

export const isStored = (generated: string): boolean => generated.endsWith(' stored')
const expression = (generated: string) => generated.replace(/ (stored|virtual)$/, '')

/** `ALWAYS AS IDENTITY (START WITH 5)`. */
export function identitySql(identity: string): string {
  const [, when, options = ''] = /^(ALWAYS|BY DEFAULT)( \(.*\))?$/.exec(identity)!
  return `${when} AS IDENTITY${options}`
}

/** `yes`, from version 18 on `yes as NAME no inherit not valid`. */
export function notNullSql(property: string): string {
  const [, title, more] = /^yes(?: as ("(?:[^"]|"")*"|\S+))?(.*)$/.exec(property)!
  if (title === undefined && more === '') return 'NOT NULL'
  return `${title === undefined ? '' : `CONSTRAINT ${title} `}NOT NULL${more!.toUpperCase()}`
}

/** The name that a NOT NULL has, where it is not the one by default. */
export function notNullName(property: string): string | undefined {
  return / as ("(?:[^"]|"")*"|\S+)/.exec(property)?.[1]
}

/** A key, a check or a foreign key as CREATE TABLE and ADD take it. */
export function constraintSql({ name: title, properties: { definition, options } }: Part): string {
  const stored = options === undefined ? definition! : withOptions(definition!, options)
  return `CONSTRAINT ${name(title)} ${stored}`
}

/** The storage parameters of a key's index come after its columns, before when it is checked. */
function withOptions(definition: string, options: string): string {
  return /\bWITH \(/.test(definition)
    ? definition
    : definition.replace(
        /^((?:PRIMARY KEY|UNIQUE(?: NULLS NOT DISTINCT)?) \([^)]*\)(?: INCLUDE \([^)]*\))?)/,
        `$1 WITH (${options})`,
      )
}

export const isConstraint = ({ kind }: Part): boolean => kind !== 'column' && kind !== 'index'

/** Can be said in CREATE TABLE: what is not valid would be made valid there. */
const fitsInside = (part: Part) => isConstraint(part) && !isNotValid(part.properties)

/** The statements that make a table, without what is made later, and without its place in another table. */
export function tableSql(table: CatalogueObject, later: ReadonlySet<Part> = new Set()): readonly string[] {
  const title = titleOf(table)
  const { properties, parts } = table
  const columns = parts.filter(({ kind, properties }) => kind === 'column' && properties.inherited === undefined)
  const constraints = parts.filter((part) => fitsInside(part) && !later.has(part))
  const lines = [
    ...(properties['of type'] === undefined ? columns.map((column) => columnSql(column, later.has(column))) : []),
    ...constraints.map(constraintSql),
  ]
  const kind =
    table.kind === 'foreign table' ? 'FOREIGN TABLE' : `${properties.persistence === undefined ? '' : 'UNLOGGED '}TABLE`
  const body = lines.length === 0 ? '()' : `(\n${lines.map((line) => `  ${line}`).join(',\n')}\n)`
  const of = properties['of type'] === undefined ? '' : ` OF ${properties['of type']}`
  const shown = of !== '' && lines.length === 0 ? '' : ` ${body}`
  return [
    `CREATE ${kind} ${title}${of}${shown}${tail(properties)}`,
    ...parts
      .filter((part) => isConstraint(part) && !fitsInside(part) && !later.has(part))
      .map((part) => addSql(table, part)),
    ...parts.filter((part) => part.kind === 'index' && !later.has(part)).flatMap((part) => indexSql(table, part)),
    ...constraints.flatMap((part) => chosenSql(table, part)),
    ...aspectsSql(table),
    ...columnAspects(table),
    ...parts
      .filter((part) => part.properties.comment !== undefined && (part.kind === 'column' || !later.has(part)))
      .map((part) => partCommentSql(table, part, part.properties.comment)),
  ]
}

function tail(properties: Properties): string {
  const { inherits, options, server } = properties
  const foreign = properties['foreign options']
  return [
    ...(inherits === undefined ? [] : [` INHERITS (${inherits})`]),
    ...(properties['partitioned by'] === undefined ? [] : [` PARTITION BY ${properties['partitioned by']}`]),
    ...(properties['access method'] === undefined ? [] : [` USING ${name(properties['access method'])}`]),
    ...(options === undefined ? [] : [` WITH (${options})`]),
    ...(server === undefined ? [] : [` SERVER ${server}`]),
    ...(foreign === undefined ? [] : [` OPTIONS (${foreign})`]),
  ].join('')
}

/** What ALTER TABLE alone can say of a table. */
function aspectsSql(table: CatalogueObject): readonly string[] {
  const { 'row security': security, 'replica identity': identity } = table.properties
  return [
    ...securitySql(table, undefined, security),
    ...(identity === undefined ? [] : [`ALTER TABLE ${titleOf(table)} REPLICA IDENTITY ${identity.toUpperCase()}`]),
  ]
}

export function securitySql(
  table: CatalogueObject,
  before: string | undefined,
  after: string | undefined,
): readonly string[] {
  const has = (text: string | undefined, word: string) => (text ?? '').includes(word)
  const change = (word: string, on: string, off: string) =>
    has(before, word) === has(after, word)
      ? []
      : [`ALTER TABLE ${titleOf(table)} ${has(after, word) ? on : off} ROW LEVEL SECURITY`]
  return [...change('enabled', 'ENABLE', 'DISABLE'), ...change('forced', 'FORCE', 'NO FORCE')]
}

/** What a new table's columns can only be told by ALTER TABLE; of inherited ones all that differs from the parent's. */
function columnAspects(table: CatalogueObject): readonly string[] {
  const clauses = table.parts
    .filter(({ kind }) => kind === 'column')
    .flatMap((part) => {
      const { storage, statistics, options, inherited } = part.properties
      const of = `ALTER COLUMN ${name(part.name)}`
      return [
        ...(inherited !== undefined && part.properties.default !== undefined
          ? [`${of} SET DEFAULT ${part.properties.default}`]
          : []),
        ...(inherited !== undefined && part.properties['not null'] !== undefined ? [`${of} SET NOT NULL`] : []),
        ...(storage === undefined ? [] : [`${of} SET STORAGE ${storage.toUpperCase()}`]),
        ...(statistics === undefined ? [] : [`${of} SET STATISTICS ${statistics}`]),
        ...(options === undefined ? [] : [`${of} SET (${options})`]),
      ]
    })
  const word = table.kind === 'foreign table' ? 'FOREIGN TABLE' : 'TABLE ONLY'
  return clauses.length === 0 ? [] : [`ALTER ${word} ${titleOf(table)} ${clauses.join(', ')}`]
}

/** The statements that add a part to a table which is there. */
export function addPartSql(table: CatalogueObject, part: Part): readonly string[] {
  const comment = part.properties.comment === undefined ? [] : [partCommentSql(table, part, part.properties.comment)]
  if (part.kind === 'index') return [...indexSql(table, part), ...comment]
  if (part.kind === 'column')
    return [`ALTER TABLE ${titleOf(table)} ALTER COLUMN ${name(part.name)} SET DEFAULT ${part.properties.default}`]
  return [addSql(table, part), ...chosenSql(table, part), ...comment]
}

function addSql(table: CatalogueObject, part: Part): string {
  return `ALTER TABLE ${titleOf(table)} ADD ${constraintSql(part)}`
}

/** A partition's table and the bounds in it: `m FOR VALUES FROM (1) TO (2)`. */
export function placeOf(properties: Properties): { readonly parent: string; readonly bounds: string } | undefined {
  const [, parent, bounds] = /^([\s\S]*?) (FOR VALUES [\s\S]*|DEFAULT)$/.exec(properties['partition of'] ?? '') ?? []
  return parent === undefined ? undefined : { parent, bounds: bounds! }
}

/** Makes a table that is whole a partition. */
export function attachSql(table: CatalogueObject): readonly string[] {
  const place = placeOf(table.properties)
  return place ? [`ALTER TABLE ${place.parent} ATTACH PARTITION ${titleOf(table)} ${place.bounds}`] : []
}
