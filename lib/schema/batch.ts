import { changedColumn } from './column-changes.ts'
import { type Pair, placeColumn, sortByPairs } from './column-order.ts'
import type { ColumnDefinition } from './definition.ts'
import { constraintColumns, indexColumns, renameColumn } from './edit.ts'
import { nameToDrop } from './naming.ts'
import type { AddColumn, AlterColumn, Batch, BatchStep } from './operation.ts'
import { reflectTable } from './reflect.ts'
import { resolveColumn, resolveTable, typeCheck, withFinalName } from './resolve.ts'
import type { Column, Constraint, Index, Table } from './table.ts'
import { plainName } from './table.ts'
import { isBefore, type Target } from './target.ts'
import { type TypeSpec, typeFamily, typeOn } from './type-spec.ts'
import { unknowable } from './unknowable.ts'

/** The new table of a rebuild, and how its rows come from the old one. */
export interface Rebuild {
  readonly table: Table
  readonly copy: readonly Transfer[]
  /** What the old table had and the new one has not, though nobody asked for that. */
  readonly lost: readonly string[]
}

export interface Transfer {
  readonly from: string
  readonly to: string
  readonly cast?: TypeSpec
}

/** SQLiteImpl.requires_recreate_in_batch; the other databases can alter, and do. */
export function shouldRecreate(batch: Batch, target: Target): boolean {
  const { recreate = 'auto', steps } = batch
  if (target.dialect !== 'sqlite' || recreate === 'never') return false
  return recreate === 'always' || steps.some((step) => needsNewTable(step, target))
}

function needsNewTable(step: BatchStep, target: Target): boolean {
  if (step.kind === 'createIndex' || step.kind === 'dropIndex') return false
  if (step.kind !== 'addColumn') return true
  const { serverDefault, computed, unique, index, foreignKeys = [] } = step.column
  if (serverDefault !== undefined && typeof serverDefault !== 'string') return true
  const bound = typeCheck(step.column, target) !== undefined
  return computed?.persisted === true || (unique === true && !index) || foreignKeys.length > 0 || bound
}

/** The steps as operations of their own, each knowing its table. */
export function batchSteps({ table, steps }: Batch): readonly BatchStep[] {
  return steps.map((step) => ({ ...step, table }))
}

interface Draft {
  readonly columns: Map<string, Column>
  readonly casts: Map<string, TypeSpec>
  /** Columns whose rows are copied, by the name in the old table. */
  readonly copied: Set<string>
  readonly named: Map<string, Constraint>
  readonly unnamed: Constraint[]
  readonly indexes: Map<string, Index>
  readonly newIndexes: Map<string, Index>
  readonly renamed: Map<string, string>
  existing: string[]
  pairs: readonly Pair[]
}

/** What ApplyBatchImpl makes of the steps (alembic/operations/batch.py), from the table as reflection sees it. */
export function planRebuild(batch: Batch, known: Table | undefined, target: Target): Rebuild {
  const old = oldTable(batch, known, target)
  const draft = draftOf(old)
  for (const step of batch.steps) take(step, draft, { batch, old, target })
  const table = finish(draft, batch, old)
  return { table, copy: transfers(draft, table), lost: known ? lostItems(known, old, batch) : [] }
}

function oldTable(batch: Batch, known: Table | undefined, target: Target): Table {
  if (batch.copyFrom) return resolveTable(withoutFlags(batch.copyFrom.columns, batch), target)
  if (!known) return unknowable(`the shape of the table ${batch.table.name} is not known`)
  if (known.unknown)
    return unknowable(`the shape of the table ${batch.table.name} is not known in full: ${known.unknown}`)
  const { namingConvention: _, ...rest } = target
  const convention = batch.namingConvention ? { namingConvention: batch.namingConvention } : {}
  const reflected = reflectTable(known, { ...rest, ...convention })
  return override(reflected, batch.reflectColumns ?? [], target)
}

