import type { DialectName } from '../dialects/dialect-name.ts'
import { SqlmigError } from '../errors.ts'
import type { Operation } from '../schema/operation.ts'
import { inStoredNames } from '../schema/stored-names.ts'
import { emptySchema, findTable, type Schema, type TableName, tableKey } from '../schema/table.ts'
import type { StatementDirective } from '../text/directives.ts'
import type { Splitter, Statement } from '../text/split.ts'
import type { DdlEffect } from './effect.ts'
import { verdictOf } from './guard-verdict.ts'
import { follow } from './read-ddl.ts'
import { Renames } from './renames.ts'
import { effectOf } from './statement.ts'

/** What cannot be told of the schema from the files alone. */
export interface Doubt {
  readonly line: number
  readonly reason: string
  /** Whatever comes after it is in doubt as well, of all tables. */
  readonly lasting: boolean
}

/** A statement that changes something other than tables, columns, keys, indexes and rows. */
export interface OtherChange {
  readonly line: number
  /** `CREATE VIEW open_lead AS`: its first line. */
  readonly beginning: string
}

/** What one file of a chain makes of the schema before it. */
export interface TrailStep {
  readonly before: Schema
  readonly after: Schema
  readonly renames: Renames
  readonly doubts: readonly Doubt[]
  readonly others: readonly OtherChange[]
  /** How many statements of each kind: `CREATE TABLE`, `UPDATE`, … */
  readonly kinds: ReadonlyMap<string, number>
}

/** Why nothing is known of a table that a file changes and none has made. */
export const unmade = 'no file of the chain makes it'

/** Goes along a chain, file by file, with the schema that it makes of an empty database. */
export class SchemaTrail {
  private readonly dialect: DialectName
  private schema: Schema = emptySchema

  constructor(dialect: DialectName) {
    this.dialect = dialect
  }

  read(splitter: Splitter): TrailStep {
    const reading = new FileReading(this.dialect, this.schema)
    try {
      for (const statement of splitter) reading.add(statement, splitter.lexis)
    } catch (error) {
      if (!(error instanceof SqlmigError)) throw error
      reading.doubt(error.at?.line ?? 1, `nothing after this is understood: ${error.message}`, true)
    }
    const { schema: after, renames, doubts, others, kinds } = reading
    const before = this.schema
    this.schema = after
    return { before, after, renames, doubts, others, kinds }
  }
}

class FileReading {
  schema: Schema
  readonly renames = new Renames()
  readonly doubts: Doubt[] = []
  readonly others: OtherChange[] = []
  readonly kinds = new Map<string, number>()
  private readonly dialect: DialectName
  private guard: { readonly holds: boolean | undefined; readonly text: string } = { holds: true, text: '' }

  constructor(dialect: DialectName, schema: Schema) {
    this.dialect = dialect
    this.schema = schema
  }

  doubt(line: number, reason: string, lasting = false): void {
    this.doubts.push({ line, reason, lasting })
  }

  add(statement: Statement, lexis: Splitter['lexis']): void {
    const kind = kindOf(statement.words)
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1)
    const effect = effectOf(statement.text, { dialect: this.dialect, lexis })
    const when = statement.directives.find((d): d is When => d.name === 'when')
    if (when) this.guard = this.guarded(when)
    const { holds, text } = when ? this.guard : { holds: true, text: '' }
    if (effect.kind === 'none') this.other(statement)
    else if (holds) this.follow(effect, statement.place.line)
    else if (holds === undefined) this.follow(inDoubt(effect, `it depends on "when ${text}"`), statement.place.line)
    else if (when) this.leftOut(when, text, statement.place.line)
  }

  private guarded({ facts, above, text }: When): FileReading['guard'] {
    const own = verdictOf(facts, this.schema, this.dialect)
    if (!above) return { holds: own, text }
    const { guard } = this
    const holds = guard.holds === false || own === false ? false : guard.holds && own
    return { holds, text: text.replace(/^above/i, guard.text) }
  }

  /** Where something has to be absent that the chain has made, leaving the statement out comes to the same. */
  private leftOut({ facts, above }: When, text: string, line: number): void {
    const isMissing = facts.some((fact) => fact.exists && !verdictOf([fact], this.schema, this.dialect))
    if (above || isMissing) this.doubt(line, `not drawn, since the chain alone does not make it so: when ${text}`)
  }

  private follow(effect: DdlEffect, line: number): void {
    const target = { dialect: this.dialect }
    if (effect.kind === 'unknown') {
      const about = effect.tables === 'all' ? '' : `${effect.tables.map(tableKey).join(', ')}: `
      this.doubt(line, about + effect.reason, effect.tables === 'all')
      this.schema = follow(this.schema, effect, target)
    }
    if (effect.kind !== 'operations') return
    for (const given of effect.operations) {
      const operation = inStoredNames(given, this.schema, target)
      this.unmade(operation, line)
      this.renames.follow(operation, target)
      this.schema = follow(this.schema, { kind: 'operations', operations: [operation] }, target)
    }
  }

  /** A table that is changed and that nothing in the chain has made. */
  private unmade(operation: Operation, line: number): void {
    if (operation.kind === 'createTable' || !('table' in operation) || !operation.table) return
    const { name, schema } = operation.table
    const table: TableName = { name, ...(schema !== undefined && { schema }) }
    if (findTable(this.schema, table) || ('ifExists' in operation && operation.ifExists)) return
    this.doubt(line, `${tableKey(table)}: ${unmade}`)
    if (operation.kind === 'dropTable') return
    this.schema = follow(this.schema, { kind: 'unknown', tables: [table], reason: unmade }, { dialect: this.dialect })
  }

  private other({ words, text, place }: Statement): void {
    const [verb = ''] = words
    if (!['create', 'alter', 'drop'].includes(verb)) return
    const [line = ''] = text.split('\n', 1)
    this.others.push({ line: place.line, beginning: line.trim().replace(/\s+/g, ' ') })
  }
}

type When = Extract<StatementDirective, { readonly name: 'when' }>

/** The tables that it is about are not known from then on. */
function inDoubt(effect: DdlEffect, reason: string): DdlEffect {
  if (effect.kind !== 'operations') return effect
  const tables = effect.operations.flatMap((o): TableName[] => ('table' in o && o.table ? [o.table] : []))
  return tables.length === 0 ? effect : { kind: 'unknown', tables, reason }
}

/** Words between the verb and what it is about. */
const between = new Set(
  'or replace unique fulltext spatial temp temporary global local unlogged materialized recursive concurrently force algorithm definer'.split(
    ' ',
  ),
)

function kindOf([verb = '', ...rest]: readonly string[]): string {
  const isAboutObject = ['create', 'alter', 'drop', 'comment', 'rename'].includes(verb)
  const object = isAboutObject ? rest.find((word) => !between.has(word)) : undefined
  return [verb, ...(object === undefined ? [] : [object])].join(' ').toUpperCase() || 'other'
}
