import type { Module } from '../../python/ast.ts'
import type { Entry } from './entry.ts'

/** A legacy script as its file tells of itself, before it is evaluated. */
export interface Script {
  /** Its path in the legacy folder. */
  readonly source: string
  readonly kind: 'alembic' | 'python'
  readonly module: Module
  /** What the old tool called it; Alembic only. */
  readonly revision: string | undefined
  /** Revisions that have to be there before: `down_revision` and `depends_on`. */
  readonly parents: readonly string[]
  readonly labels: readonly string[]
  /** `YYYYMMDD_HHMMSS`, from its name or its `Create Date`. */
  readonly stamp: string | undefined
  /** Its ordinal, where its name begins with one: `001_init.py`. */
  readonly number: bigint | undefined
  readonly slug: string
  /** Its first words about itself. */
  readonly title: string | undefined
  readonly entry: Entry | undefined
  readonly hadDowngrade: boolean
  /** What is wrong with the file, for a todo in its head. */
  readonly faults: readonly Fault[]
}

export interface Fault {
  readonly line: number
  readonly reason: string
  /** The file could not be read at all. */
  readonly fatal?: boolean
}
