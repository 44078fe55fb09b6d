import type { CatalogueObject, Part, Properties } from './model.ts'
import { literal, name } from './mysql-lexing.ts'

/** How a property of a column is written; undefined values are written elsewhere. In the order of the property's own text. */
const columnClauses: Readonly<Record<string, (value: string) => string>> = {
  type: (value) => value,
  charset: (value) => `CHARACTER SET ${value}`,
  collation: (value) => `COLLATE ${value}`,
  'not null': () => 'NOT NULL',
  default: (value) => `DEFAULT ${value}`,
  'on update': (value) => `ON UPDATE ${value}`,
  auto_increment: () => 'AUTO_INCREMENT',
  generated: (value) => `GENERATED ALWAYS AS ${value}`,
  comment: (value) => `COMMENT ${literal(value)}`,
  check: (value) => `CHECK ${value}`,
  visibility: () => 'INVISIBLE',
  srid: (value) => `SRID ${value}`,
  ref_system_id: (value) => `REF_SYSTEM_ID=${value}`,
  'system versioning': () => 'WITHOUT SYSTEM VERSIONING',
  attributes: (value) => value,
  'no default': () => '',
}

/** A column as CREATE TABLE and ALTER TABLE take it. */
export function columnSql({ name: title, properties }: Part): string {
  const clauses = Object.entries(properties).map(([property, value]) => columnClauses[property]!(value))
  // Where explicit_defaults_for_timestamp is off, a timestamp is NOT NULL unless it says otherwise.
  if (properties.type!.startsWith('timestamp') && !properties['not null'] && !properties.generated)
    clauses.splice(1, 0, 'NULL')
  return [name(title), ...clauses.filter((clause) => clause !== '')].join(' ')
}

/** A key, an index, a check or a foreign key as CREATE TABLE and ALTER TABLE … ADD take it. */
export function constraintSql({ kind, name: title, properties }: Part): string {
  const { definition, comment, visibility, validity } = properties
  const more = [
    comment === undefined ? '' : ` COMMENT ${literal(comment)}`,
    visibility === undefined ? '' : ` ${visibility.toUpperCase()}`,
    validity === undefined ? '' : ` ${validity.toUpperCase()}`,
  ].join('')
  switch (kind) {
    case 'primary key':
      return `PRIMARY KEY ${definition}${more}`
    case 'unique':
      return `UNIQUE KEY ${name(title)} ${definition}${more}`
    case 'check':
      return `CONSTRAINT ${name(title)} CHECK ${definition}${more}`
    case 'foreign key':
      return `CONSTRAINT ${name(title)} FOREIGN KEY ${definition}`
    default: {
      const [, special = '', columns] = /^(FULLTEXT |SPATIAL |VECTOR )?([\s\S]*)$/.exec(definition!)!
      return `${special}KEY ${name(title)} ${columns}${more}`
    }
  }
}

/** `ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=…`. */
export function optionsSql(properties: Properties): string {
  return Object.entries(properties)
    .filter(([option]) => option !== 'partition by' && option !== 'period')
    .map(([option, value]) => optionSql(option, value))
    .join(' ')
}

export function optionSql(option: string, value: string): string {
  if (option === 'system versioning') return 'WITH SYSTEM VERSIONING'
  if (option === 'charset') return `DEFAULT CHARSET=${value}`
  if (option === 'collation') return `COLLATE=${value}`
  if (option === 'comment') return `COMMENT=${literal(value)}`
  return `${option.startsWith('`') ? option : option.toUpperCase()}=${value}`
}

