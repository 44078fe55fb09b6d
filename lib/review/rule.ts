import type { Action } from '../ddl/actions.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import type { Place } from '../errors.ts'
import type { Operation } from '../schema/operation.ts'
import type { Schema, Table, TableName } from '../schema/table.ts'
import type { Lexis } from '../text/lexis.ts'

/** Errors fail or lose data, warnings hurt those who use the database meanwhile, notes are worth knowing. */
export type Severity = 'error' | 'warning' | 'note'

/** A statement where it stands: what it does, and what was there before it. */
export interface Step {
  readonly dialect: DialectName
  readonly lexis: Lexis
  readonly text: string
  /** Its first words in lower case. */
  readonly words: readonly string[]
  readonly place: Place
  /** What it does to the schema, names as the schema has them. */
  readonly operations: readonly Operation[]
  /** Why that is not known in full. */
  readonly unknown: string | undefined
  /** The items of an ALTER TABLE. */
  readonly actions: readonly Action[]
  /** The table of that ALTER TABLE. */
  readonly altered: TableName | undefined
  readonly before: Schema
  /** Run in key ranges. */
  readonly batch: boolean
  /** Run only where some facts hold. */
  readonly guarded: boolean
  /** `NOT VALID` constraints that were validated since, and those that were not, by their names. */
  readonly constraints: ReadonlyMap<string, ConstraintState>
  /** The views and triggers there are before it, by their names in lower case. */
  readonly objects: ReadonlyMap<string, StoredObject>
  readonly file: FileFacts
  /** The table as it is before this statement; undefined where the chain does not know it. */
  table(name: TableName): Table | undefined
  /** No file that has landed made it: nobody reads or fills it yet. */
  isNew(name: TableName): boolean
  /** A table of this name was dropped before: who takes it finishes a rebuild. */
  isVacant(name: TableName): boolean
  isNewColumn(table: TableName, column: string): boolean
  isNewIndex(name: string): boolean
}

/** A view or a trigger, as far as its text tells. */
export interface StoredObject {
  readonly kind: 'view' | 'trigger'
  readonly name: string
  /** The table of a trigger. */
  readonly on: string | undefined
  /** Whatever may be a name in it, in lower case. */
  readonly names: ReadonlySet<string>
}

/** A constraint that was added as NOT VALID. */
export interface ConstraintState {
  readonly table: TableName
  /** The condition of a CHECK. */
  readonly check: string | undefined
  readonly validated: boolean
  /** It was added by the file at hand. */
  readonly own: boolean
}

/** What all statements of a file share. */
export interface FileFacts {
  /** All of it runs in one transaction. */
  readonly transactional: boolean
  readonly steps: readonly Step[]
  /** The schema that the file leaves. */
  readonly end: Schema
}

/** What a rule says of a statement. */
export interface Found {
  /** In one sentence. */
  readonly why: string
  /** As SQL. */
  readonly safe: string
  /** Where it is not the severity of the rule. */
  readonly severity?: Severity
  /** The table whose size says how much it matters. */
  readonly table?: TableName
}

/** What a rule says of itself. */
export interface RuleFacts {
  /** Stable, since files name it. */
  readonly name: string
  /** What it looks for, in a line. */
  readonly about: string
  readonly dialects: readonly DialectName[]
  readonly severity: Severity
}

export interface Rule extends RuleFacts {
  readonly find: (step: Step) => readonly Found[]
}
