import { HostObject } from '../../python/host.ts'
import type { TypeSpec } from '../../schema/type-spec.ts'

/** A column type that a script made: `sa.String(30)`, `postgresql.JSONB()`. */
export class SaType extends HostObject {
  readonly spec: TypeSpec

  constructor(spec: TypeSpec) {
    super(`the type ${spec.kind}`)
    this.spec = spec
  }
}
