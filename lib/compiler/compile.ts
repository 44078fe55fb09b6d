import type { Operation } from '../schema/operation.ts'
import type { Schema, Table } from '../schema/table.ts'
import type { Target } from '../schema/target.ts'
import { Unknowable } from '../schema/unknowable.ts'
import type { Compiler } from './base.ts'
import { notesOnMoments } from './moments.ts'
import { MysqlCompiler } from './mysql.ts'
import { PostgresCompiler } from './postgres.ts'
import { SqliteCompiler } from './sqlite.ts'

/** Something that cannot be known, or that the database cannot do; it becomes a todo. */
export interface Problem {
  readonly reason: string
}

export interface Compiled {
  /** Each one statement, without its semicolon. */
  readonly statements: readonly string[]
  /** What a person who reviews the SQL should know. */
  readonly notes: readonly string[]
  readonly problems: readonly Problem[]
  /** A table that is made anew from its shape as the schema has it: what else it had would be lost. */
  readonly rebuilt?: Table
}

/** The SQL of an operation on a database that is now as `schema` says. */
export function compile(operation: Operation, schema: Schema, target: Target): Compiled {
  const compiler = compilerFor(schema, target)
  try {
    return {
      statements: compiler.compile(operation),
      notes: [...compiler.notes, ...notesOnMoments(operation)],
      problems: [],
      ...(compiler.rebuilt && { rebuilt: compiler.rebuilt }),
    }
  } catch (error) {
    if (!(error instanceof Unknowable)) throw error
    return { statements: [], notes: compiler.notes, problems: [{ reason: error.message }] }
  }
}

function compilerFor(schema: Schema, target: Target): Compiler {
  switch (target.dialect) {
    case 'postgres':
      return new PostgresCompiler(schema, target)
    case 'mysql':
      return new MysqlCompiler(schema, target)
    case 'sqlite':
      return new SqliteCompiler(schema, target)
  }
}
