import { AnnotatedHint } from '../../python/annotated.ts'
import type { Expr } from '../../python/ast.ts'
import { evaluate } from '../../python/eval.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { parse } from '../../python/parse.ts'
import { Dict, List, PyClass, Tuple, type Value } from '../../python/values.ts'
import { isBefore } from '../../schema/target.ts'
import { type TypeSpec, type as typeSpec } from '../../schema/type-spec.ts'
import { recorderOf } from '../recorder-of.ts'
import { unreadable } from '../unreadable.ts'
import { enumSpec } from './enum-call.ts'
import { typeFrom } from './read-type.ts'
import { SaColumn } from './sa-table.ts'

/** What a type hint says of a column. */
export interface Hint {
  readonly nullable: boolean
  /** The hint without `Mapped`, `Optional` and `Annotated`; undefined where a column object stands for all. */
  readonly expr: Expr
  /** Where the name stands for `Annotated[str, …]`: what is annotated. */
  readonly origin?: PyClass
  /** `Annotated[str, mapped_column(…)]` */
  readonly column: SaColumn | undefined
  /** `Annotated[str, 50]`: what else is said. */
  readonly extras: readonly Value[]
}

/** The annotations of a class body, in order. */
export function annotationsOf(cls: PyClass): ReadonlyMap<string, string> {
  const held = cls.map.get('__annotations__')?.value
  const entries = held instanceof Dict ? [...held.map.values()] : []
  return new Map(entries.map(({ key, value }) => [String(key), String(value)]))
}

export function expressionIn(text: string): Expr | undefined {
  const parsed = parse(`(${text})`, 'annotation')
  const statement = 'module' in parsed ? parsed.module.body[0] : undefined
  if (statement?.kind !== 'Expr') return undefined
  const { value } = statement
  return value.kind === 'Constant' && typeof value.value === 'string' ? expressionIn(value.value) : value
}

/** The name at the end: `typing.Optional` is `Optional`. */
function lastName(expr: Expr): string | undefined {
  if (expr.kind === 'Name') return expr.id
  return expr.kind === 'Attribute' ? expr.attr : undefined
}

function argumentsOf(expr: Expr): readonly Expr[] {
  if (expr.kind !== 'Subscript') return []
  return expr.slice.kind === 'Tuple' ? expr.slice.elts : [expr.slice]
}

/** `Mapped[…]` of an annotation; undefined where it is something else. */
export function mappedHint(vm: Interpreter, text: string): Hint | undefined {
  const expr = expressionIn(text)
  if (expr?.kind !== 'Subscript' || lastName(expr.value) !== 'Mapped') return undefined
  return hintOf(vm, argumentsOf(expr)[0]!)
}

/** A hint as SQLModel takes it, without `Mapped`. */
export function plainHint(vm: Interpreter, text: string): Hint | undefined {
  const expr = expressionIn(text)
  if (!expr || (expr.kind === 'Subscript' && ['ClassVar', 'Mapped'].includes(lastName(expr.value) ?? '')))
    return undefined
  return hintOf(vm, expr)
}

function hintOf(vm: Interpreter, given: Expr): Hint {
  const text = given.kind === 'Constant' && typeof given.value === 'string' ? expressionIn(given.value) : given
  const expr = text ?? given
  const name = expr.kind === 'Subscript' ? lastName(expr.value) : undefined
  if (name === 'Optional') return { ...hintOf(vm, argumentsOf(expr)[0]!), nullable: true }
  const union = unionOf(expr)
  if (union.length > 1) {
    const rest = union.filter((part) => !isNone(part))
    if (rest.length !== 1) return { nullable: rest.length < union.length, expr, column: undefined, extras: [] }
    const inner = hintOf(vm, rest[0]!)
    return { ...inner, nullable: inner.nullable || rest.length < union.length }
  }
  if (name === 'Annotated') return annotated(vm, argumentsOf(expr))
  return aliased(vm, expr) ?? { nullable: false, expr, column: undefined, extras: [] }
}

