import { type Alteration, alterationOf } from '../ddl/actions.ts'
import { type DdlEffect, follow } from '../ddl/read-ddl.ts'
import { effectOf } from '../ddl/statement.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import { dialects } from '../dialects/dialects.ts'
import type { Operation } from '../schema/operation.ts'
import { inStoredNames, storedTable } from '../schema/stored-names.ts'
import { emptySchema, findTable, type Schema, type Table, type TableName, tableKey } from '../schema/table.ts'
import type { IgnoreDirective } from '../text/directives.ts'
import type { Lexis } from '../text/lexis.ts'
import type { Splitter, Statement } from '../text/split.ts'
import { ConstraintStates } from './constraint-states.ts'
import { Novelty } from './novelty.ts'
import { reading } from './reading.ts'
import type { FileFacts, Step } from './rule.ts'
import { withObject } from './stored-objects.ts'

/** A file as it is read, its statements with what was there before each of them. */
export interface ReadFile {
  readonly steps: readonly IgnorableStep[]
  /** What the head overrules. */
  readonly ignores: readonly IgnoreDirective[]
}

export interface IgnorableStep extends Step {
  readonly ignores: readonly IgnoreDirective[]
}

/** Rows need not be kept: of what writes them only the beginning is. */
const keptOfRows = 20_000

/** Goes along the chain with the schema that it makes. */
export class Walk {
  private readonly dialect: DialectName
  private schema: Schema = emptySchema
  private novelty = new Novelty()
  private constraints = new ConstraintStates()
  private objects: Step['objects'] = new Map()
  /** Names of tables that were dropped. */
  private vacant: ReadonlySet<string> = new Set()

  constructor(dialect: DialectName) {
    this.dialect = dialect
  }

  /** From here on, what there is has landed. */
  land(): void {
    this.novelty = new Novelty()
  }

  /** @throws SqlmigError where the file cannot be read to its end */
  read(splitter: Splitter): ReadFile {
    const steps: IgnorableStep[] = []
    const file = { transactional: true, steps, end: this.schema }
    this.constraints = this.constraints.landed()
    for (const statement of splitter) {
      if (statement.ordinal === 1) file.transactional = this.isTransactional(splitter)
      steps.push(this.step(statement, splitter.lexis, file))
      file.end = this.schema
    }
    return { steps, ignores: splitter.fileIgnores }
  }

  private isTransactional({ fileDirectives }: Splitter): boolean {
    return dialects[this.dialect].rollsBackDdl && !fileDirectives.some(({ name }) => name === 'no-transaction')
  }

  private step(statement: Statement, lexis: Lexis, file: FileFacts): IgnorableStep {
    const { dialect, schema: before, novelty, constraints, objects, vacant } = this
    const { words, place, directives } = statement
    const text = isAboutRows(words) ? statement.text.slice(0, keptOfRows) : statement.text
    const setting = { dialect, lexis }
    const effect = effectOf(statement.text, setting)
    const operations = effect.kind === 'operations' ? this.stored(effect.operations) : []
    const made = effect.kind === 'operations' ? undefined : madeTable(words, effect)
    const alteration = words[0] === 'alter' ? alterationOf(text, setting) : undefined
    const altered = alteration && storedTable(before, alteration.table, { dialect })
    const step: IgnorableStep = {
      dialect,
      lexis,
      text,
      words,
      place,
      operations,
      unknown: isConversion(alteration) ? undefined : unfollowed(words, effect, made),
      actions: alteration?.actions ?? [],
      altered,
      before,
      batch: directives.some(({ name }) => name === 'batch'),
      guarded: directives.some(({ name }) => name === 'when'),
      constraints: constraints.all,
      objects,
      file,
      ignores: directives.filter((d): d is IgnoreDirective => d.name === 'ignore'),
      table: (name) => lookUp(before, name, dialect),
      isNew: (name) => novelty.hasTable(storedTable(before, name, { dialect })),
      isVacant: (name) => vacant.has(tableKey(name)) && lookUp(before, name, dialect) === undefined,
      isNewColumn: (name, column) => novelty.hasColumn(storedTable(before, name, { dialect }), column),
      isNewIndex: (name) => novelty.hasIndex(name),
    }
    this.schema = follow(before, effect, { dialect })
    this.novelty = novelty.after(operations, before, made ?? unseenTable(step))
    this.constraints = constraints.after(step)
    this.objects = withObject(objects, step)
    this.vacant = vacated(vacant, operations)
    return step
  }

  /** Each operation with names as the schema has them when it is its turn. */
  private stored(operations: readonly Operation[]): readonly Operation[] {
    const target = { dialect: this.dialect }
    return operations.map((operation) => inStoredNames(operation, this.schema, target))
  }
}

function lookUp(schema: Schema, name: TableName, dialect: DialectName): Table | undefined {
  return findTable(schema, storedTable(schema, name, { dialect }))
}

function vacated(names: ReadonlySet<string>, operations: readonly Operation[]): ReadonlySet<string> {
  const left = operations.flatMap((o) => (o.kind === 'dropTable' ? [tableKey(o.table)] : []))
  return left.length === 0 ? names : new Set([...names, ...left])
}

function isAboutRows([first = '']: readonly string[]): boolean {
  return ['insert', 'replace', 'copy', 'values'].includes(first)
}

/** What CASCADE takes along has a rule of its own. */
function isObjectWithRule(word: string | undefined): boolean {
  return word === 'type' || word === 'domain' || word === 'schema' || word === 'extension'
}

/** The columns may become wider, which has a rule of its own. */
function isConversion(alteration: Alteration | undefined): boolean {
  return alteration?.actions.some(({ words }) => words[0] === 'CONVERT') ?? false
}

/** Why nobody can tell what a statement does; what a setting leads names to is no matter of the statement. */
function unfollowed(
  [first, second]: readonly string[],
  effect: DdlEffect,
  made: TableName | undefined,
): string | undefined {
  if (first === 'call') return 'it runs a procedure'
  if (first === 'drop' && isObjectWithRule(second)) return undefined
  if (first === 'do' && effect.kind === 'unknown') return 'it runs code that changes the schema'
  return effect.kind === 'unknown' && !made && first !== 'set' ? effect.reason : undefined
}

/** A table that is made from a query or another table, so that its columns are not known. */
function madeTable(words: readonly string[], effect: DdlEffect): TableName | undefined {
  if (effect.kind !== 'unknown' || effect.tables === 'all') return undefined
  const makes = words[0] === 'select' || words[0] === 'with' || (words[0] === 'create' && words.includes('table'))
  return makes ? effect.tables[0] : undefined
}

/** Temporary tables and materialized views are not in the schema, but as new as a table that the file makes. */
function unseenTable(step: Step): TableName | undefined {
  const [first, ...rest] = step.words
  const isUnseen = rest.slice(0, 3).some((word) => ['temp', 'temporary', 'materialized'].includes(word))
  if (first !== 'create' || !isUnseen) return undefined
  return reading(step, (reader) => {
    while (!reader.atEnd && !reader.takeOne('TABLE', 'VIEW')) reader.next()
    reader.take('IF', 'NOT', 'EXISTS')
    return reader.table()
  })
}
