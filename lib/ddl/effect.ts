import type { Operation } from '../schema/operation.ts'
import type { TableName } from '../schema/table.ts'

/** What a statement does to all that the model of a schema holds. */
export type DdlEffect =
  | { readonly kind: 'none' }
  /** To be followed with `apply`. */
  | { readonly kind: 'operations'; readonly operations: readonly Operation[] }
  /** These tables are not known from now on. */
  | { readonly kind: 'unknown'; readonly tables: readonly TableName[] | 'all'; readonly reason: string }

export const none: DdlEffect = { kind: 'none' }

export function operations(...done: readonly Operation[]): DdlEffect {
  return done.length === 0 ? none : { kind: 'operations', operations: done }
}

export function unknown(tables: readonly TableName[] | 'all', reason: string): DdlEffect {
  return { kind: 'unknown', tables, reason }
}
