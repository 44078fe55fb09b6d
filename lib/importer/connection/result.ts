import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { keyOf } from '../../python/keys.ts'
import { Dict, List, Sym, SymSeq, Tuple, type Unknown, type Value } from '../../python/values.ts'
import { hostFunction } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { Cell, FirstRow } from './cell.ts'
import { OrmObject, ormObjects } from './orm.ts'
import type { Rows } from './rows.ts'
import type { Elements } from './schema-rows.ts'

/** What a statement gives back. */
export type Content =
  /** Rows of which only the query is known. */
  | {
      readonly kind: 'rows'
      readonly rows: Rows
      readonly columns: readonly string[] | undefined
      /** All of them, for a script that goes through them. */
      readonly elements?: Elements
    }
  /** Rows that are known: `SELECT COUNT(*)`, the columns of a table that the chain made. */
  | { readonly kind: 'known'; readonly columns: readonly string[]; readonly rows: readonly (readonly Value[])[] }
  | { readonly kind: 'unknown'; readonly why: string }
  /** No rows: the statement changed something. */
  | { readonly kind: 'change' }

/** How the rows are handed out: as rows, as their first values, or as mappings. */
type Form = 'rows' | 'scalars'

/** SQLAlchemy's result, and the part of a DB-API cursor that is about rows. */
export class Result extends HostObject {
  readonly content: Content
  readonly #form: Form
  /** Set where the rows may be objects of the ORM. */
  readonly #objects: Recorder | undefined

  constructor(content: Content, form: Form = 'rows', objects?: Recorder) {
    super('a result')
    this.content = content
    this.#form = form
    this.#objects = objects
  }