/** ApplyBatchImpl switches `index` off at the columns it copies, and so loses what they had made. */
function withoutFlags(columns: readonly ColumnDefinition[], { copyFrom }: Batch) {
  return { ...copyFrom!, columns: columns.map(({ index: _, ...rest }) => rest) }
}

function override(table: Table, columns: readonly ColumnDefinition[], target: Target): Table {
  const by = new Map(columns.map((c) => [c.name, c]))
  const parts = table.columns.map((column) => {
    const definition = by.get(column.name)
    return definition ? resolveColumn(definition, table, target) : { column, constraints: [] }
  })
  const bound = parts.flatMap((p) => p.constraints.filter((c) => c.kind === 'check'))
  return { ...table, columns: parts.map((p) => p.column), constraints: [...table.constraints, ...bound] }
}

function draftOf(table: Table): Draft {
  const isNamed = (c: Constraint) => c.name !== undefined && !(c.kind === 'check' && c.typeBound)
  return {
    columns: new Map(table.columns.map((c) => [c.name, c])),
    casts: new Map(),
    copied: new Set(table.columns.filter((c) => !c.computed).map((c) => c.name)),
    named: new Map(table.constraints.filter(isNamed).map((c) => [plainName(c.name)!, c])),
    unnamed: table.constraints.filter((c) => !isNamed(c)),
    indexes: new Map(table.indexes.map((i) => [plainName(i.name) ?? '', i])),
    newIndexes: new Map(),
    renamed: new Map(),
    existing: table.columns.map((c) => c.name),
    pairs: [],
  }
}

interface Around {
  readonly batch: Batch
  readonly old: Table
  readonly target: Target
}

function take(step: BatchStep, draft: Draft, around: Around): void {
  const { old, target } = around
  if (step.kind === 'addColumn') addColumn(step, draft, around)
  else if (step.kind === 'dropColumn') dropColumn(step.column, draft)
  else if (step.kind === 'alterColumn') alterColumn(step, draft, around)
  else if (step.kind === 'addConstraint') addConstraint(withFinalName(step.constraint, old, target), draft)
  else if (step.kind === 'dropConstraint') dropConstraint(nameToDrop(step.name, step.type, old, target), draft)
  else if (step.kind === 'createIndex') createIndex(withFinalName(step.index, old, target), draft)
  else if (step.kind === 'dropIndex') dropIndex(nameToDrop(step.name, undefined, old, target), draft)
}

function createIndex(index: Index, draft: Draft): void {
  draft.newIndexes.set(plainName(index.name) ?? '', index)
}

function dropIndex(name: string, draft: Draft): void {
  if (!draft.indexes.delete(name)) unknowable(`there is no index ${name} that SQLAlchemy could see`)
}

function addColumn(step: AddColumn, draft: Draft, { batch, old, target }: Around): void {
  const { name } = step.column
  const place = { before: step.insertBefore, after: step.insertAfter }
  const partial = (batch.partialReordering?.length ?? 0) > 0
  draft.pairs = placeColumn(name, place, draft.pairs, { existing: draft.existing, partial })
  const resolved = resolveColumn(step.column, old, target)
  draft.columns.set(name, resolved.column)
  for (const constraint of resolved.constraints) {
    if (constraint.kind === 'check' && !constraint.typeBound) draft.unnamed.push(constraint)
    else if (constraint.kind === 'primaryKey') addToKey(name, draft)
    else if (constraint.kind === 'check') addTypeCheck(constraint, draft, target)
    else addConstraint(constraint, draft)
  }
  for (const index of resolved.indexes) addFlaggedIndex(index, draft, old)
}

/** With SQLAlchemy 1 the check comes as a constraint, and once more by the type of the copied column. */
function addTypeCheck(check: Constraint, draft: Draft, target: Target): void {
  draft.named.set(plainName(check.name) ?? nameless, check)
  if (isBefore(target, '2.0')) draft.unnamed.push(check)
}

/** What checks of types without a name have in common in Alembic's list of named constraints (_NONE_NAME). */
const nameless = '\0'

