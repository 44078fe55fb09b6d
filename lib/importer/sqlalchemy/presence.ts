import { not } from '../../python/predicates.ts'
import type { Truth } from '../../python/values.ts'
import { Unknown } from '../../python/values.ts'
import type { DbFact } from '../facts.ts'
import type { Call } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'

type Where = Pick<Call, 'vm' | 'at'>

/** Whether something is there, as `checkfirst` asks. */
export function isThere({ vm, at }: Where, recorder: Recorder, fact: DbFact): Truth {
  return vm.truth(recorder.ask(vm, fact, at), at)
}

export function isAbsent(where: Where, recorder: Recorder, fact: DbFact): Truth {
  const truth = isThere(where, recorder, fact)
  if (truth instanceof Unknown) return truth
  return typeof truth === 'boolean' ? !truth : not(truth)
}

/** Does something under a condition; what it does is an effect, it gives nothing. */
export function under({ vm, at }: Where, truth: Truth, run: () => void): void {
  const nothing = { type: 'normal', value: null } as const
  vm.branchOn(
    truth,
    at,
    () => {
      run()
      return nothing
    },
    () => nothing,
  )
}

export function whereAbsent(where: Where, recorder: Recorder, facts: readonly DbFact[], run: () => void): void {
  const [fact, ...more] = facts
  if (!fact) run()
  else under(where, isAbsent(where, recorder, fact), () => whereAbsent(where, recorder, more, run))
}

export function wherePresent(where: Where, recorder: Recorder, fact: DbFact, run: () => void): void {
  under(where, isThere(where, recorder, fact), run)
}
