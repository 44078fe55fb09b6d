import { type Catalogue, type CatalogueObject, keyOf, type Part, partReference } from '../catalogue/model.ts'
import { isTable, looseNeeds, ownerReference } from '../catalogue/postgres-dump.ts'
import { name, titleOf } from '../catalogue/postgres-names.ts'
import { ownerOf, sorted } from '../catalogue/postgres-order.ts'
import { commentSql, createSql, enabledSql, type Objects, objectsOf, ownedSql } from '../catalogue/postgres-sql.ts'
import { addPartSql, attachSql, notNullName, tableSql } from '../catalogue/postgres-table-sql.ts'
import type { Change } from './changes.ts'
import { alterSql } from './postgres-alter.ts'
import { isOwnedByGone, parentsOf } from './postgres-drops.ts'
import { columnsOf, type Fates, isFrom, partitionsOf } from './postgres-fates.ts'
import { changeTable, type Waiting } from './postgres-table.ts'

export function plain(object: string, sql: string, loses?: string): Change {
  return { object, sql, loses, unfinished: undefined }
}

/** Makes and changes, each thing after what it needs. */
export class Making {
  readonly #expected: Catalogue
  readonly #fates: Fates
  readonly #there: Objects
  readonly #wanted: Objects
  readonly #made = new Set<string>()
  readonly #changes: Change[] = []
  readonly #notNullNames: ReadonlySet<string>
  #waiting: Waiting[] = []

  constructor(actual: Catalogue, expected: Catalogue, fates: Fates) {
    this.#expected = expected
    this.#fates = fates
    this.#there = objectsOf(actual.objects)
    this.#wanted = objectsOf(expected.objects)
    const columns = [...actual.objects, ...expected.objects].flatMap(columnsOf)
    const names = columns.map(({ properties }) => notNullName(properties['not null'] ?? ''))
    this.#notNullNames = new Set(names.filter((title) => title !== undefined))
  }

  run(): readonly Change[] {
    const { objects } = this.#expected
    for (const object of objects) this.#keep(object)
    for (const object of sorted(objects)) {
      const before = this.#there.get(keyOf(object))
      if (!before || this.#fates.of.get(keyOf(object)) === 'again') this.#create(object, before)
      else this.#change(before, object)
      this.#made.add(keyOf(object))
      this.#settle()
    }
    for (const one of this.#waiting) this.#tell(one.object, one.statements)
    return this.#changes
  }

  /** What stays is there from the beginning. */
  #keep(object: CatalogueObject): void {
    const key = keyOf(object)
    const before = this.#there.get(key)
    if (!before || this.#fates.of.get(key) === 'again') return
    const isSame = !this.#fates.of.has(key)
    if (isSame) this.#made.add(key)
    for (const part of object.parts) {
      const reference = partReference(key, part)
      const isThere = before.parts.some(({ kind, name }) => kind === part.kind && name === part.name)
      if (isThere && !this.#fates.of.has(reference)) this.#made.add(reference)
    }
  }

  #tell(object: CatalogueObject, all: readonly string[]): void {
    for (const sql of all) this.#changes.push(plain(keyOf(object), sql))
  }

  #isMade(reference: string): boolean {
    return this.#made.has(reference) || ownerOf(reference, this.#wanted) === undefined
  }

  #settle(): void {
    for (let count = -1; count !== this.#waiting.length; ) {
      count = this.#waiting.length
      this.#waiting = this.#waiting.filter((one) => {
        if (!one.needs.every((need) => this.#isMade(need))) return true
        this.#tell(one.object, one.statements)
        if (one.makes) this.#made.add(one.makes)
        return false
      })
    }
  }

