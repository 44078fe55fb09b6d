import type { DialectName } from '../dialects/dialect-name.ts'
import type { Operation } from '../schema/operation.ts'
import { emptySchema, type Schema, type TableName } from '../schema/table.ts'
import type { Target } from '../schema/target.ts'

export type DdlEffect =
  | { readonly kind: 'none' }
  | { readonly kind: 'operations'; readonly operations: readonly Operation[] }
  | { readonly kind: 'unknown'; readonly tables: readonly TableName[] | 'all'; readonly reason: string }

export function readDdl(statement: string, _dialect: DialectName): DdlEffect {
  return /^\s*(?:create|alter|drop|rename)\b/i.test(statement)
    ? { kind: 'unknown', tables: 'all', reason: 'raw DDL' }
    : { kind: 'none' }
}

export function readSchema(
  _sql: string,
  _dialect: DialectName,
  _target: Target,
): { readonly schema: Schema; readonly problems: readonly { readonly line: number; readonly reason: string }[] } {
  return { schema: emptySchema, problems: [] }
}
