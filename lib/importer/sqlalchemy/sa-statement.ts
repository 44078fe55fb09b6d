import { HostObject } from '../../python/host.ts'
import type { Parameters, Select } from '../../schema/expression.ts'
import type { Operation } from '../../schema/operation.ts'

/** What `execute` is handed. */
export type StatementData =
  | { readonly kind: 'select'; readonly select: Select }
  /** `sa.text(…)`, with the parameters that were bound to it; `raw` for a plain string that went to the driver. */
  | {
      readonly kind: 'text'
      readonly sql: string
      readonly raw?: boolean
      readonly parameters?: Parameters
    }
  /** `sa.update(…)`, `CreateTable(t)`, `DDL(…)` and the like. */
  | { readonly kind: 'operation'; readonly operation: Operation }

/** A statement that a script builds and has not run yet: `t.update().values(…)`. */
export class SaStatement extends HostObject {
  readonly #data: StatementData

  constructor(data: StatementData) {
    super('a statement')
    this.#data = data
  }

  get data(): StatementData {
    return this.#data
  }
}
