import type { Call } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { statementsIn } from '../statements.ts'
import { runStatement } from './run-statement.ts'

/** `executescript(…)`: several statements in one text. */
export function runScript({ vm, at }: Call, recorder: Recorder, script: string): void {
  for (const { text } of statementsIn([script], recorder.target.dialect))
    runStatement(vm, recorder, { kind: 'text', sql: text, raw: true }, at)
}
