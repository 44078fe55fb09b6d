import { evaluate } from '../../lib/importer/evaluate.ts'
import { readScript } from '../../lib/importer/history/read-script.ts'
import { Knowledge } from '../../lib/importer/knowledge.ts'
import { SourceTree } from '../../lib/importer/source-tree.ts'
import { emptySchema, type Schema } from '../../lib/schema/table.ts'
import type { Target } from '../../lib/schema/target.ts'

export interface Imported {
  readonly statements: readonly string[]
  readonly notes: readonly string[]
  readonly todos: readonly string[]
  /** What is known of the database afterwards. */
  readonly schema: Schema
}

/** What a script becomes on an empty database, by the importer as it is; `modules` are the application's, by path. */
export function imported(source: string, target: Target, modules: Readonly<Record<string, string>> = {}): Imported {
  const script = readScript('script.py', new TextEncoder().encode(source))
  if (!('module' in script)) throw new Error(script.reason)
  const knowledge = new Knowledge(target, emptySchema, true)
  const context = { knowledge, sources: new SourceTree((path) => modules[path], ['app']), types: new Map() }
  const { items, raised } = evaluate(script, context)
  const stops = raised.map(({ type, message }) => `raises ${type}: ${message}`)
  return {
    statements: items.flatMap((item) => (item.kind === 'sql' ? item.statements : [])),
    notes: items.flatMap((item) => (item.kind === 'sql' ? item.notes : [])),
    todos: [...items.flatMap((item) => (item.kind === 'todo' ? [item.reason] : [])), ...stops],
    schema: knowledge.schema,
  }
}

/** The body of an `upgrade()` as a revision of Alembic's. */
export function revision(body: string): string {
  const lines = body.split('\n').map((line) => `    ${line}`)
  return `
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

revision = 'a1'
down_revision = None

def upgrade():
    context = op.get_context()
${lines.join('\n')}
`
}
