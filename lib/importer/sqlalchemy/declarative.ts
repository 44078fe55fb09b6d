import type { Span } from '../../python/ast.ts'
import { findInClass } from '../../python/attributes.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, Func, Property, PyClass, Tuple, Unknown, type Value } from '../../python/values.ts'
import { isBefore } from '../../schema/target.ts'
import { entriesOf, known, textOf } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import { recorderOf } from '../recorder-of.ts'
import { Unreadable, unreadable } from '../unreadable.ts'
import { modelColumns } from './model-columns.ts'
import { tableName } from './model-table.ts'
import { SaMetaData } from './sa-metadata.ts'
import { SaColumn, SaTable } from './sa-table.ts'
import { tableCall } from './table-call.ts'

/** Which library's rules a base class follows. */
export type ModelStyle = 'declarative' | 'sqlmodel' | 'flask'

/** What `declarative_base()` gives, `DeclarativeBase`, `SQLModel`, `db.Model`: classes derived from it are tables. */
export class ModelBase extends HostObject {
  readonly style: ModelStyle
  /** Without one the class that derives from it has its own: `class Base(DeclarativeBase)`. */
  readonly #metadata: SaMetaData | undefined
  /** What `declarative_base(cls=…)` mixes in. */
  readonly mixin: PyClass | undefined

  constructor(style: ModelStyle, metadata?: SaMetaData, mixin?: PyClass) {
    super('a declarative base')
    this.style = style
    this.#metadata = metadata
    this.mixin = mixin
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    if (name === 'metadata') return this.#metadata
    if (name === '__name__') return 'Base'
    return this.mixin ? vm.attribute(this.mixin, name, at) : undefined
  }

  override subclass(cls: PyClass, vm: Interpreter, at: Span): Value | undefined {
    if (!this.#metadata && cls.bases.includes(this)) {
      if (!(findInClass(cls, 'metadata') instanceof SaMetaData))
        cls.map.set('metadata', { key: 'metadata', value: new SaMetaData() })
      return undefined
    }
    mapClass(this, cls, vm, at)
    return undefined
  }

  override inherited(self: Value, name: string, vm: Interpreter, at: Span): Value | undefined {
    if (name === 'metadata') return this.#metadata
    if (this.mixin && self instanceof PyClass) return findInClass(this.mixin, name)
    return this.get(name, vm, at)
  }

  metadataOf(cls: PyClass): SaMetaData {
    const own = findInClass(cls, 'metadata') ?? this.#metadata
    return own instanceof SaMetaData ? own : unreadable(`the MetaData of ${cls.name} is not known`)
  }
}

