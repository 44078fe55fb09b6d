import { HostObject } from '../python/host.ts'
import type { Interpreter } from '../python/interpreter.ts'
import { Tuple, type Value } from '../python/values.ts'
import { hostFunction } from './host-function.ts'
import type { ModuleParts } from './modules.ts'

/** `packaging.version.Version` of a release: `1.7.0`. What else there is (`1.7rc1`, `1!2.0`) is not known. */
class Version extends HostObject {
  readonly #text: string
  readonly #release: readonly bigint[]

  private constructor(text: string, release: readonly bigint[]) {
    super('a version')
    this.#text = text
    this.#release = release
  }

  static of(text: string): Version | undefined {
    const [, release] = /^\s*v?(\d+(?:\.\d+)*)\s*$/.exec(text) ?? []
    return release === undefined ? undefined : new Version(release, release.split('.').map(BigInt))
  }

  override get(name: string): Value | undefined {
    const place = ['major', 'minor', 'micro'].indexOf(name)
    if (place >= 0) return this.#part(place)
    if (name === 'release') return new Tuple(this.#release)
    return name === 'is_prerelease' || name === 'is_devrelease' || name === 'is_postrelease' ? false : undefined
  }

  /** `1.7` is `1.7.0`. */
  #part(place: number): bigint {
    return this.#release[place] ?? 0n
  }

  override truth(): boolean {
    return true
  }

  override text(how: 'str' | 'repr'): string {
    const text = this.#text.split('.').map(BigInt).join('.')
    return how === 'str' ? text : `<Version('${text}')>`
  }

  override binary(operator: string, given: Value, reflected: boolean, vm: Interpreter): Value | undefined {
    const other = vm.resolve(given)
    if (!(other instanceof Version)) return undefined
    const sign = reflected ? -this.#compare(other) : this.#compare(other)
    switch (operator) {
      case '<':
        return sign < 0
      case '<=':
        return sign <= 0
      case '==':
        return sign === 0
      case '!=':
        return sign !== 0
      case '>=':
        return sign >= 0
      case '>':
        return sign > 0
      default:
        return undefined
    }
  }

  #compare(other: Version): number {
    const length = Math.max(this.#release.length, other.#release.length)
    for (let place = 0; place < length; place++) {
      const [own, its] = [this.#part(place), other.#part(place)]
      if (own !== its) return own < its ? -1 : 1
    }
    return 0
  }
}

const version = hostFunction('Version', ({ vm, args }) => {
  const text = vm.resolve(args[0] ?? null)
  return typeof text === 'string' ? Version.of(text) : undefined
})

/** Scripts ask whether the Alembic or SQLAlchemy that runs them is at least some version. */
export const packagingModules: ModuleParts = {
  'packaging.version': () => ({ Version: version, parse: version }),
}