/** The column is copied with its flag, so that the new table makes the index once more, under the temporary name. */
function addFlaggedIndex(index: Index, draft: Draft, old: Table): void {
  draft.newIndexes.set(plainName(index.name) ?? '', index)
  const twin = `ix_${temporaryName(old.name)}_${indexColumns(index)[0]}`
  draft.newIndexes.set(twin, { ...index, name: twin })
}

/** Alembic's name for the new table while both stand; ours are the same, since some names are made from it. */
export function temporaryName(table: string): string {
  return `_alembic_tmp_${table}`.slice(0, 50)
}

function addToKey(column: string, draft: Draft): void {
  const isKey = (c: Constraint) => c.kind === 'primaryKey'
  const at = draft.unnamed.findIndex(isKey)
  const named = [...draft.named].find(([, c]) => isKey(c))
  const extend = (c: Constraint) => (c.kind === 'primaryKey' ? { ...c, columns: [...c.columns, column] } : c)
  if (named) draft.named.set(named[0], extend(named[1]))
  else if (at >= 0) draft.unnamed[at] = extend(draft.unnamed[at]!)
  else draft.unnamed.push({ kind: 'primaryKey', columns: [column] })
}

function dropColumn(name: string, draft: Draft): void {
  if (!draft.columns.delete(name)) unknowable(`there is no column ${name} to drop`)
  draft.copied.delete(name)
  draft.existing = draft.existing.filter((c) => c !== name)
  const shrink = (c: Constraint) =>
    c.kind === 'primaryKey' ? { ...c, columns: c.columns.filter((column) => column !== name) } : c
  for (const [key, constraint] of draft.named) draft.named.set(key, shrink(constraint))
  draft.unnamed.splice(0, draft.unnamed.length, ...draft.unnamed.map(shrink))
}

function alterColumn(step: AlterColumn, draft: Draft, around: Around): void {
  const column = draft.columns.get(step.column) ?? unknowable(`there is no column ${step.column} in ${around.old.name}`)
  const { name, type } = step.changes
  if (name && name !== step.column) rename(step, name, draft)
  if (type) retype(step, column, type, draft, around)
  draft.columns.set(step.column, changedColumn(column, step, around.target))
}

function rename(step: AlterColumn, name: string, draft: Draft): void {
  draft.renamed.set(step.column, name)
  const bound = step.existing?.type && typeOn(step.existing.type, 'sqlite')
  if (bound && ['Boolean', 'Enum'].includes(bound.kind) && bound.args?.name) draft.named.delete(bound.args.name)
}

function retype(step: AlterColumn, column: Column, type: TypeSpec, draft: Draft, { old, target }: Around): void {
  const old_ = typeOn(column.type, 'sqlite')
  const new_ = typeOn(type, 'sqlite')
  if (affinity(old_) !== affinity(new_) && new_.kind !== 'JSON') draft.casts.set(step.column, type)
  const isBound = (c: Constraint) => c.kind === 'check' && c.typeBound === true && c.column === step.column
  draft.unnamed.splice(0, draft.unnamed.length, ...draft.unnamed.filter((c) => !isBound(c)))
  if (step.existing?.type) dropTypeCheck(step, draft, { old, target })
  const check = typeCheck({ name: step.column, type }, target)
  if (check)
    draft.named.set(plainName(withFinalName(check, old, target).name) ?? nameless, withFinalName(check, old, target))
}

function dropTypeCheck(step: AlterColumn, draft: Draft, { old, target }: Omit<Around, 'batch'>): void {
  const check = typeCheck({ name: step.column, type: step.existing!.type! }, target)
  if (check) draft.named.delete(plainName(withFinalName(check, old, target).name) ?? nameless)
}

/** `_type_affinity`; a type that was read back has become one of the plain ones. */
function affinity(type: TypeSpec): string {
  const family = typeFamily(type)
  if (family === 'enum' || (family === 'uuid' && type.reflected && type.kind === 'Uuid')) return 'string'
  if (!type.reflected) return family
  return family === 'interval' ? 'datetime' : family === 'other' || family === 'uuid' ? 'numeric' : family
}

