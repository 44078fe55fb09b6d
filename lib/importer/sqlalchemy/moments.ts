import { HostObject } from '../../python/host.ts'
import type { Expression } from '../../schema/expression.ts'
import { type TypeSpec, type } from '../../schema/type-spec.ts'

/**
 * What the application's clock or its random numbers gave: each run makes it anew. As a value of a statement the server
 * can make it as well; anything computed from it is unknown.
 */
export class Moment extends HostObject {
  readonly expression: Expression
  readonly type: TypeSpec

  constructor(label: string, expression: Expression, of: TypeSpec) {
    super(label)
    this.expression = expression
    this.type = of
  }

  override truth(): boolean {
    return true
  }
}

const clocks: { readonly [name: string]: Extract<Expression, { readonly kind: 'moment' }>['clock'] } = {
  'datetime.utcnow': 'utc',
  'datetime.now': 'local',
  'datetime.today': 'local',
  'date.today': 'today',
}

/** What `Host.volatile` answers for a call without arguments. */
export function momentFrom(name: string): Moment | undefined {
  if (name === 'uuid.uuid4') return new Moment('uuid4()', { kind: 'newUuid' }, type('Uuid'))
  const clock = Object.hasOwn(clocks, name) ? clocks[name] : undefined
  return clock && new Moment(`${name}()`, { kind: 'moment', clock }, type(clock === 'today' ? 'Date' : 'DateTime'))
}
