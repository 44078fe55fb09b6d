import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Unknown, Value } from '../../python/values.ts'
import type { Expression } from '../../schema/expression.ts'
import type { TypeSpec } from '../../schema/type-spec.ts'

/** What Python's operators and attributes make of an expression. It makes expressions itself, and so is handed in. */
export interface ExpressionBehaviour {
  get(of: SaExpression, name: string, vm: Interpreter, at: Span): Value | undefined
  binary(
    of: SaExpression,
    operator: string,
    other: Value,
    reflected: boolean,
    vm: Interpreter,
    at: Span,
  ): Value | undefined
  unary(of: SaExpression, operator: string, vm: Interpreter, at: Span): Value | undefined
  index(of: SaExpression, key: Value, vm: Interpreter, at: Span): Value | undefined
}

let behaviour: ExpressionBehaviour | undefined

export function setBehaviour(given: ExpressionBehaviour): void {
  behaviour = given
}

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

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    return behaviour?.get(this, name, vm, at)
  }

  override binary(operator: string, other: Value, reflected: boolean, vm: Interpreter, at: Span): Value | undefined {
    return behaviour?.binary(this, operator, other, reflected, vm, at)
  }

  override unary(operator: string, vm: Interpreter, at: Span): Value | undefined {
    return behaviour?.unary(this, operator, vm, at)
  }

  override index(key: Value, vm: Interpreter, at: Span): Value | undefined {
    return behaviour?.index(this, key, vm, at)
  }

  /** SQLAlchemy lets only `==` and `!=` be asked, and answers whether both sides are the same object. */
  override truth(_vm: Interpreter, _at: Span): boolean | Unknown | undefined {
    return undefined
  }
}

/** `x.label('y')` */
export class SaLabel extends SaExpression {
  readonly name: string

  constructor(of: SaExpression, name: string) {
    super(of.expression, of.type)
    this.name = name
  }
}
