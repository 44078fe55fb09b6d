import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, Func, type PyClass, Unknown, type Value } from '../../python/values.ts'
import type { ColumnDefinition } from '../../schema/definition.ts'
import { unknownType } from '../../schema/type-spec.ts'
import { Unreadable, unreadable } from '../unreadable.ts'
import { annotationsOf, type Hint, mappedHint, typeOfHint } from './annotations.ts'
import { DeclaredAttr, evaluated, type ModelBase, mixinsOf } from './declarative.ts'
import { tableName } from './model-table.ts'
import { SaColumn } from './sa-table.ts'
import { fieldColumn, NoColumn } from './sqlmodel-field.ts'

/** The columns that a class and its mixins declare, in the order of declaration. */
export function modelColumns(base: ModelBase, cls: PyClass, vm: Interpreter, at: Span): readonly SaColumn[] {
  const found = new Map<string, SaColumn>()
  const seen = new Set<string>()
  const classes = declaringClasses(base, cls)
  for (const from of base.style === 'sqlmodel' ? [...classes].reverse() : classes) {
    for (const name of attributeNames(from)) {
      if (seen.has(name)) continue
      seen.add(name)
      const definer = classes.find((one) => hasAttribute(one, name)) ?? from
      const column = columnOf({ base, cls, from: definer, name, vm, at })
      if (column) found.set(name, named(column, name))
    }
  }
  return [...found.values()]
}

/** The class and what is mixed into it, up to a parent that has a table. SQLModel takes the fields of parents first. */
function declaringClasses(base: ModelBase, cls: PyClass): readonly PyClass[] {
  const all = [...cls.mro, ...mixinsOf(cls)]
  const end = base.style === 'sqlmodel' ? -1 : all.findIndex((from) => from !== cls && from.map.has(tableName))
  return end < 0 ? all : all.slice(0, end)
}

function hasAttribute(cls: PyClass, name: string): boolean {
  return cls.map.has(name) || annotationsOf(cls).has(name)
}

/** Names with a value or only with a hint, in the order in which they stand. */
function attributeNames(cls: PyClass): readonly string[] {
  const hinted = [...annotationsOf(cls).keys()]
  const names = [...cls.map.keys()].map(String)
  const merged: string[] = []
  for (const name of names) {
    const at = hinted.indexOf(name)
    if (at >= 0) merged.push(...hinted.splice(0, at + 1).filter((n) => !names.includes(n)))
    merged.push(name)
  }
  return [...merged, ...hinted.filter((n) => !names.includes(n))].filter((n) => !n.startsWith('__'))
}

interface Attribute {
  readonly base: ModelBase
  readonly cls: PyClass
  readonly from: PyClass
  readonly name: string
  readonly vm: Interpreter
  readonly at: Span
}

function columnOf(attribute: Attribute): SaColumn | undefined {
  const { base, cls, from, name, vm, at } = attribute
  const hint = annotationsOf(from).get(name)
  const held = from.map.get(name)?.value
  const value = held === undefined ? undefined : vm.resolve(held)
  if (base.style === 'sqlmodel' && !(value instanceof SaColumn)) return fieldColumn(vm, name, value, hint)
  if (value instanceof DeclaredAttr) return asColumn(evaluated(vm, value, cls, at))
  if (value === undefined) {
    const mapped = hint === undefined ? undefined : mappedHint(vm, hint)
    return mapped && isColumnHint(mapped) ? completed(vm, undefined, mapped, cls) : undefined
  }
  const column = value instanceof Unknown ? lost(value, name) : asColumn(value)
  if (!column?.more.unset) return column
  const mapped = hint === undefined ? undefined : mappedHint(vm, hint)
  return completed(vm, column, mapped, cls)
}

/** An attribute that is not known may well be a column, unless it is a function under an unknown decorator. */
function lost({ reason, carries }: Unknown, name: string): undefined {
  if (carries.some((value) => value instanceof Func || value instanceof NoColumn)) return undefined
  return unreadable(`its attribute ${name}: ${reason}`)
}

function asColumn(value: Value): SaColumn | undefined {
  return value instanceof SaColumn ? value : undefined
}

/** `Mapped[List["Child"]]` without a value is a relationship that somebody forgot, and no column. */
function isColumnHint({ expr }: Hint): boolean {
  return (
    expr.kind !== 'Subscript' ||
    !/^(List|list|Set|set|Dict|dict)$/.test(expr.value.kind === 'Name' ? expr.value.id : '')
  )
}

/** What `mapped_column()` leaves open is said by the type hint. */
function completed(vm: Interpreter, given: SaColumn | undefined, hint: Hint | undefined, cls: PyClass): SaColumn {
  const template = hint?.column
  const unset = given?.more.unset ?? ['type', 'nullable', 'name']
  const base: ColumnDefinition = { ...(template?.definition ?? { name: '', type: { kind: 'Null' } }) }
  const own = given?.definition
  const merged: ColumnDefinition = own
    ? { ...base, ...own, name: own.name, ...(unset.includes('type') && { type: base.type }) }
    : base
  const needsType = merged.type.kind === 'Null' && hint !== undefined && !merged.foreignKeys?.length
  const type = needsType || (hint && merged.type.kind === 'Null') ? hinted(vm, hint!, cls) : merged.type
  const told = unset.includes('nullable') ? base.nullable : own?.nullable
  const nullable = told ?? (hint && !merged.primaryKey ? hint.nullable : undefined)
  const { nullable: _, ...rest } = merged
  const definition = { ...rest, type, ...(nullable !== undefined && { nullable }) }
  return new SaColumn(definition, undefined, { ...template?.more, ...given?.more })
}

function hinted(vm: Interpreter, hint: Hint, cls: PyClass): ColumnDefinition['type'] {
  try {
    const map = cls.mro.map((base) => base.map.get('type_annotation_map')?.value).find((m) => m instanceof Dict)
    return typeOfHint(vm, hint, map)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return unknownType(error.message)
  }
}

/** A column without a name has the attribute's. */
function named(column: SaColumn, name: string): SaColumn {
  const { definition, more } = column
  const own = definition.name === '' ? name : definition.name
  const foreignKeys = definition.foreignKeys?.map((key) =>
    key.targetColumn === '' ? { ...key, targetColumn: own } : key,
  )
  return new SaColumn({ ...definition, name: own, ...(foreignKeys && { foreignKeys }) }, undefined, {
    ...more,
    ...(definition.name === '' && more.key === undefined && name !== own && { key: name }),
  })
}
