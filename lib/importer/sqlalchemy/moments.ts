import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Instance, type Value } from '../../python/values.ts'
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

/** What `Host.volatile` answers; with a time zone only for UTC. */
export function momentFrom(vm: Interpreter, name: string, args: readonly Value[]): Moment | undefined {
  if (name === 'uuid.uuid4') return new Moment('uuid4()', { kind: 'newUuid' }, type('Uuid'))
  const clock = Object.hasOwn(clocks, name) ? clocks[name] : undefined
  if (!clock) return undefined
  const [zone = null] = args.map((value) => vm.resolve(value))
  if (zone !== null && !(name === 'datetime.now' && isUtc(zone))) return undefined
  const expression: Expression = { kind: 'moment', clock: zone === null ? clock : 'zoned' }
  return new Moment(`${name}()`, expression, type(clock === 'today' ? 'Date' : 'DateTime'))
}

function isUtc(zone: Value): boolean {
  return zone instanceof Instance && zone.cls.name === 'timezone'
}
