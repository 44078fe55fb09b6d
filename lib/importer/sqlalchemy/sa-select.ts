import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import type { CompoundSelect, PlainSelect, SelectColumn } from '../../schema/expression.ts'
import { settledSelect } from '../../schema/froms.ts'
import type { TypeSpec } from '../../schema/type-spec.ts'
import { SaExpression } from './sa-expression.ts'
import { SaStatement, type StatementData } from './sa-statement.ts'
import { selectAttribute } from './select-methods.ts'

/** A column of a SELECT, and what it is called from outside. */
export interface Shown extends SelectColumn {
  readonly key?: string
  readonly type?: TypeSpec
}

/** `sa.select(…)`, `sa.union(…)`: a SELECT whose FROM is made when it is complete. */
export class SaSelect extends SaStatement {
  readonly draft: PlainSelect | CompoundSelect
  readonly shown: readonly Shown[]

  constructor(draft: PlainSelect | CompoundSelect, shown: readonly Shown[]) {
    super({ kind: 'select', select: draft })
    this.draft = draft
    this.shown = shown
  }

  override get data(): StatementData {
    return { kind: 'select', select: settledSelect(this.draft) }
  }

  /** The SELECT as a value: `.scalar_subquery()`. */
  scalar(): SaExpression {
    return new SaExpression({ kind: 'subquery', select: this.draft }, this.shown[0]?.type)
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    return selectAttribute(this, name, vm, at)
  }

  override truth(): boolean {
    return true
  }
}

export function plainDraft(shown: readonly Shown[], more: Partial<PlainSelect> = {}): PlainSelect {
  return { columns: shown.map(columnOf), from: [], ...more }
}

export function columnOf({ expression, label }: Shown): SelectColumn {
  return { expression, ...(label !== undefined && { label }) }
}
