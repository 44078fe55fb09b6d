import type { Row } from '../drivers/driver.ts'
import type { CatalogueObject, Properties } from './model.ts'
import { literal, name, outsideStrings, unquoted, withoutDatabase } from './mysql-lexing.ts'

/** What is so by default where a catalogue is read, and is left out of it. */
export interface Context {
  readonly database: string
  /** `user@host`. */
  readonly user: string
  /** The server's sql_mode. */
  readonly modes: string
  readonly zone: string
}

type Stored = Omit<CatalogueObject, 'schema'>
const ours = (object: Stored): CatalogueObject => ({ ...object, schema: undefined })

const definerPattern = /^(`(?:[^`]|``)*`|'[^']*'|"[^"]*")@(`[^`]*`|'[^']*'|"[^"]*")/

/** The definer where it is not the session's own user: whoever applies a dump becomes the definer of what is their own. */
function definer(user: string, context: Context): Properties {
  if (user === context.user) return {}
  const at = user.lastIndexOf('@')
  return { definer: at < 0 ? name(user) : `${name(user.slice(0, at))}@${name(user.slice(at + 1))}` }
}

/** Where the mode in which a body was written is not the server's. IGNORE_SPACE is a flag of clients. */
function modes(stored: string, context: Context): Properties {
  const list = (text: string) => text.split(',').filter((mode) => mode !== '' && mode !== 'IGNORE_SPACE')
  const own = list(stored).join(',')
  return own === list(context.modes).join(',') ? {} : { 'sql mode': own }
}

const viewPattern =
  /^CREATE (?:ALGORITHM=(\w+) )?DEFINER=((?:`(?:[^`]|``)*`)(?:@`[^`]*`)?) SQL SECURITY (\w+) VIEW (?:`(?:[^`]|``)*`\.)?`(?:[^`]|``)*` (?:(\(.*?\)) )?AS /

export function viewFrom(title: string, sql: string, context: Context, others: ReadonlySet<string>): CatalogueObject {
  const head = viewPattern.exec(sql)!
  const [, algorithm = 'UNDEFINED', owner = '', security, columns] = head
  const definition = withoutDatabase(sql.slice(head[0].length), context.database)
  return ours({
    kind: 'view',
    name: title,
    table: undefined,
    properties: {
      definition,
      ...(columns !== undefined && { columns }),
      ...(algorithm !== 'UNDEFINED' && { algorithm: algorithm.toLowerCase() }),
      ...(security === 'INVOKER' && { security: 'invoker' }),
      ...definer(owner.split('@').map(unquoted).join('@'), context),
    },
    parts: [],
    needs: neededBy(definition, others).filter((key) => key !== `view ${title}`),
  })
}

/** MariaDB keeps no record of what a view uses; the server's own rendering has it always after FROM, JOIN or before `(`. */
function neededBy(definition: string, others: ReadonlySet<string>): readonly string[] {
  const needs = new Set<string>()
  const add = (keys: readonly string[]) => {
    for (const key of keys) if (others.has(key)) needs.add(key)
  }
  outsideStrings(definition, (code) => {
    for (const [, found] of code.matchAll(/\b(?:from|join)[\s(]+(`(?:[^`]|``)*`)(?!\.)/gi))
      add(['table', 'view', 'sequence'].map((kind) => `${kind} ${unquoted(found!)}`))
    for (const [, found] of code.matchAll(/(`(?:[^`]|``)*`)\(/g)) add([`function ${unquoted(found!)}`])
    for (const [, found] of code.matchAll(/\b(?:nextval|lastval)\((`(?:[^`]|``)*`)/g))
      add([`sequence ${unquoted(found!)}`])
    return code
  })
  return [...needs].sort()
}

/** A routine as the server shows it, but for its definer. Neither server lets two have one name. */
export function routineFrom(kind: string, title: string, sql: string, mode: string, context: Context): CatalogueObject {
  const [, , shown = '', rest = ''] = /^CREATE (OR REPLACE )?DEFINER=(\S+@\S+|`[^`]*`) ([\s\S]*)$/.exec(sql) ?? []
  const owner = definerPattern.exec(shown)
  const user = owner ? `${unquoted(owner[1]!)}@${unquoted(owner[2]!)}` : unquoted(shown)
  return ours({
    kind: kind === 'FUNCTION' ? 'function' : kind === 'PROCEDURE' ? 'procedure' : 'other',
    name: kind.startsWith('PACKAGE') ? `${kind.toLowerCase()} ${title}` : title,
    table: undefined,
    properties: { definition: rest, ...definer(user, context), ...modes(mode, context) },
    parts: [],
    needs: kind === 'PACKAGE BODY' ? [`other package ${title}`] : [],
  })
}

/** Triggers of one moment run in an order, which each says by the one before it. */
export function triggersFrom(rows: readonly Row[], context: Context): readonly CatalogueObject[] {
  return rows.map((row, index) => {
    const before = rows[index - 1]
    const isNext =
      before?.table === row.table && before?.timing === row.timing && before?.event === row.event ? before : undefined
    const table = `table ${row.table}`
    return ours({
      kind: 'trigger',
      name: String(row.name),
      table,
      properties: {
        definition: `${row.timing} ${row.event}`,
        ...(isNext && { follows: String(isNext.name) }),
        body: String(row.body),
        ...definer(String(row.definer), context),
        ...modes(String(row.modes), context),
      },
      parts: [],
      needs: [table, ...(isNext ? [`trigger ${isNext.name} on ${table}`] : [])],
    })
  })
}

/** STARTS is left out where it is the moment of creation: that is what an event without one gets. */
export function eventsFrom(rows: readonly Row[], context: Context): readonly CatalogueObject[] {
  return rows.map((row) => {
    const starts = row.starts === null || Number(row.at_once) === 1 ? '' : ` STARTS ${literal(String(row.starts))}`
    const ends = row.ends === null ? '' : ` ENDS ${literal(String(row.ends))}`
    return ours({
      kind: 'event',
      name: String(row.name),
      table: undefined,
      properties: {
        schedule: row.at === null ? `EVERY ${every(row)}${starts}${ends}` : `AT ${literal(String(row.at))}`,
        ...(row.completion === 'PRESERVE' && { 'on completion': 'preserve' }),
        ...(row.status !== 'ENABLED' && { status: row.status === 'DISABLED' ? 'disabled' : 'disabled on replicas' }),
        ...(row.comment !== '' && { comment: String(row.comment) }),
        body: String(row.body),
        ...(row.zone !== context.zone && { 'time zone': String(row.zone) }),
        ...definer(String(row.definer), context),
        ...modes(String(row.modes), context),
      },
      parts: [],
      needs: [],
    })
  })
}

function every({ value, unit }: Row): string {
  const number = String(value)
  return `${/^\d+$/.test(number) ? number : number.startsWith("'") ? number : literal(number)} ${unit}`
}
