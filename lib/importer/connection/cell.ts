import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Fact, SymSeq, Unknown, Value } from '../../python/values.ts'
import { hostFunction } from '../host-function.ts'
import { comparisonOf, folded } from './catalogue.ts'
import { type Asked, type Field, opposite, type Rows } from './rows.ts'

const comparing = ['==', '!=', '<', '<=', '>', '>=', 'in', 'is', 'contains']

/** One value of the first row: `row[0]`, `scalar()`. None where there is no row. */
export class Cell extends HostObject {
  readonly rows: Rows
  readonly field: Field
  /** The rows for which this holds are what it was taken from. */
  readonly where: readonly Asked[]

  constructor(rows: Rows, field: Field, where: readonly Asked[] = []) {
    super(rows.query.what)
    this.rows = rows
    this.field = field
    this.where = where
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    if (name === 'lower' || name === 'upper') return this.#method(name, folded(this.field, name))
    if (['strip', 'decode', 'encode', 'rstrip', 'lstrip'].includes(name)) return this.#method(name, this.field)
    return vm.unknown(this.rows.query.what, at)
  }

  #method(name: string, field: Field): Value {
    return hostFunction(name, () => new Cell(this.rows, field, this.where))
  }

  override call(_args: readonly Value[], _kwargs: unknown, vm: Interpreter, at: Span): Value {
    return vm.unknown(this.rows.query.what, at)
  }

  override index(_key: Value, vm: Interpreter, at: Span): Value {
    return vm.unknown(this.rows.query.what, at)
  }

  override iterate(vm: Interpreter, at: Span): Unknown {
    return vm.unknown(this.rows.query.what, at)
  }

  override length(vm: Interpreter, at: Span): Value {
    return vm.unknown(this.rows.query.what, at)
  }

  override text(_how: 'str' | 'repr', vm: Interpreter, at: Span): Unknown {
    return vm.unknown(this.rows.query.what, at)
  }

  override truth(vm: Interpreter, at: Span): boolean | Fact | Unknown {
    return this.#asks(vm, 'truth', true, at)
  }

  override binary(operator: string, other: Value, reflected: boolean, vm: Interpreter, at: Span): Value | undefined {
    if (reflected && ['<', '<=', '>', '>='].includes(operator)) return vm.unknown(this.rows.query.what, at)
    if (!comparing.includes(operator)) return vm.unknown(this.rows.query.what, at)
    if (operator === 'is' && typeof vm.resolve(other) === 'boolean') return this.#asks(vm, '==', other, at)
    if (vm.resolve(other) === null) return this.#isNone(operator, vm, at)
    return operator === '!=' ? opposite(this.#asks(vm, '==', other, at)) : this.#asks(vm, operator, other, at)
  }

  #isNone(operator: string, vm: Interpreter, at: Span): Value {
    if (!['==', '!=', 'is'].includes(operator)) return vm.unknown(this.rows.query.what, at)
    const some = this.#isSome(vm, at)
    return operator === '!=' ? some : opposite(some)
  }

  #isSome(vm: Interpreter, at: Span): boolean | Fact | Unknown {
    const never = ['nullable', 'notNull', 'type'].includes(this.field.means)
    if (never) return this.rows.has(vm, this.where, at)
    return this.#has(vm, { field: this.field, comparison: 'null', values: [], holds: false }, at)
  }

  #asks(vm: Interpreter, operator: string, other: Value, at: Span): boolean | Fact | Unknown {
    const asked = comparisonOf(vm, this.field, operator, other, true, at)
    return asked ? this.#has(vm, asked, at) : vm.unknown(this.rows.query.what, at)
  }

  /** Which row is the first one is not known where there may be several. */
  #has(vm: Interpreter, asked: Asked, at: Span): boolean | Fact | Unknown {
    const same = this.field.value !== undefined || ['name', 'table', 'schema'].includes(this.field.means)
    const unspecific = same && asked.comparison !== '='
    if (!this.rows.query.single && this.field.value === undefined && !unspecific)
      return vm.unknown(this.rows.query.what, at)
    return this.rows.has(vm, [...this.where, asked], at)
  }
}

/** `fetchone()`, `first()`: a row, or None where there is none. */
export class FirstRow extends HostObject {
  readonly rows: Rows
  readonly count: number | undefined

  constructor(rows: Rows, count: number | undefined) {
    super(rows.query.what)
    this.rows = rows
    this.count = count
  }

  cell(key: string, vm: Interpreter, at: Span): Value {
    const field = this.rows.query.fields.get(key)
    return field ? new Cell(this.rows, field) : vm.unknown(this.rows.query.what, at)
  }

  override get(name: string, vm: Interpreter, at: Span): Value {
    if (name === '_mapping' || name === '_asdict') return name === '_mapping' ? this : hostFunction(name, () => this)
    if (name === 'keys' || name === 'items' || name === 'values')
      return hostFunction(name, (call) => vm.unknown(this.rows.query.what, call.at))
    if (name === 'get') return hostFunction(name, (call) => this.index(call.args[0] ?? null, vm, call.at))
    return this.cell(name, vm, at)
  }

  override index(key: Value, vm: Interpreter, at: Span): Value {
    const resolved = vm.resolve(key)
    if (typeof resolved === 'bigint' || typeof resolved === 'string') return this.cell(String(resolved), vm, at)
    return vm.unknown(this.rows.query.what, at)
  }

  override iterate(vm: Interpreter, at: Span): readonly Value[] | Unknown {
    if (this.count === undefined) return vm.unknown(this.rows.query.what, at)
    return Array.from({ length: this.count }, (_, place) => this.cell(String(place), vm, at))
  }

  override length(vm: Interpreter, at: Span): Value {
    return this.count === undefined ? vm.unknown(this.rows.query.what, at) : BigInt(this.count)
  }

  override truth(vm: Interpreter, at: Span): boolean | Fact | Unknown {
    return this.rows.has(vm, [], at)
  }

  override binary(operator: string, other: Value, _reflected: boolean, vm: Interpreter, at: Span): Value {
    if (vm.resolve(other) !== null) return vm.unknown(this.rows.query.what, at)
    const some = this.rows.has(vm, [], at)
    if (operator === '!=') return some
    return operator === 'is' || operator === '==' ? opposite(some) : vm.unknown(this.rows.query.what, at)
  }

  override text(_how: 'str' | 'repr', vm: Interpreter, at: Span): Unknown {
    return vm.unknown(this.rows.query.what, at)
  }
}

/** All of the rows, by what a script makes of them. */
export function sequenceOf(rows: Rows, vm: Interpreter, at: Span): SymSeq {
  return vm.symbolic(rows, at)
}
