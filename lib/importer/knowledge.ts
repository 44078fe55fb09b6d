import { always, type Predicate } from '../python/predicates.ts'
import { apply, markAssumed, markUnknown } from '../schema/apply.ts'
import type { Operation } from '../schema/operation.ts'
import { type Schema, type Table, type TableName, tableKey } from '../schema/table.ts'
import type { Target } from '../schema/target.ts'
import { absences, comesTo } from './assumptions.ts'
import { attributesChanged, changesRowsOnly, type FactChange, factChanges, tablesChanged } from './fact-changes.ts'
import { type CatalogueRows, type DbFact, factKey } from './facts.ts'
import { rowsChangedBy, tablesAsked } from './row-changes.ts'

/** A fact as a script asked for it: it is about the moment of the question. */
export interface AskedFact {
  readonly fact: DbFact
  readonly version: string
  /** The answer where the history itself made the table that it is about, if that tells. */
  readonly assumed: boolean | undefined
  /** Questions with the same number were asked while nothing changed. */
  readonly moment: number
}

/**
 * What is known of the database along the chain, on one dialect: the schema as far as the chain itself (or `--base`) made
 * it, and single facts about tables of which no more is known.
 */
export class Knowledge {
  schema: Schema
  readonly target: Target
  /** What is not in the schema is known to be absent: the history's beginning is known in full. */
  #complete: boolean
  #facts = new Map<string, boolean>()
  #versions = new Map<string, number>()
  /** Answers that are taken for given in a shape that is assumed, by question. */
  #assumptions = new Map<string, boolean>()
  /** When a table was made where the answer to a question was no. */
  #made = new Map<string, number>()
  /** Changes so far, and the last one to each table's rows; `*` stands for one that may have changed any. */
  #changes = 0
  #rows = new Map<string, number>()
  #keys = new WeakMap<Table, string>()

  constructor(target: Target, base: Schema, complete: boolean) {
    this.target = target
    this.schema = base
    this.#complete = complete
  }

