import { readDdl } from '../ddl/read-ddl.ts'
import { dialects } from '../dialects/dialects.ts'
import { always } from '../python/predicates.ts'
import type { Conversion, Todo } from './convert.ts'
import type { Knowledge } from './knowledge.ts'
import { headText, todoLine } from './render.ts'
import { statementsIn } from './statements.ts'
import { forDialect } from './tools/for-dialect.ts'
import type { ToolMigration } from './tools/read-tool-file.ts'
import { Unreadable } from './unreadable.ts'

export interface ToolScript {
  readonly tool: ToolMigration
  readonly after: readonly string[] | undefined
  readonly faults: readonly Todo[]
}

/** Another tool's SQL keeps its text; it gets a head of ours, and what does not run here becomes a todo. */
export function convertToolFile({ tool: read, after, faults }: ToolScript, knowledge: Knowledge): Conversion {
  const { dialect } = knowledge.target
  const tool = forDialect(read, dialect)
  const { todos, statements, noTransaction } = survey(tool, knowledge)
  const all = [...faults, ...tool.problems, ...todos]
  const head = {
    title: undefined,
    source: tool.source,
    revision: tool.version,
    after,
    noTransaction: tool.noTransaction || noTransaction,
  }
  const lines = all.map((todo) => todoLine(tool.source, todo))
  const body = tool.sql.trim()
  const paragraphs = [headText(head), ...lines, ...(body === '' ? [] : [body])]
  const text = `${paragraphs.join('\n\n')}\n`
  return { dialect, text, statements, guards: 0, todos: all, effects: statements }
}

/** Reads the statements as the runner will, and follows what they do in what is known of the database. */
function survey(tool: ToolMigration, knowledge: Knowledge) {
  const { dialect } = knowledge.target
  const todos: Todo[] = []
  let noTransaction = false
  const statements = split(tool, knowledge, todos)
  for (const statement of statements) {
    const effect = dialects[dialect].effect(statement)
    const line = tool.firstLine + statement.place.line - 1
    if (typeof effect === 'object') todos.push({ line, reason: effect.refused })
    if (effect === 'alone') noTransaction = true
    for (const _ of statement.data ?? []);
    follow(statement.text, knowledge)
  }
  return { todos, statements: statements.length, noTransaction }
}

function split({ sql, firstLine }: ToolMigration, knowledge: Knowledge, todos: Todo[]) {
  try {
    return statementsIn([sql], knowledge.target.dialect)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    todos.push({ line: firstLine, reason: error.message })
    knowledge.spoil(undefined, 'a file that could not be split')
    return []
  }
}

function follow(text: string, knowledge: Knowledge): void {
  const effect = readDdl(text, knowledge.target.dialect)
  if (effect.kind === 'operations') for (const one of effect.operations) knowledge.follow(one, always)
  else if (effect.kind === 'none') knowledge.rowsChanged(undefined)
  else knowledge.spoil(effect.tables === 'all' ? undefined : effect.tables, effect.reason)
}
