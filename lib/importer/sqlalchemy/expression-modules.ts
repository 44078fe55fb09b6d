import { HostObject } from '../../python/host.ts'
import type { Value } from '../../python/values.ts'
import { textOf } from '../arguments.ts'
import { hostFunction } from '../host-function.ts'
import type { ModuleParts } from '../modules.ts'
import { expressionFrom, literalFrom } from './read-expression.ts'
import { SaExpression } from './sa-expression.ts'

class Func extends HostObject {
  constructor(name: string) {
    super(name)
  }
  override get(name: string): Value {
    return new Func(this.label === 'func' ? name : `${this.label}.${name}`)
  }
  override call(args: readonly Value[], _k: never, vm: never): Value {
    return new SaExpression({ kind: 'function', name: this.label, args: args.map((a) => expressionFrom(vm, a)) })
  }
}
const names = () => ({
  text: hostFunction(
    'text',
    ({ vm, args }) => new SaExpression({ kind: 'sql', text: textOf(vm, args[0]!, 'the SQL') }),
  ),
  literal_column: hostFunction(
    'literal_column',
    ({ vm, args }) => new SaExpression({ kind: 'sql', text: textOf(vm, args[0]!, 'the SQL') }),
  ),
  literal: hostFunction(
    'literal',
    ({ vm, args }) => new SaExpression({ kind: 'literal', value: literalFrom(vm, args[0]!) }),
  ),
  func: new Func('func'),
  true: hostFunction('true', () => new SaExpression({ kind: 'constant', value: true })),
  false: hostFunction('false', () => new SaExpression({ kind: 'constant', value: false })),
  null: hostFunction('null', () => new SaExpression({ kind: 'constant', value: null })),
})
export const expressionModules: ModuleParts = {
  sqlalchemy: names,
  'sqlalchemy.sql': names,
  'sqlalchemy.sql.expression': names,
}