  /** The same, to be asked later how it was now. */
  copy(): Knowledge {
    const copy = new Knowledge(this.target, this.schema, this.#complete)
    for (const [key, holds] of this.#facts) copy.#facts.set(key, holds)
    for (const [key, version] of this.#versions) copy.#versions.set(key, version)
    copy.#assumptions = this.#assumptions
    copy.#made = this.#made
    copy.#changes = this.#changes
    copy.#keys = this.#keys
    copy.#rows = new Map(this.#rows)
    return copy
  }

  /** True, false, or undefined where only the database can tell. */
  settle(fact: DbFact): boolean | undefined {
    if (fact.kind === 'rows') return undefined
    const known = this.#facts.get(this.#key(fact))
    const table = this.table(fact.table)
    if (fact.kind === 'table') {
      if (table?.assumed !== undefined) return known
      return table ? !maybe(table) || known : (known ?? (this.#complete ? false : undefined))
    }
    if (this.settle({ kind: 'table', table: fact.table }) === false) return false
    if (table && isCertain(table)) return this.#inTable(table, fact)
    return known
  }

  /** The table as it is known, by a name as scripts give it. */
  table(name: TableName): Table | undefined {
    const key = this.#tableKey(name)
    const { tables } = this.schema
    for (const own in tables) if (this.#ownKey(tables[own]!) === key) return tables[own]
    return undefined
  }

  asked(fact: DbFact, assumed = this.#assumed(fact)): AskedFact {
    return { fact, version: this.#version(fact), assumed, moment: this.#changes }
  }

  /** What the shapes say that are assumed. */
  #assumed(fact: DbFact): boolean | undefined {
    if (fact.kind === 'rows') return undefined
    const table = this.table(fact.table)
    if (!table || table.unknown !== undefined) return undefined
    return fact.kind === 'table' ? true : this.#inTable(table, fact)
  }

  /** Whether nothing since has changed the answer. */
  isCurrent({ fact, version }: AskedFact): boolean {
    return this.#version(fact) === version
  }

  /** A text that is the same for the same question at the same state. */
  questionKey(fact: DbFact): string {
    return `${this.#key(fact)}@${this.#version(fact)}`
  }

  /** Follows an operation that happens where the predicate holds. */
  follow(operation: Operation, predicate: Predicate): void {
    this.rowsChanged(rowsChangedBy(operation))
    if (changesRowsOnly(operation)) return
    const changes = factChanges(operation)
    const ensures = changes.map((change) => predicate === always || this.#isEnsured(change, predicate))
    const before = this.schema
    const after = apply(before, operation, this.target)
    if (operation.kind === 'dropTable' || operation.kind === 'renameTable')
      for (const table of tablesChanged(operation) ?? []) this.#forget(table)
    this.#bumpAttributes(operation)
    changes.forEach((change, at) => {
      this.#bump(change.fact)
      if (ensures[at]) this.#facts.set(this.#key(change.fact), change.becomes)
      else this.#facts.delete(this.#key(change.fact))
    })
    if (predicate === always) this.schema = after
    else this.#conditional(operation, { before, after, predicate, ensured: ensures[0] ?? false })
  }

  /** Something happened to these tables (to all, where undefined) that cannot be followed. */
  spoil(tables: readonly TableName[] | undefined, reason: string): void {
    this.rowsChanged(undefined)
    if (!tables) this.#complete = false
    const spoiled = tables ?? Object.values(this.schema.tables)
    const there = spoiled.filter((table) => this.settle({ kind: 'table', table }) === true)
    if (!tables) for (const key of [...this.#facts.keys()]) this.#forgetKey(key)
    for (const name of spoiled) {
      this.#forget(name)
      if (there.includes(name)) this.#facts.set(this.#key({ kind: 'table', table: name }), true)
      const table = this.table(name)
      if (table) this.schema = markUnknown(this.schema, table, reason)
      else if (!tables) continue
      else this.#doubt(name)
    }
  }

  /** Rows of these tables may have changed, or any. */
  rowsChanged(tables: readonly TableName[] | undefined): void {
    this.#changes++
    for (const key of tables?.map((table) => this.#tableKey(table)) ?? ['*']) this.#rows.set(key, this.#changes)
  }

  /** From here on the fact holds, or the migration has stopped. */
  learn(fact: DbFact, holds: boolean): void {
    if (fact.kind !== 'rows') this.#facts.set(this.#key(fact), holds)
  }

  #conditional(operation: Operation, { before, after, predicate, ensured }: Conditional): void {
    const tables = tablesChanged(operation) ?? []
    const runs = this.#comesTo(predicate)
    if (operation.kind === 'createTable') {
      this.#createdMaybe(operation.table, after, predicate)
    } else if (
      !ending.includes(operation.kind) &&
      runs !== undefined &&
      tables.length > 0 &&
      this.#haveShapes(tables)
    ) {
      this.#assume(runs ? after : before, tables)
    } else if (operation.kind === 'dropTable' && ensured) {
      this.schema = after
    } else if (tables.length === 0) {
      this.schema = before
    } else {
      for (const table of tables) {
        const found = this.table(table)
        if (found) this.schema = markUnknown(this.schema, found, 'it was changed under a condition')
        if (operation.kind === 'dropTable' || operation.kind === 'renameTable') this.#remove(table)
      }
    }
  }

  /** Made under a condition, a table may have been there before: that it is as it was made now is assumed. */
  #createdMaybe(table: TableName, after: Schema, predicate: Predicate): void {
    const keys = absences(predicate)
    const runs = this.#comesTo(predicate)
    if (runs === false && this.table(table)) return
    if (runs === false || (!runs && !keys) || this.table(table)) {
      this.spoil([table], assumed)
      return
    }
    for (const key of keys ?? []) this.#assumptions.set(key, false)
    if (keys?.length === 1) this.#made.set(keys[0]!, this.#changes)
    this.#assume(after, [table])
  }

  #assume(schema: Schema, tables: readonly TableName[]): void {
    for (const table of tables) {
      // that it is there is as certain as before
      if (this.settle({ kind: 'table', table })) this.#facts.set(this.#key({ kind: 'table', table }), true)
    }
    this.schema = schema
    for (const table of tables) {
      const found = this.table(table)
      if (found) this.schema = markAssumed(this.schema, found, assumed)
    }
  }

  /** The moment after a table was made under this question alone. */
  madeAt(question: string): number | undefined {
    return this.#made.get(question)
  }

  #haveShapes(tables: readonly TableName[]): boolean {
    return tables.every((name) => {
      const table = this.table(name)
      return table !== undefined && table.unknown === undefined
    })
  }

  #comesTo(predicate: Predicate): boolean | undefined {
    return comesTo(predicate, (asked, key) => this.#assumptions.get(key) ?? asked.assumed)
  }

  /** From here on a table has the shape that was assumed, or the migration has stopped. */
  confirm(name: TableName): void {
    const table = this.table(name)
    if (table?.assumed === undefined) return
    const { assumed: _, ...certain } = table
    this.schema = { ...this.schema, tables: { ...this.schema.tables, [tableKey(table)]: certain } }
  }

  #remove(name: TableName): void {
    const table = this.table(name)
    if (!table) return
    const { [tableKey(table)]: _, ...tables } = this.schema.tables
    this.schema = { ...this.schema, tables }
    this.#doubt(name)
  }

  /** Where the beginning is known in full, a table that may or may not be there has to be told apart from an absent one. */
  #doubt(name: TableName): void {
    if (!this.#complete || this.table(name)) return
    const table: Table = { ...name, columns: [], constraints: [], indexes: [], unknown: maybeThere }
    this.schema = { ...this.schema, tables: { ...this.schema.tables, [tableKey(name)]: table } }
  }

  /** It runs only where the fact is not yet so: afterwards it is so in any case. */
  #isEnsured({ fact, becomes }: FactChange, predicate: Predicate): boolean {
    if (predicate.op !== 'is' || predicate.atom.type !== 'fact') return false
    const asked = predicate.atom.fact as AskedFact
    return this.#key(asked.fact) === this.#key(fact) && this.isCurrent(asked) && predicate.holds !== becomes
  }

  #inTable(table: Table, fact: Exclude<DbFact, { kind: 'rows' | 'table' }>): boolean | undefined {
    const same = (a: string, b: string) => this.#fold(a) === this.#fold(b)
    const plain = (name: string | { readonly fixed: string } | undefined) =>
      name === undefined ? undefined : typeof name === 'string' ? name : name.fixed
    if (fact.kind === 'column') return table.columns.some((c) => same(c.name, fact.column))
    const named = (items: readonly { readonly name?: string | { readonly fixed: string } }[]) =>
      items.some((item) => same(plain(item.name) ?? '', fact.name))
    // SQLite gives no names
    const unnamed = this.target.dialect !== 'sqlite' && table.constraints.some((c) => c.name === undefined)
    if (fact.kind === 'constraint') return named(table.constraints) || (unnamed ? undefined : false)
    const backed = table.constraints.filter((c) => c.kind !== 'check')
    return named(table.indexes) || named(backed) || (unnamed ? undefined : false)
  }

  #version(fact: DbFact): string {
    if (fact.kind === 'rows')
      return fact.about ? this.#attributesVersion(fact.about) : `r${this.#lastChange(fact.select)}`
    return `${this.#versions.get(this.#tableKey(fact.table)) ?? 0}.${this.#versions.get(this.#key(fact)) ?? 0}`
  }

  #lastChange(select: string): number {
    const tables = tablesAsked(select, this.target.dialect)
    if (!tables) return this.#changes
    return Math.max(...['*', ...tables.map((table) => this.#tableKey(table))].map((key) => this.#rows.get(key) ?? 0))
  }

  #bump(fact: DbFact): void {
    this.#bumpKey(this.#key(fact))
  }

  #bumpKey(key: string): void {
    this.#versions.set(key, (this.#versions.get(key) ?? 0) + 1)
  }

  #attributesVersion({ table, column, attributes = ['any'] }: CatalogueRows): string {
    const own = this.#tableKey(table)
    const of = column === undefined ? undefined : `${own}.${this.#fold(column)}`
    const parts =
      of === undefined ? [`any ${own}`] : [`all ${own}`, `all ${of}`, ...attributes.map((a) => `${a} ${of}`)]
    return `c${[own, ...parts].map((key) => this.#versions.get(key) ?? 0).join('.')}`
  }

  #bumpAttributes(operation: Operation): void {
    const changed = attributesChanged(operation)
    for (const table of tablesChanged(operation) ?? []) {
      const own = this.#tableKey(table)
      this.#bumpKey(`any ${own}`)
      if (!changed) this.#bumpKey(`all ${own}`)
      for (const { column, attributes } of changed ?? []) {
        const of = `${own}.${this.#fold(column)}`
        if (!attributes) this.#bumpKey(`all ${of}`)
        for (const attribute of ['any', ...(attributes ?? [])]) this.#bumpKey(`${attribute} ${of}`)
      }
    }
  }

  #forget(table: TableName): void {
    const key = this.#tableKey(table)
    this.#versions.set(key, (this.#versions.get(key) ?? 0) + 1)
    const own = [`table ${key}`, `column ${key}.`]
    for (const known of [...this.#facts.keys()]) {
      if (known === own[0] || known.startsWith(own[1]!) || known.endsWith(` on ${key}`)) this.#forgetKey(known)
    }
  }

  #forgetKey(key: string): void {
    this.#facts.delete(key)
    this.#versions.set(key, (this.#versions.get(key) ?? 0) + 1)
  }