function annotated(vm: Interpreter, [of, ...extras]: readonly Expr[]): Hint {
  const values = extras.map((extra) => vm.resolve(evaluate(vm, extra)))
  const column = values.find((value): value is SaColumn => value instanceof SaColumn)
  const inner = hintOf(vm, of!)
  return { ...inner, column: column ?? inner.column, extras: values.filter((value) => value !== column) }
}

/** A name that stands for `Annotated[…]` of elsewhere. */
function aliased(vm: Interpreter, expr: Expr): Hint | undefined {
  if (expr.kind !== 'Name' || known[expr.id]) return undefined
  const value = vm.resolve(evaluate(vm, expr))
  if (!(value instanceof AnnotatedHint)) return undefined
  const origin = vm.resolve(value.origin)
  if (!(origin instanceof PyClass)) return unreadable(`what the type hint ${expr.id} stands for is not known`)
  const extras = value.extras.map((extra) => vm.resolve(extra))
  const column = extras.find((extra): extra is SaColumn => extra instanceof SaColumn)
  return { nullable: false, expr, origin, column, extras: extras.filter((extra) => extra !== column) }
}

function unionOf(expr: Expr): readonly Expr[] {
  if (expr.kind === 'BinOp' && expr.op === '|') return [...unionOf(expr.left), ...unionOf(expr.right)]
  if (expr.kind === 'Subscript' && lastName(expr.value) === 'Union') return argumentsOf(expr).flatMap(unionOf)
  return [expr]
}

function isNone(expr: Expr): boolean {
  return (expr.kind === 'Constant' && expr.value === null) || lastName(expr) === 'None'
}

/** registry.type_annotation_map, as it is without one. */
const known: Readonly<Record<string, string>> = {
  int: 'Integer',
  str: 'String',
  bool: 'Boolean',
  float: 'Float',
  bytes: 'LargeBinary',
  datetime: 'DateTime',
  date: 'Date',
  time: 'Time',
  timedelta: 'Interval',
  Decimal: 'Numeric',
  UUID: 'Uuid',
}

/** The type that a hint means for `mapped_column()`. */
export function typeOfHint(vm: Interpreter, { expr, origin }: Hint, own?: Dict): TypeSpec {
  const mine = own && fromMap(vm, expr, own)
  if (mine) return mine
  if (origin && vm.isEnum(origin)) return enumOf(vm, origin)
  const name = origin?.name ?? lastName(expr)
  const plain = name === undefined ? undefined : known[name]
  if (plain) return typeSpec(plain)
  if (expr.kind === 'Subscript' && lastName(expr.value) === 'Literal') return literalEnum(vm, expr)
  const isName = !origin && (expr.kind === 'Name' || expr.kind === 'Attribute')
  const value = isName ? vm.resolve(evaluate(vm, expr)) : null
  if (value instanceof PyClass && vm.isEnum(value)) return enumOf(vm, value)
  return unreadable(`no type is known for the type hint ${name ?? 'of a column'}`)
}

export function enumOf(vm: Interpreter, cls: PyClass): TypeSpec {
  const call = { args: [cls], kwargs: new Map<string, Value>(), vm, at: vm.node }
  return enumSpec({ name: 'Enum', origin: 'sqlalchemy' }, call)
}

function literalEnum(vm: Interpreter, expr: Expr): TypeSpec {
  if (isBefore(recorderOf(vm).target, '2.0')) return unreadable('a Literal as the type of a column')
  const values = argumentsOf(expr).map((e) => vm.resolve(evaluate(vm, e)))
  if (!values.every((v) => typeof v === 'string')) return unreadable('a Literal that is not of strings')
  return typeSpec('Enum', { values: values as readonly string[], nativeEnum: false })
}

/** `type_annotation_map = {str: String(50)}` of the Base. */
function fromMap(vm: Interpreter, expr: Expr, own: Dict): TypeSpec | undefined {
  if (expr.kind !== 'Name' && expr.kind !== 'Attribute') return undefined
  const value = vm.resolve(evaluate(vm, expr))
  const found = [...own.map.values()].find(({ key }) => key === value)
  return found && typeFrom(vm, found.value)
}

/** What a tuple or list holds. */
export function itemsIn(value: Value): readonly Value[] {
  return value instanceof Tuple || value instanceof List ? value.items : [value]
}
