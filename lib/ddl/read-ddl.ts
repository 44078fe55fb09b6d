import type { DialectName } from '../dialects/dialect-name.ts'
import { dialects } from '../dialects/dialects.ts'
import { SqlmigError } from '../errors.ts'
import { apply } from '../schema/apply.ts'
import { putTable } from '../schema/edit.ts'
import { storedTable } from '../schema/stored-names.ts'
import { emptySchema, findTable, type Schema, type TableName } from '../schema/table.ts'
import type { Target } from '../schema/target.ts'
import { Splitter } from '../text/split.ts'
import type { DdlEffect } from './effect.ts'
import { effectOf } from './statement.ts'

export type { DdlEffect } from './effect.ts'
export { type Targets, targetsOf } from './targets.ts'

/** What one statement does to the schema. Comments in it, and its terminator, say nothing. */
export function readDdl(statement: string, dialect: DialectName): DdlEffect {
  return effectOf(statement, { dialect, lexis: dialects[dialect].lexis() })
}

export interface SchemaProblem {
  readonly line: number
  readonly reason: string
}

export interface ReadSchema {
  readonly schema: Schema
  /** What could not be followed; the tables that it is about are unknown. */
  readonly problems: readonly SchemaProblem[]
}

/** The schema that a whole script makes in an empty database. */
export function readSchema(sql: string, dialect: DialectName, target: Target): ReadSchema {
  const problems: SchemaProblem[] = []
  let lexis = dialects[dialect].lexis()
  let schema = emptySchema
  try {
    for (const { text, words, place } of new Splitter([sql], lexis)) {
      const effect = effectOf(text, { dialect, lexis })
      if (effect.kind === 'unknown') problems.push({ line: place.line, reason: effect.reason })
      schema = follow(schema, effect, target)
      if (words[0] === 'set' || words[0] === 'select') lexis = lexis.after(text)
    }
  } catch (error) {
    if (!(error instanceof SqlmigError)) throw error
    problems.push({ line: error.at?.line ?? 1, reason: error.message })
  }
  return { schema, problems }
}

/** The schema after an effect. */
export function follow(schema: Schema, effect: DdlEffect, target: Target): Schema {
  if (effect.kind === 'none') return schema
  if (effect.kind === 'operations') return effect.operations.reduce((s, one) => apply(s, one, target), schema)
  const tables = effect.tables === 'all' ? Object.values(schema.tables) : effect.tables
  return tables.reduce((s, table) => forget(s, table, effect.reason, target), schema)
}

/** A table that is there, but of which no more is known. */
function forget(schema: Schema, name: TableName, unknown: string, target: Target): Schema {
  const known = findTable(schema, storedTable(schema, name, target))
  return putTable(schema, { ...(known ?? { ...name, columns: [], constraints: [], indexes: [] }), unknown })
}
