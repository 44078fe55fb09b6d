import { evaluate } from '../../python/eval.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, PyClass, Unknown, type Value } from '../../python/values.ts'
import { type TypeSpec, type as typeSpec } from '../../schema/type-spec.ts'
import { Arguments, entriesOf, known, listOf } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import { unreadable } from '../unreadable.ts'
import { enumOf, type Hint, plainHint } from './annotations.ts'
import { columnCall } from './column-call.ts'
import { foreignKeyCall } from './item-calls.ts'
import { autoString } from './package-types.ts'
import { isTypeValue, typeFrom } from './read-type.ts'
import { SaColumn } from './sa-table.ts'
import { SaType } from './sa-type.ts'

/** `Field(default=None, primary_key=True)` of SQLModel. */
export class SqlmodelField extends HostObject {
  /** How it was called. */
  readonly made: Call

  constructor(made: Call) {
    super('a Field')
    this.made = made
  }
}

/** `Relationship(…)` and what else is no column. */
export class NoColumn extends HostObject {}

/** sqlmodel.main.get_column_from_field */
export function fieldColumn(
  vm: Interpreter,
  name: string,
  value: Value | undefined,
  annotation: string | undefined,
): SaColumn | undefined {
  if (annotation === undefined || value instanceof NoColumn) return undefined
  if (value instanceof Unknown) return unreadable(`its attribute ${name}: ${value.reason}`)
  const hint = plainHint(vm, annotation)
  if (!hint || name.startsWith('_') || name === 'model_config') return undefined
  const call: Call = value instanceof SqlmodelField ? value.made : defaulted(vm, value)
  const given = new Arguments(call, 'default')
  const column = given.value('sa_column')
  if (column instanceof SaColumn) return column
  const primary = given.bool('primary_key') ?? false
  const nullable = given.bool('nullable') ?? (!primary && hint.nullable)
  const key = given.given('foreign_key')
  const kwargs = new Map<string, Value>([
    ['primary_key', primary],
    ['nullable', nullable],
    ['index', given.bool('index') ?? false],
    ['unique', given.bool('unique') ?? false],
    ...defaultOf(given),
    ...(given.given('sa_column_kwargs') ? entriesOf(vm, given.given('sa_column_kwargs')!, 'sa_column_kwargs') : []),
  ])
  const items = given.given('sa_column_args') ? listOf(vm, given.given('sa_column_args')!, call.at) : []
  const keys = key === undefined ? [] : [foreignKey(call, key, given)]
  const type = typeOf(vm, given, hint, name)
  return columnCall({ args: [new SaType(type), ...keys, ...items], kwargs, vm, at: call.at })
}

function defaulted(vm: Interpreter, value: Value | undefined): Call {
  return { args: value === undefined ? [] : [value], kwargs: new Map(), vm, at: vm.node }
}

function defaultOf(given: Arguments): readonly (readonly [string, Value])[] {
  const value = given.has('default_factory') ? given.value('default_factory') : given.value('default')
  return value === undefined || value === null || value === '...' ? [] : [['default', value]]
}

function foreignKey(call: Call, target: Value, given: Arguments): Value {
  const action = given.given('ondelete')
  return foreignKeyCall({
    ...call,
    args: [target],
    kwargs: new Map(action === undefined ? [] : [['ondelete', action]]),
  })
}

const plain: Readonly<Record<string, string>> = {
  float: 'Float',
  bool: 'Boolean',
  int: 'Integer',
  datetime: 'DateTime',
  date: 'Date',
  timedelta: 'Interval',
  time: 'Time',
  bytes: 'LargeBinary',
}
const texts = [
  ...['str', 'EmailStr', 'Path', 'IPv4Address', 'IPv6Address', 'IPv4Network', 'IPv6Network', 'constr', 'NameEmail'],
]

function typeOf(vm: Interpreter, given: Arguments, { expr }: Hint, name: string): TypeSpec {
  const told = given.given('sa_type')
  if (told !== undefined) return typeFrom(vm, told)
  const word = expr.kind === 'Name' ? expr.id : expr.kind === 'Attribute' ? expr.attr : ''
  if (texts.includes(word)) return autoString(vm, given.number('max_length'))
  if (plain[word]) return typeSpec(plain[word])
  if (word === 'UUID' || word === 'UUID4') return typeSpec('Uuid')
  if (word === 'Decimal') return numeric(given)
  const value = word === '' ? null : known(vm, evaluate(vm, expr))
  if (value instanceof PyClass && vm.isEnum(value)) return enumOf(vm, value)
  if (isTypeValue(value) || value instanceof Dict) return unreadable(`the hint of ${name}`)
  return unreadable(`its attribute ${name} has a hint that SQLModel has no type for`)
}

function numeric(given: Arguments): TypeSpec {
  const [precision, scale] = [given.number('max_digits'), given.number('decimal_places')]
  return typeSpec('Numeric', { ...(precision !== undefined && { precision }), ...(scale !== undefined && { scale }) })
}
