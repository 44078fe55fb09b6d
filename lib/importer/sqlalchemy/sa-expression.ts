import { HostObject } from '../../python/host.ts'
import type { Expression } from '../../schema/expression.ts'
import type { TypeSpec } from '../../schema/type-spec.ts'

/** A piece of SQL that a script builds: `sa.text(…)`, `sa.func.now()`, `t.c.x == 1`. */
export class SaExpression extends HostObject {
  readonly expression: Expression
  /** The type that SQLAlchemy knows for it; decides how the literals beside it are written. */
  readonly type: TypeSpec | undefined

  constructor(expression: Expression, type?: TypeSpec, label = 'an SQL expression') {
    super(label)
    this.expression = expression
    this.type = type
  }
}
