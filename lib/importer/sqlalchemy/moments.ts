import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Instance, type Value } from '../../python/values.ts'
import type { Expression } from '../../schema/expression.ts'
import { type TypeSpec, type } from '../../schema/type-spec.ts'
import { unreadable } from '../unreadable.ts'

/**
 * What the application's clock or its random numbers gave: each run makes it anew. As a value of a statement the server
 * can make it as well; anything computed from it is unknown.
 */
export class Moment extends HostObject {
  readonly expression: Expression
  readonly type: TypeSpec
  /** `uuid4().hex` */
  readonly #asHex: boolean
  readonly #use: { isSpent: boolean }

  constructor(label: string, expression: Expression, of: TypeSpec, asHex = false, use = { isSpent: false }) {
    super(label)
    this.expression = expression
    this.type = of
    this.#asHex = asHex
    this.#use = use
  }

  /** As the value of one column of one row. A UUID can be made there only once: another row would get another. */
  cell(column: TypeSpec | undefined): Expression {
    if (this.expression.kind !== 'newUuid') return this.expression
    if (this.#use.isSpent) return unreadable('the script uses one uuid4() in several places')
    this.#use.isSpent = true
    return { ...this.expression, hyphens: !this.#asHex && column?.kind !== 'Uuid' }
  }

  override get(name: string): Value | undefined {
    if (name !== 'hex' || this.expression.kind !== 'newUuid') return undefined
    return new Moment('uuid4().hex', this.expression, this.type, true, this.#use)
  }

  /** As a parameter `str(uuid4())` is what the UUID itself is; the text of a time depends on how it is written. */
  override string(): Value | undefined {
    return this.expression.kind === 'newUuid' ? this : undefined
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
  if (name === 'uuid.uuid4') return new Moment('uuid4()', { kind: 'newUuid', hyphens: true }, type('Uuid'))
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
