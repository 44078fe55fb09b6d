import type { CatalogueObject, Part, PartKind, Properties } from './model.ts'
import {
  blanked,
  closing,
  listItems,
  name,
  outsideStrings,
  said,
  uncovered,
  unquoted,
  withoutDatabase,
  words,
} from './mysql-lexing.ts'

/** The collations of columns by `table.column`, and those of tables by their names, with the character set first. */
export type Collations = ReadonlyMap<string, readonly [charset: string, collation: string]>

/** Reads a table from the text of SHOW CREATE TABLE: what that has not is not part of a table. */
export function tableFrom(created: string, database: string, collations: Collations): CatalogueObject {
  const text = withoutDatabase(uncovered(created), database)
  const open = text.indexOf('(', /^CREATE TABLE (`(?:[^`]|``)*`)/.exec(text)![0].length)
  const close = closing(text, open)
  const items = listItems(text.slice(open + 1, close))
  const [options, partitions] = optionsAndPartitions(text.slice(close + 1))
  const periods = items.filter((item) => item.startsWith('PERIOD FOR ')).map((item) => item.slice('PERIOD FOR '.length))
  const title = unquoted(words(text)[2]!)
  const columns = items
    .filter((item) => item.startsWith('`'))
    .map(column)
    .map((part) => withCollation(part, title, collations))
  const others = items.filter((item) => !/^(`|PERIOD FOR )/.test(item)).map(keyOrCheck)
  return {
    kind: 'table',
    schema: undefined,
    name: title,
    table: undefined,
    properties: {
      ...options,
      ...named(collations.get(title)),
      ...(periods.length > 0 && { period: periods.join(', ') }),
      ...(partitions !== undefined && { 'partition by': partitions }),
    },
    parts: [...columns, ...others.toSorted(byKindAndName)],
    needs: needsOf(others, text),
  }
}

function named(collation: readonly [string, string] | undefined): Properties {
  return collation === undefined ? {} : { charset: collation[0], collation: collation[1] }
}

/** SHOW CREATE TABLE tells, too, whether somebody once wrote what is so anyhow; here it is what differs from the table. */
function withCollation(part: Part, table: string, collations: Collations): Part {
  const { type, charset: _charset, collation: _collation, ...rest } = part.properties
  const own = collations.get(`${table}.${part.name}`)
  const differs = own !== undefined && own[1] !== collations.get(table)?.[1]
  return { ...part, properties: { type: type!, ...(differs && named(own)), ...rest } }
}

const kindOrder: readonly PartKind[] = ['primary key', 'unique', 'check', 'index', 'foreign key']

function byKindAndName(a: Part, b: Part): number {
  return kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) || (a.name < b.name ? -1 : 1)
}

/** Tables that foreign keys refer to, and MariaDB's sequences in defaults. */
function needsOf(parts: readonly Part[], text: string): readonly string[] {
  const tables = parts.flatMap(({ kind, properties }) => {
    const target = kind === 'foreign key' ? /REFERENCES (`(?:[^`]|``)*`) \(/.exec(properties.definition!) : null
    return target ? [`table ${unquoted(target[1]!)}`] : []
  })
  const sequences: string[] = []
  outsideStrings(text, (code) => {
    for (const [, found] of code.matchAll(/\b(?:nextval|lastval)\((`(?:[^`]|``)*`)\)/g))
      sequences.push(`sequence ${unquoted(found!)}`)
    return code
  })
  return [...new Set([...tables, ...sequences])].sort()
}

/** Properties in the server's own order, which is the order in which it takes them. */
export function column(item: string): Part {
  const [first, type, ...rest] = words(item)
  const properties: Record<string, string> = { type: type! }
  const tail = [...rest]
  const take = (count = 1) => tail.splice(0, count).join(' ')
  while (tail.length > 0) {
    const word = take()
    const next = tail[0]?.toUpperCase()
    if (/^(unsigned|zerofill|precision|varying)$/i.test(word)) properties.type += ` ${word}`
    else if (word === 'CHARACTER') properties.charset = take(2).slice('SET '.length)
    else if (word === 'COLLATE') properties.collation = take()
    else if (word === 'NOT' && next === 'NULL') properties['not null'] = take() && 'yes'
    else if (word === 'NULL') continue
    else if (word === 'DEFAULT') properties.default = take()
    else if (word === 'ON' && next === 'UPDATE') properties['on update'] = take(2).slice('UPDATE '.length)
    else if (word === 'AUTO_INCREMENT') properties.auto_increment = 'yes'
    else if (word === 'GENERATED') properties.generated = generated(take, tail)
    else if (word === 'COMMENT') properties.comment = said(take())
    else if (word === 'CHECK') properties.check = take()
    else if (word === 'INVISIBLE') properties.visibility = 'invisible'
    else if (word === 'SRID' || word === 'REF_SYSTEM_ID') properties[word.toLowerCase()] = take()
    else if (word === 'WITHOUT') properties['system versioning'] = take(2) && 'without'
    else properties.attributes = properties.attributes === undefined ? word : `${properties.attributes} ${word}`
  }
  withoutDefault(properties)
  return { kind: 'column', name: unquoted(first!), properties }
}

/** `DEFAULT NULL` is what a column has by itself; a column that may be NULL and has no default at all is the rare thing. */
function withoutDefault(properties: Record<string, string>): void {
  const { type, default: value } = properties
  const isNull = value === 'NULL'
  if (isNull) delete properties.default
  const needsNone =
    properties['not null'] !== undefined ||
    properties.generated !== undefined ||
    properties.auto_increment !== undefined
  if (value === undefined && !needsNone && !/text|blob|json|geom|point|line|polygon/i.test(type!)) {
    properties['no default'] = 'yes'
  }
}

/** Of `ALWAYS AS (expression) STORED` or `ALWAYS AS ROW START` what follows AS. */
function generated(take: (count?: number) => string, tail: readonly string[]): string {
  take(2)
  return take(tail[0] === 'ROW' || /^(VIRTUAL|STORED|PERSISTENT)$/.test(tail[1] ?? '') ? 2 : 1)
}

function keyOrCheck(item: string): Part {
  const constraint = /^CONSTRAINT (`(?:[^`]|``)*`) (FOREIGN KEY|CHECK) /.exec(item)
  if (constraint) {
    const definition = item.slice(constraint[0].length)
    const notEnforced = / NOT ENFORCED$/.exec(definition)
    return {
      kind: constraint[2] === 'CHECK' ? 'check' : 'foreign key',
      name: unquoted(constraint[1]!),
      properties: {
        definition: notEnforced ? definition.slice(0, notEnforced.index) : definition,
        ...(notEnforced && { validity: 'not enforced' }),
      },
    }
  }
  return index(item)
}

function index(item: string): Part {
  const [, type = '', title = ''] =
    /^(PRIMARY |UNIQUE |FULLTEXT |SPATIAL |VECTOR )?KEY (`(?:[^`]|``)*` )?/.exec(item) ?? []
  const kind: PartKind = type === 'PRIMARY ' ? 'primary key' : type === 'UNIQUE ' ? 'unique' : 'index'
  const special = kind === 'index' ? type : ''
  const rest = item.slice(item.indexOf('(', type.length + 'KEY '.length + title.length))
  const all = words(rest)
  const properties: Record<string, string> = { definition: special }
  let definition: string[] = []
  for (let at = 0; at < all.length; at++) {
    if (all[at] === 'COMMENT') properties.comment = said(all[++at]!)
    else if (all[at] === 'INVISIBLE' || all[at] === 'IGNORED') properties.visibility = all[at]!.toLowerCase()
    else definition = [...definition, all[at]!]
  }
  properties.definition = `${special}${definition.join(' ')}`
  return { kind, name: title === '' ? 'PRIMARY' : unquoted(title.trim()), properties }
}

/** `ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 … PARTITION BY …`; the counter of AUTO_INCREMENT is data. */
function optionsAndPartitions(tail: string): readonly [Record<string, string>, string | undefined] {
  const at = /\s*\bPARTITION BY /.exec(blanked(tail))
  const partitions = at ? tail.slice(at.index + at[0].length).trim() : undefined
  const options: Record<string, string> = {}
  const text = (at ? tail.slice(0, at.index) : tail).trim()
  for (const word of words(text.replaceAll('DEFAULT CHARSET', 'CHARSET'))) {
    const equals = word.indexOf('=')
    if (equals < 0) {
      options['system versioning'] = 'yes'
      continue
    }
    const option = word.slice(0, equals)
    const value = word.slice(equals + 1)
    if (option === 'AUTO_INCREMENT') continue
    options[optionName(option)] = option === 'COMMENT' ? said(value) : value
  }
  return [options, partitions]
}

function optionName(option: string): string {
  if (option === 'COLLATE') return 'collation'
  return /^[A-Z_]+$/.test(option) ? option.toLowerCase() : name(unquoted(option))
}