/** CREATE TABLE over several lines, without the foreign keys in `later`. */
export function tableSql(table: CatalogueObject, later: ReadonlySet<Part> = new Set()): string {
  const { period, 'partition by': partitions } = table.properties
  const columns = table.parts.filter(({ kind }) => kind === 'column').map(columnSql)
  const others = table.parts.filter((part) => part.kind !== 'column' && !later.has(part)).map(constraintSql)
  const lines = [...columns, ...(period === undefined ? [] : [`PERIOD FOR ${period}`]), ...others]
  const tail = [optionsSql(table.properties), ...(partitions === undefined ? [] : [`PARTITION BY ${partitions}`])]
  return `CREATE TABLE ${name(table.name)} (\n${lines.map((line) => `  ${line}`).join(',\n')}\n) ${tail.join('\n')}`
}

/** Columns that may be NULL but have no default at all: only ALTER TABLE makes them. */
export function withoutDefaults(table: CatalogueObject): readonly string[] {
  const clauses = table.parts
    .filter(({ properties }) => properties['no default'] !== undefined)
    .map((part) => `ALTER COLUMN ${name(part.name)} DROP DEFAULT`)
  return clauses.length === 0 ? [] : [`ALTER TABLE ${name(table.name)} ${clauses.join(', ')}`]
}

const definer = ({ definer }: Properties) => (definer === undefined ? '' : `DEFINER=${definer} `)

/** The statements that make what is not a table; settings that its body was written under around it. */
export function codeSql(object: CatalogueObject): readonly string[] {
  const { 'sql mode': modes, 'time zone': zone } = object.properties
  const before = [
    ...(modes === undefined ? [] : [`SET sql_mode = ${literal(modes)}`]),
    ...(zone === undefined ? [] : [`SET time_zone = ${literal(zone)}`]),
  ]
  const after = [
    ...(modes === undefined ? [] : ['SET sql_mode = DEFAULT']),
    ...(zone === undefined ? [] : ['SET time_zone = DEFAULT']),
  ]
  return [...before, createSql(object), ...after]
}

function createSql(object: CatalogueObject): string {
  const { kind, properties } = object
  const title = name(object.name)
  switch (kind) {
    case 'view':
      return viewSql('CREATE', object)
    case 'sequence':
      return `CREATE SEQUENCE ${title} ${properties.definition}`
    case 'trigger': {
      const table = name(object.table!.slice('table '.length))
      const follows = properties.follows === undefined ? '' : ` FOLLOWS ${name(properties.follows)}`
      return `CREATE ${definer(properties)}TRIGGER ${title} ${properties.definition} ON ${table} FOR EACH ROW${follows}\n${properties.body}`
    }
    case 'event':
      return eventSql(object)
    case 'grant':
      return `GRANT ${properties.privileges} ON ${properties.on} TO ${properties.grantee}${properties['grant option'] ? ' WITH GRANT OPTION' : ''}`
    default:
      return `CREATE ${definer(properties)}${properties.definition}`
  }
}

export function viewSql(create: string, { name: title, properties }: CatalogueObject): string {
  const { algorithm, security, columns, definition } = properties
  const words = [
    create,
    ...(algorithm === undefined ? [] : [`ALGORITHM=${algorithm.toUpperCase()}`]),
    ...(properties.definer === undefined ? [] : [`DEFINER=${properties.definer}`]),
    ...(security === undefined ? [] : ['SQL SECURITY INVOKER']),
    `VIEW ${name(title)}`,
    ...(columns === undefined ? [] : [columns]),
  ]
  return `${words.join(' ')} AS\n${definition}`
}

function eventSql({ name: title, properties }: CatalogueObject): string {
  const { schedule, status, comment, body } = properties
  const lines = [
    `CREATE ${definer(properties)}EVENT ${name(title)}`,
    `ON SCHEDULE ${schedule}`,
    ...(properties['on completion'] === undefined ? [] : ['ON COMPLETION PRESERVE']),
    ...(status === undefined ? [] : [status === 'disabled' ? 'DISABLE' : 'DISABLE ON SLAVE']),
    ...(comment === undefined ? [] : [`COMMENT ${literal(comment)}`]),
    `DO ${body}`,
  ]
  return lines.join('\n')
}