  #key(fact: DbFact): string {
    if (fact.kind === 'rows') return factKey(fact)
    const table = { name: this.#tableKey(fact.table) }
    if (fact.kind === 'table') return factKey({ kind: 'table', table })
    if (fact.kind === 'column') return factKey({ kind: 'column', table, column: this.#fold(fact.column) })
    return factKey({ kind: fact.kind, table, name: this.#fold(fact.name) })
  }

  /** The key of a table of the schema, which is asked again and again while the table stays what it is. */
  #ownKey(table: Table): string {
    const known = this.#keys.get(table)
    if (known !== undefined) return known
    const key = this.#tableKey(table)
    this.#keys.set(table, key)
    return key
  }

  #tableKey({ schema, name }: TableName): string {
    const key = schema === undefined || schema === defaultSchemas[this.target.dialect] ? name : `${schema}.${name}`
    return this.target.dialect === 'sqlite' ? key.toLowerCase() : key
  }

  #fold(name: string): string {
    return this.target.dialect === 'postgres' ? name : name.toLowerCase()
  }
}

interface Conditional {
  readonly before: Schema
  readonly after: Schema
  readonly predicate: Predicate
  readonly ensured: boolean
}

const assumed = 'it may have been there before, in another shape'
const ending = ['dropTable', 'renameTable']
const maybeThere = 'it may or may not be there'
const defaultSchemas = { postgres: 'public', mysql: undefined, sqlite: 'main' } as const

function isCertain(table: Table): boolean {
  return table.unknown === undefined && table.assumed === undefined
}

function maybe(table: Table): boolean {
  return table.unknown === maybeThere
}
