import { plainName } from '../schema/table.ts'
import { checkText, isNotValid } from './condition.ts'
import type { ConstraintState, Step } from './rule.ts'

type States = ReadonlyMap<string, ConstraintState>

/** Constraints that were added as NOT VALID, and what became of them. */
export class ConstraintStates {
  readonly all: States

  constructor(all: States = new Map()) {
    this.all = all
  }

  /** Those of the file before are nobody's own any more. */
  landed(): ConstraintStates {
    if (![...this.all.values()].some(({ own }) => own)) return this
    return new ConstraintStates(new Map(Array.from(this.all, ([name, state]) => [name, { ...state, own: false }])))
  }

  after(step: Pick<Step, 'operations' | 'actions'>): ConstraintStates {
    const added = step.operations.flatMap(addedState)
    const validated = step.actions.flatMap(validatedName).filter((name) => this.all.has(name))
    if (added.length === 0 && validated.length === 0) return this
    const all = new Map([...this.all, ...added])
    for (const name of validated) all.set(name, { ...all.get(name)!, validated: true })
    return new ConstraintStates(all)
  }
}

function addedState(operation: Step['operations'][number]): readonly (readonly [string, ConstraintState])[] {
  if (operation.kind !== 'addConstraint') return []
  const { constraint, table } = operation
  const name = plainName(constraint.name)
  if (name === undefined || !isNotValid(constraint)) return []
  const check = constraint.kind === 'check' ? checkText(constraint) : undefined
  return [[name, { table, check, validated: false, own: true }]]
}

function validatedName({ words: [first, second], names }: Step['actions'][number]): readonly string[] {
  return first === 'VALIDATE' && second === 'CONSTRAINT' && names[2] !== undefined ? [names[2]] : []
}
