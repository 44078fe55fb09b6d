import type { DialectName } from '../dialects/dialect-name.ts'
import type { Span } from '../python/ast.ts'
import type { Effect, Interpreter } from '../python/interpreter.ts'
import type { Fact, Unknown } from '../python/values.ts'
import type { Operation } from '../schema/operation.ts'
import type { Schema, TableName } from '../schema/table.ts'
import type { Target } from '../schema/target.ts'
import type { DbFact } from './facts.ts'

/** An application's type as SQL, by dialect. */
export type GivenType = { readonly [D in DialectName]?: string }

/** All that was known of the database at one moment; only `ask` looks into it. */
export type Moment = object

/** The one junction where every effect of a script on the database arrives, for one script on one dialect. */
export interface Recorder {
  readonly target: Target
  /** The simulated schema as it stands before the next effect. */
  readonly schema: Schema
  /** What `--types` says of the application's types, by `module.Type`. */
  readonly types?: ReadonlyMap<string, GivenType>

  /** An effect: `effect` and `emit` in one. */
  perform(vm: Interpreter, operation: Operation, at?: Span): void
  /** Takes note that an effect is reached, to be emitted later (the steps of a batch). */
  effect(vm: Interpreter, at?: Span): Effect
  /** Compiles an operation that stands for these effects, keeps its SQL under their predicate, and applies it to the schema. */
  emit(vm: Interpreter, effects: readonly [Effect, ...Effect[]], operation: Operation): void
  /** An effect that cannot be converted. `tables`: what it may have changed in more than rows; without: anything. */
  todo(vm: Interpreter, reason: string, at?: Span, tables?: readonly TableName[]): void
  /** As `todo`, for an effect that was taken note of. */
  emitTodo(
    vm: Interpreter,
    effects: readonly [Effect, ...Effect[]],
    reason: string,
    tables?: readonly TableName[],
  ): void
  /** What the script learns by looking: settled by the simulated schema where that knows, else a Fact to branch on. `assumed`: what it is in the shape that is assumed. */
  ask(vm: Interpreter, fact: DbFact, at?: Span, then?: Moment, assumed?: boolean): boolean | Fact | Unknown
  /** The migration stops here where the rows of this SELECT are there. False where that cannot be said. */
  refuse?(vm: Interpreter, fact: Extract<DbFact, { kind: 'rows' }>, at: Span): boolean
  /** What is known now, for questions that come later about what a script reads now. */
  moment?(): Moment
  /** What follows relies on this: the next statement expects it, so that the migration stops where it is not so. */
  assume?(vm: Interpreter, fact: DbFact, exists: boolean): void
  /** What the conversion took for granted, and a person has to know: a comment in the head of the file. */
  note?(text: string): void
  /** The migration cannot run inside a transaction (`autocommit_block`, AUTOCOMMIT). */
  leaveTransaction(at: Span): void
}
