import { dialects } from '../../dialects/dialects.ts'
import { SqlmigError } from '../../errors.ts'
import { Splitter } from '../../text/split.ts'
import type { Call } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { unreadable } from '../unreadable.ts'
import { runStatement } from './run-statement.ts'

/** `executescript(…)`: several statements in one text. */
export function runScript({ vm, at }: Call, recorder: Recorder, text: string): void {
  for (const sql of statementsIn(text, recorder)) runStatement(vm, recorder, { kind: 'text', sql, raw: true }, at)
}

function statementsIn(text: string, { target }: Recorder): readonly string[] {
  try {
    return Array.from(new Splitter([text], dialects[target.dialect].lexis()), (statement) => statement.text)
  } catch (error) {
    if (error instanceof SqlmigError) return unreadable(`a script cannot be read: ${error.message}`)
    throw error
  }
}