function addConstraint(constraint: Constraint, draft: Draft): void {
  const name = plainName(constraint.name)
  if (name === undefined) unknowable('a constraint needs a name to be added in a batch: "Constraint must have a name"')
  if (constraint.kind === 'primaryKey') dropKey(draft)
  draft.named.set(name, constraint)
}

function dropKey(draft: Draft): void {
  for (const [name, c] of draft.named) if (c.kind === 'primaryKey') draft.named.delete(name)
  draft.unnamed.splice(0, draft.unnamed.length, ...draft.unnamed.filter((c) => c.kind !== 'primaryKey'))
}

function dropConstraint(name: string, draft: Draft): void {
  if (!draft.named.delete(name)) unknowable(`there is no constraint ${name} that SQLAlchemy could see`)
}

function finish(draft: Draft, batch: Batch, old: Table): Table {
  const order = columnOrder(draft, batch)
  const kept = [...draft.named.values(), ...draft.unnamed].filter((c) => stands(c, draft))
  const keys = kept.filter((c) => c.kind === 'primaryKey' && c.columns.length > 0)
  const constraints = [...keys, ...kept.filter((c) => c.kind !== 'primaryKey'), ...(batch.tableArguments ?? [])]
  const has = (i: Index) => indexColumns(i).every((c) => draft.columns.has(c))
  const options = { ...old.options, ...batch.tableOptions }
  const table: Table = {
    name: old.name,
    ...(old.schema !== undefined && { schema: old.schema }),
    columns: order.map((name) => draft.columns.get(name)!),
    constraints,
    indexes: [...draft.indexes.values(), ...draft.newIndexes.values()].filter(has),
    ...(Object.keys(options).length > 0 && { options }),
  }
  return [...draft.renamed].reduce((t, [from, to]) => renameColumn(t, from, to), table)
}

/** A constraint goes silently with the columns it stands on, or that it calls by a name they get in this very batch. */
function stands(constraint: Constraint, draft: Draft): boolean {
  if (constraint.kind === 'check' && !constraint.typeBound) return true
  return constraintColumns(constraint).every((c) => draft.columns.has(c))
}

function columnOrder(draft: Draft, { partialReordering = [] }: Batch): readonly string[] {
  const names = [...draft.columns.keys()]
  if (partialReordering.length === 0 && draft.pairs.length === 0) return names
  const chains = partialReordering.length > 0 ? partialReordering : [draft.existing]
  const pairs = [...chains.flatMap((chain) => chain.slice(1).map((name, i): Pair => [chain[i]!, name])), ...draft.pairs]
  return sortByPairs(names, pairs) ?? unknowable('the places asked for the columns contradict each other')
}

function transfers(draft: Draft, table: Table): readonly Transfer[] {
  const old = new Map([...draft.renamed].map(([from, to]) => [to, from]))
  return table.columns
    .filter((c) => !c.computed)
    .map((c) => ({ from: old.get(c.name) ?? c.name, to: c.name }))
    .filter(({ from }) => draft.copied.has(from))
    .map((t) => (draft.casts.has(t.from) ? { ...t, cast: draft.casts.get(t.from)! } : t))
}

function lostItems(known: Table, reflected: Table, { copyFrom }: Batch): readonly string[] {
  if (copyFrom) return []
  const checks = known.constraints.filter((c) => c.kind === 'check' && c.name === undefined).length
  const seen = new Set(reflected.indexes.map((i) => plainName(i.name)))
  const indexes = known.indexes.map((i) => plainName(i.name)).filter((name) => !seen.has(name))
  return [
    ...(checks > 0 ? [`${checks} nameless CHECK of ${known.name}`] : []),
    ...indexes.map((name) => `the expression index ${name}`),
    ...(known.options?.sqlite_autoincrement ? [`AUTOINCREMENT of ${known.name}`] : []),
  ]
}
