import type { Value } from '../../python/values.ts'
import type { Operation } from '../../schema/operation.ts'
import { Arguments } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { unreadable } from '../unreadable.ts'
import type { SaSequence } from './sa-items.ts'

export function sequenceOperation({ sequence, options, valueType }: SaSequence): Operation {
  return { kind: 'createSequence', sequence, options, ...(valueType && { type: valueType }) }
}

/** Without sequences SQLAlchemy does nothing; an optional one is left to SERIAL. */
export function hasSequence({ optional }: SaSequence, { target }: Recorder): boolean {
  return target.dialect === 'postgres' && !optional
}

/** Whether there is such a sequence is only known of those that the history made. */
function isMade({ sequence }: SaSequence, { schema }: Recorder): boolean {
  return Object.values(schema.sequences).some((s) => s.name === sequence.name && s.schema === sequence.schema)
}

function checks(call: Call): boolean {
  return new Arguments(call, 'bind', 'checkfirst').bool('checkfirst') ?? true
}

export function createSequence(sequence: SaSequence, call: Call, recorder: Recorder): Value {
  if (!hasSequence(sequence, recorder) || (checks(call) && isMade(sequence, recorder))) return null
  const operation = sequenceOperation(sequence)
  recorder.perform(call.vm, checks(call) ? ({ ...operation, ifNotExists: true } as Operation) : operation, call.at)
  return null
}

export function dropSequence(sequence: SaSequence, call: Call, recorder: Recorder): Value {
  if (!hasSequence(sequence, recorder)) return null
  if (sequence.sequence.name === '') return unreadable('a sequence without a name')
  recorder.perform(call.vm, { kind: 'dropSequence', sequence: sequence.sequence, ifExists: checks(call) }, call.at)
  return null
}
