import type { Interpreter } from '../interpreter.ts'
import { Instance, type PyClass } from '../values.ts'
import { type Definitions, type Modules, native, standardClass } from './define.ts'

function enumModule(vm: Interpreter): Definitions {
  const base = standardClass('Enum', 'enum')
  const auto = standardClass('auto', 'enum')
  const mixed = (name: string, type: string): PyClass => {
    const cls = standardClass(name, 'enum', [vm.builtins.types.get(type)!, base])
    return cls
  }
  return {
    attrs: {
      Enum: base,
      IntEnum: mixed('IntEnum', 'int'),
      StrEnum: mixed('StrEnum', 'str'),
      Flag: standardClass('Flag', 'enum', [base]),
      IntFlag: mixed('IntFlag', 'int'),
      auto: native('auto', () => new Instance(auto)),
      unique: native('unique', (args) => args[0] ?? null),
      EnumMeta: standardClass('EnumMeta', 'enum'),
      EnumType: standardClass('EnumType', 'enum'),
    },
  }
}

export const enumModules: Modules = { enum: enumModule }