  /** The same as a session gives it: what is read from users' tables may be objects, which write what is assigned. */
  ofObjects(recorder: Recorder): Result {
    const { content } = this
    const isData = content.kind === 'unknown' || (content.kind === 'rows' && content.rows.query.about === 'data')
    return isData ? new Result(content, this.#form, recorder) : this
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    switch (name) {
      case 'fetchone':
      case 'first':
      case 'one':
      case 'one_or_none':
      case 'fetchrow':
        return hostFunction(name, (call) => this.first(vm, call.at))
      case 'scalar':
      case 'scalar_one':
      case 'scalar_one_or_none':
        return hostFunction(name, (call) => this.scalar(vm, call.at))
      case 'fetchall':
      case 'all':
      case 'fetchmany':
      case 'partitions':
        return hostFunction(name, (call) => this.all(vm, call.at))
      case 'scalars':
        return hostFunction(name, () => this.scalars())
      case 'mappings':
      case 'unique':
      case 'tuples':
      case 'columns':
      case 'yield_per':
      case 'freeze':
        return hostFunction(name, () => this)
      case 'keys':
        return hostFunction(name, () => this.#keys(vm, at))
      case 'close':
        return hostFunction(name, () => null)
      case 'rowcount':
        return this.#count(vm, at)
      case 'returns_rows':
        return this.content.kind !== 'change'
      case 'description':
        return this.#description(vm, at)
      case 'closed':
        return false
      default:
        return vm.unknown(this.#why(), at)
    }
  }

  override iterate(vm: Interpreter, at: Span): readonly Value[] | SymSeq | Unknown {
    const all = this.all(vm, at)
    if (all instanceof List) return all.items
    return all instanceof SymSeq ? all : vm.unknown(this.#why(), at)
  }

  override truth(): boolean {
    return true
  }

  #why(): string {
    const { content } = this
    if (content.kind === 'rows') return content.rows.query.what
    return content.kind === 'unknown' ? content.why : 'what a statement gave back'
  }

  #keys(vm: Interpreter, at: Span): Value {
    const { content } = this
    const columns = content.kind === 'rows' || content.kind === 'known' ? content.columns : undefined
    return columns ? new List([...columns]) : vm.unknown(this.#why(), at)
  }

  #description(vm: Interpreter, at: Span): Value {
    const keys = this.#keys(vm, at)
    return keys instanceof List ? new List(keys.items.map((name) => new Tuple([name, null]))) : keys
  }

  #count(vm: Interpreter, at: Span): Value {
    const { content } = this
    if (content.kind === 'known') return BigInt(content.rows.length)
    if (content.kind === 'rows') return new Sym({ op: 'len', seq: vm.symbolic(content.rows, at) })
    return vm.unknown(content.kind === 'change' ? 'how many rows a statement changed' : this.#why(), at)
  }

  isSingle(): boolean {
    const { content } = this
    return 'columns' in content ? content.columns?.length === 1 : content.kind === 'unknown'
  }

  scalars(): Result {
    return new Result(this.content, 'scalars', this.#objects)
  }

  first(vm: Interpreter, at: Span): Value {
    if (this.#form === 'scalars') return this.#objects ? new OrmObject(this.#objects) : this.scalar(vm, at)
    const { content } = this
    if (content.kind === 'rows') return new FirstRow(content.rows, content.columns?.length)
    if (content.kind !== 'known') return vm.unknown(this.#why(), at)
    const [first] = content.rows
    return first ? rowOf(content.columns, first) : null
  }

  scalar(vm: Interpreter, at: Span): Value {
    const { content } = this
    if (content.kind === 'known') return content.rows[0]?.[0] ?? null
    if (content.kind !== 'rows') return vm.unknown(this.#why(), at)
    const field = content.rows.query.fields.get('0')
    return field ? new Cell(content.rows, field) : vm.unknown(this.#why(), at)
  }

  all(vm: Interpreter, at: Span): Value {
    const { content } = this
    if (content.kind === 'known') return this.#listed(content.columns, content.rows)
    const elements = content.kind === 'rows' ? content.elements?.(vm, at) : undefined
    if (elements && content.kind === 'rows') return this.#listed(content.columns ?? [], elements)
    if (this.#objects && this.#form === 'scalars') return ormObjects(this.#objects, vm, at)
    if (content.kind !== 'rows') return vm.unknown(this.#why(), at)
    const seq = vm.symbolic(content.rows, at)
    if (this.#form === 'rows') return seq
    return seq.map(new Sym({ op: 'item', of: { op: 'element', id: seq.id }, key: 0n }))
  }

  #listed(columns: readonly string[], rows: readonly (readonly Value[])[]): List {
    return new List(rows.map((row) => (this.#form === 'scalars' ? (row[0] ?? null) : rowOf(columns, row))))
  }
}

/** A row that is known: a tuple, with names. */
class Row extends HostObject {
  readonly #columns: readonly string[]
  readonly #values: readonly Value[]

  constructor(columns: readonly string[], values: readonly Value[]) {
    super('a row')
    this.#columns = columns
    this.#values = values
  }

  #named(name: string): Value | undefined {
    const at = this.#columns.findIndex((column) => column.toLowerCase() === name.toLowerCase())
    return at < 0 ? undefined : this.#values[at]
  }

  override get(name: string): Value | undefined {
    if (name === '_mapping' || name === '_fields') return name === '_mapping' ? this : new Tuple([...this.#columns])
    if (name === 'keys') return hostFunction(name, () => new List([...this.#columns]))
    if (name === '_asdict') return hostFunction(name, ({ vm }) => this.#dict(vm))
    if (name === 'get') return hostFunction(name, ({ args }) => this.#named(String(args[0])) ?? args[1] ?? null)
    return this.#named(name)
  }

  #dict(vm: Interpreter): Dict {
    const dict = new Dict()
    this.#columns.forEach((key, at) => void dict.map.set(keyOf(vm, key)!, { key, value: this.#values[at] ?? null }))
    return dict
  }

  override index(key: Value, vm: Interpreter): Value | undefined {
    const resolved = vm.resolve(key)
    if (typeof resolved === 'string') return this.#named(resolved)
    return typeof resolved === 'bigint' ? this.#values.at(Number(resolved)) : undefined
  }

  override iterate(): readonly Value[] {
    return this.#values
  }

  override length(): Value {
    return BigInt(this.#values.length)
  }

  override truth(): boolean {
    return true
  }

  override binary(operator: string, other: Value, _reflected: boolean, vm: Interpreter): Value | undefined {
    if (vm.resolve(other) === null) return operator === '!='
    return undefined
  }
}

function rowOf(columns: readonly string[], values: readonly Value[]): Value {
  return new Row(columns, values)
}

export function unknownResult(why: string): Result {
  return new Result({ kind: 'unknown', why })
}
