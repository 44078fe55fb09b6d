import type { DialectName } from '../../dialects/dialect-name.ts'
import { HostObject } from '../../python/host.ts'
import type { Value } from '../../python/values.ts'
import { hostFunction } from '../host-function.ts'

const names: Readonly<Record<DialectName, string>> = { postgres: 'postgresql', mysql: 'mysql', sqlite: 'sqlite' }

/** The dialect object that `load_dialect_impl(self, dialect)` and `bind.dialect` give a script. */
export class SaDialect extends HostObject {
  readonly dialect: DialectName

  constructor(dialect: DialectName) {
    super(`the dialect ${names[dialect]}`)
    this.dialect = dialect
  }

  override get(name: string): Value | undefined {
    switch (name) {
      case 'name':
        return names[this.dialect]
      case 'type_descriptor':
        return hostFunction(name, ({ args }) => args[0])
      case 'supports_native_enum':
        return this.dialect !== 'sqlite'
      case 'supports_native_boolean':
        return this.dialect === 'postgres'
      case 'supports_sequences':
        return this.dialect === 'postgres'
      case 'supports_alter':
      case 'supports_comments':
        return this.dialect !== 'sqlite'
      case 'inline_comments':
        return this.dialect === 'mysql'
      default:
        return undefined
    }
  }

  override truth(): boolean {
    return true
  }
}

/** The compiler that a function of `@compiles` is handed. */
export class SaCompiler extends HostObject {
  readonly dialect: DialectName

  constructor(dialect: DialectName) {
    super('a compiler')
    this.dialect = dialect
  }

  override get(name: string): Value | undefined {
    return name === 'dialect' ? new SaDialect(this.dialect) : undefined
  }
}
