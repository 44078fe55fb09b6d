import { Annotated } from '../annotated.ts'
import type { Interpreter } from '../interpreter.ts'
import type { Builtin, Value } from '../values.ts'
import { namedTupleClass } from './collections.ts'
import { type Definitions, type Modules, native, standardClass } from './define.ts'

/** Type hints mean nothing to a run: every name is a class that can be subscripted and inherited from. */
function typing(vm: Interpreter): Definitions {
  const identity = (name: string): Builtin =>
    native(name, (args) => (args.length > 0 ? args[0]! : native(name, ([func]) => func ?? null)))
  return {
    attrs: {
      Annotated: new Annotated(),
      TYPE_CHECKING: false,
      cast: native('cast', (args) => args[1] ?? null),
      overload: identity('overload'),
      final: identity('final'),
      runtime_checkable: identity('runtime_checkable'),
      override: identity('override'),
      no_type_check: identity('no_type_check'),
      NamedTuple: namedTupleClass(vm),
      TypedDict: vm.builtins.types.get('dict')!,
      TypeVar: hint('TypeVar'),
      ParamSpec: hint('ParamSpec'),
      NewType: native('NewType', () => native('NewType', (args) => args[0] ?? null)),
    },
    fallback: (name) => standardClass(name, 'typing'),
  }
}

function hint(name: string): Value {
  return native(name, () => standardClass(name, 'typing'))
}

function types(): Definitions {
  return {
    attrs: {
      SimpleNamespace: native('SimpleNamespace', (_args, kwargs) => {
        const cls = standardClass('SimpleNamespace', 'types')
        for (const [key, value] of kwargs) cls.map.set(key, { key, value })
        return cls
      }),
    },
    fallback: (name) => standardClass(name, 'types'),
  }
}

export const typingModules: Modules = { typing, typing_extensions: typing, types }
