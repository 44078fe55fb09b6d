import { HostObject } from './host.ts'
import { Tuple, type Value } from './values.ts'

/** `Annotated[str, …]`, which libraries read what they need from. */
export class AnnotatedHint extends HostObject {
  readonly origin: Value
  readonly extras: readonly Value[]

  constructor(origin: Value, extras: readonly Value[]) {
    super('an Annotated')
    this.origin = origin
    this.extras = extras
  }

  override truth(): boolean {
    return true
  }
}

/** `typing.Annotated` itself. */
export class Annotated extends HostObject {
  constructor() {
    super('Annotated')
  }

  override index(key: Value): Value {
    const [origin = null, ...extras] = key instanceof Tuple ? key.items : [key]
    return new AnnotatedHint(origin, extras)
  }
}
