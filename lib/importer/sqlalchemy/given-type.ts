import type { TypeSpec } from '../../schema/type-spec.ts'
import type { Call } from '../host-function.ts'
import { unreadable } from '../unreadable.ts'
import { givenType, missing } from './read-type.ts'
import { TypeClass } from './sa-type.ts'

/** A type of a known package that `--types` says something else of. */
export class GivenTypeClass extends TypeClass {
  readonly #full: string

  /** @param full `module.Type` */
  constructor(full: string) {
    super(full)
    this.#full = full
  }

  override specOf({ vm }: Call): TypeSpec {
    return givenType(vm, this.#full) ?? unreadable(missing(this.#full))
  }
}