/** Makes the table of a class, where it has one; what cannot be read is told by whoever asks for it. */
function mapClass(base: ModelBase, cls: PyClass, vm: Interpreter, at: Span): void {
  if (cls.map.get('__abstract__')?.value === true) return
  try {
    const table = ownTable(base, cls, vm, at)
    if (!table) return
    cls.map.set(tableName, { key: tableName, value: table })
    for (const column of table.columns) {
      const [key] = [...cls.map].find(([, { value }]) => isTheColumn(value, column)) ?? [column.key]
      cls.map.set(key, { key: String(key), value: column })
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    const unknown = vm.unknown(`the table of the class ${cls.name}: ${error.message}`, at)
    cls.map.set(tableName, { key: tableName, value: unknown })
    spoil(base, cls, vm, unknown)
  }
}

function isTheColumn(value: Value, column: SaColumn): boolean {
  return value instanceof SaColumn && value.more.order === column.more.order
}

/** The MetaData has a table then of which nothing is known. */
function spoil(base: ModelBase, cls: PyClass, vm: Interpreter, unknown: Unknown): void {
  try {
    const { tables } = base.metadataOf(cls)
    vm.branches.touch(tables)
    tables.taint ??= unknown
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
  }
}

function ownTable(base: ModelBase, cls: PyClass, vm: Interpreter, at: Span): SaTable | undefined {
  const own = cls.map.get(tableName)?.value
  if (own !== undefined) return own instanceof SaTable ? own : unreadable('its __table__ is not known')
  const name = tablenameOf(base, cls, vm, at)
  const columns = modelColumns(base, cls, vm, at)
  if (name === undefined) {
    const parent = mappedParent(cls)
    if (parent) for (const column of columns) parent.add(vm, column.within(parent))
    return undefined
  }
  return tableCall(argumentsFor(base, cls, { vm, at, name, columns }))
}

interface Parts {
  readonly vm: Interpreter
  readonly at: Span
  readonly name: string
  readonly columns: readonly SaColumn[]
}

/** `__table_args__` is a tuple of items, with a dict of keywords at its end, or that dict alone. */
function argumentsFor(base: ModelBase, cls: PyClass, { vm, at, name, columns }: Parts): Call {
  const given = declared(vm, cls, '__table_args__', at)
  const value = given === undefined ? null : known(vm, given)
  const all = value instanceof Tuple ? value.items.map((item) => vm.resolve(item)) : []
  const words = value instanceof Dict ? value : all.at(-1) instanceof Dict ? (all.at(-1) as Dict) : undefined
  if (value !== null && !(value instanceof Tuple) && !(value instanceof Dict))
    return unreadable('its __table_args__ is neither tuple nor dict')
  const items = all.filter((item) => item !== words).map((item) => known(vm, item))
  const kwargs = new Map(words ? entriesOf(vm, words, '__table_args__') : [])
  return { args: [name, base.metadataOf(cls), ...orderedFor(vm, columns), ...items], kwargs, vm, at }
}

/** Before 2.0 by the moment each column was made; since then own ones first, mixins after, and by `sort_order`. */
function orderedFor(vm: Interpreter, columns: readonly SaColumn[]): readonly SaColumn[] {
  const { target } = recorderOf(vm)
  const place = (c: SaColumn) => (isBefore(target, '2.0') ? (c.more.order ?? 0) : (c.more.sortOrder ?? 0))
  return [...columns].sort((a, b) => place(a) - place(b))
}

/** The parent class that has a table; a class without a name of its own puts its columns there. */
function mappedParent(cls: PyClass): SaTable | undefined {
  const tables = cls.mro.slice(1).map((base) => base.map.get(tableName)?.value)
  return tables.find((table): table is SaTable => table instanceof SaTable)
}

function tablenameOf(base: ModelBase, cls: PyClass, vm: Interpreter, at: Span): string | undefined {
  if (base.style === 'sqlmodel' && vm.resolve(cls.keywords.get('table') ?? false) !== true) return undefined
  const value = declared(vm, cls, '__tablename__', at)
  if (value !== undefined) {
    const found = known(vm, value)
    return found === null ? undefined : textOf(vm, found, '__tablename__')
  }
  if (base.style === 'sqlmodel') return cls.name.toLowerCase()
  return base.style === 'flask' && !mappedParent(cls) ? snakeCase(cls.name) : undefined
}

/** As Flask-SQLAlchemy names tables: `HTMLPage` is `html_page`. */
function snakeCase(name: string): string {
  return name
    .replace(/((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))/g, '_$1')
    .toLowerCase()
    .replace(/^_/, '')
}

/** A name of the class or its mixins, evaluated where it is a `declared_attr`; mapped parents do not hand it down. */
function declared(vm: Interpreter, cls: PyClass, name: string, at: Span): Value | undefined {
  for (const base of [...cls.mro, ...mixinsOf(cls)]) {
    const found = base.map.get(name)?.value
    if (found === undefined) continue
    const isDeclared = found instanceof DeclaredAttr || found instanceof Property
    if (base === cls || isDeclared || !base.map.has(tableName)) return evaluated(vm, found, cls, at)
  }
  return undefined
}

export function mixinsOf(cls: PyClass): readonly PyClass[] {
  return cls.foreign.flatMap((base) => (base instanceof ModelBase && base.mixin ? base.mixin.mro : []))
}

export function evaluated(vm: Interpreter, value: Value, cls: PyClass, at: Span): Value {
  const made = value instanceof DeclaredAttr ? value.func : value
  const func = made instanceof Property && made.type !== 'property' ? made.get : made
  if (value instanceof DeclaredAttr || func instanceof Func) {
    const result = vm.resolve(vm.invoke(func, [cls], new Map(), at))
    return result instanceof Unknown ? unreadable(result.reason) : result
  }
  return vm.resolve(value)
}

/** `@declared_attr` on a function that is asked with the class. */
export class DeclaredAttr extends HostObject {
  readonly func: Value

  constructor(func: Value) {
    super('a declared_attr')
    this.func = func
  }
}
