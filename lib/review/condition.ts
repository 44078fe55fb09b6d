import type { Check, Constraint } from '../schema/table.ts'

/** The condition of a CHECK as it is written. */
export function checkText({ expression }: Check): string {
  return expression.kind === 'sql' ? expression.text : '…'
}

/** Rows that are there already are not looked at. */
export function isNotValid(constraint: Constraint): boolean {
  return 'options' in constraint && constraint.options?.postgresql_not_valid === true
}