  #create(object: CatalogueObject, before: CatalogueObject | undefined): void {
    const key = keyOf(object)
    if (isTable(object)) {
      const shown = this.#withNames(object)
      const later = object.parts.filter(
        (part) => !looseNeeds(part).every((need) => need.startsWith(`${key}: `) || this.#isMade(need)),
      )
      this.#tell(object, [
        ...tableSql(shown, new Set(later.map((part) => shown.parts[object.parts.indexOf(part)]!))),
        ...commentSql(object, this.#wanted, object.properties.comment),
      ])
      this.#tell(object, attachSql(object))
      for (const part of later) {
        const makes = part.kind === 'column' ? undefined : partReference(key, part)
        this.#waiting.push({ object, needs: looseNeeds(part), statements: addPartSql(object, part), makes })
      }
      for (const part of object.parts)
        if (part.kind === 'column' || !later.includes(part)) this.#made.add(partReference(key, part))
    } else {
      this.#tell(object, createSql(object, this.#wanted))
      for (const part of object.parts) this.#made.add(partReference(key, part))
      if (object.kind === 'sequence') this.#own(object)
    }
    this.#tell(object, before?.granted ?? [])
  }

  /** From version 18 on NOT NULL has a name; the usual one is said where something else has it, as the server would choose another. */
  #withNames(table: CatalogueObject): CatalogueObject {
    const parts = table.parts.map((part) => {
      const usual = name(`${table.name}_${part.name}_not_null`)
      if (part.kind !== 'column' || part.properties['not null'] !== 'yes' || !this.#notNullNames.has(usual)) return part
      return { ...part, properties: { ...part.properties, 'not null': `yes as ${usual}` } }
    })
    return { ...table, parts }
  }

  #own(sequence: CatalogueObject): void {
    if (sequence.properties['owned by'] === undefined) return
    const needs = [ownerReference(sequence, this.#expected.objects)]
    this.#waiting.push({ object: sequence, needs, statements: ownedSql(sequence), makes: undefined })
  }

  #change(before: CatalogueObject, object: CatalogueObject): void {
    const key = keyOf(object)
    const [from, to] = [before.properties, object.properties]
    if (isTable(object)) this.#changeTable(before, object)
    else {
      const parts = object.kind === 'materialized view' ? this.#indexesOf(before, object) : []
      for (const { sql, loses } of alterSql(before, object, this.#wanted)) this.#changes.push(plain(key, sql, loses))
      this.#tell(object, parts)
      for (const part of object.parts) this.#made.add(partReference(key, part))
    }
    if (from.enabled !== to.enabled) this.#tell(object, enabledSql(object, from.enabled, this.#wanted))
    if (from.comment !== to.comment) this.#tell(object, commentSql(object, this.#wanted, to.comment, true))
    if (
      object.kind === 'sequence' &&
      (from['owned by'] !== to['owned by'] || isOwnedByGone(before, this.#there, this.#fates))
    )
      this.#own(object)
  }

  #indexesOf(before: CatalogueObject, object: CatalogueObject): readonly string[] {
    return object.parts
      .filter((part) => part.kind === 'index')
      .filter((part) => {
        const there = before.parts.some(({ kind, name }) => kind === part.kind && name === part.name)
        return !there || this.#fates.of.get(partReference(keyOf(object), part)) === 'again'
      })
      .flatMap((part) => addPartSql(object, part))
  }

  #changeTable(before: CatalogueObject, table: CatalogueObject): void {
    const key = keyOf(table)
    const { changes, waiting } = changeTable(this.#followed(before), table, this.#fates, this.#givenTo(before))
    this.#changes.push(...changes)
    const own = waiting.filter(({ makes }) => !this.#comes(table, makes))
    this.#waiting.push(...own.map((one) => ({ ...one, needs: [...one.needs, ...this.#childrensKeys(table, one)] })))
    for (const part of table.parts) {
      const reference = partReference(key, part)
      if (!own.some(({ makes }) => makes === reference)) this.#made.add(reference)
    }
    if (!this.#fates.detached.has(key) && isIn(before) === isIn(table)) return
    // what its parts wait for may be made after it, and it can be in its place before they are
    this.#settle()
    const parents = table.properties.inherits?.split(', ') ?? []
    this.#tell(table, [
      ...attachSql(table),
      ...parents.map((parent) => `ALTER TABLE ${titleOf(table)} INHERIT ${parent}`),
    ])
  }

  /** Whether a check or a foreign key of a partition comes from the table that it is in. */
  #comes(table: CatalogueObject, makes: string | undefined): boolean {
    if (makes === undefined || this.#fates.detached.has(keyOf(table)) || table.properties['partition of'] === undefined)
      return false
    const part = table.parts.find((one) => partReference(keyOf(table), one) === makes)!
    return (
      (part.kind === 'check' || part.kind === 'foreign key') &&
      parentsOf(table, this.#wanted).some((parent) => parent.parts.some((own) => isFrom(own, part)))
    )
  }

  /** The keys and indexes of partitions are made first, under their own names; that of the whole finds them. */
  #childrensKeys(table: CatalogueObject, { makes }: Waiting): readonly string[] {
    const part = table.parts.find((one) => partReference(keyOf(table), one) === makes)
    if (
      !part ||
      table.properties['partitioned by'] === undefined ||
      part.kind === 'check' ||
      part.kind === 'foreign key'
    )
      return []
    return partitionsOf(table, this.#wanted).flatMap((child) =>
      child.parts.filter((own) => isFrom(part, own)).map((own) => partReference(keyOf(child), own)),
    )
  }

  /** The columns that a table has from the tables that it is in, where all changes. */
  #givenTo(table: CatalogueObject): ReadonlySet<string> {
    if (this.#fates.detached.has(keyOf(table))) return new Set()
    const parents = parentsOf(table, this.#there).filter(
      (parent) => this.#wanted.has(keyOf(parent)) && this.#fates.of.get(keyOf(parent)) !== 'again',
    )
    const after = parents.map((parent) => this.#wanted.get(keyOf(parent))!)
    return new Set([...parents, ...after].flatMap(columnsOf).map(({ name }) => name))
  }

  /** A table as it is after what is done to the tables that it is in is done to it. */
  #followed(table: CatalogueObject): CatalogueObject {
    if (this.#fates.detached.has(keyOf(table))) return table
    let child = table
    for (const parent of parentsOf(table, this.#there)) {
      const after = this.#wanted.get(keyOf(parent))
      if (!after || this.#fates.of.get(keyOf(parent)) === 'again') continue
      const before = this.#followed(parent)
      const columns = columnsOf(child).map((column) => follow(column, before, after))
      const isNew = ({ name }: Part) => ![...columnsOf(before), ...columns].some((one) => one.name === name)
      const isPartition = table.properties['partition of'] !== undefined
      const fresh = columnsOf(after)
        .filter(isNew)
        .map((column) => inherit(column, isPartition))
      child = { ...child, parts: [...columns, ...fresh, ...child.parts.filter(({ kind }) => kind !== 'column')] }
    }
    return child
  }
}

const isIn = ({ properties }: CatalogueObject) => properties['partition of'] ?? properties.inherits

function inherit({ properties: { comment, identity, ...properties }, ...column }: Part, isPartition: boolean): Part {
  return { ...column, properties: isPartition ? properties : { ...properties, inherited: 'yes' } }
}

/** A column of a child after its parent's column has changed: what changes there changes here. */
function follow(column: Part, parent: CatalogueObject, after: CatalogueObject): Part {
  const [from, to] = [parent, after].map((table) => columnsOf(table).find(({ name }) => name === column.name))
  if (!from || !to) return column
  const properties: Record<string, string> = { ...column.properties }
  for (const property of Object.keys({ ...from.properties, ...to.properties })) {
    if (property === 'comment' || property === 'inherited' || from.properties[property] === to.properties[property])
      continue
    const value = to.properties[property]
    if (value === undefined) delete properties[property]
    else properties[property] = value
  }
  return { ...column, properties }
}
