import { withParameters } from '../../compiler/parameters.ts'
import { renderSelect } from '../../compiler/select.ts'
import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Unknowable } from '../../schema/unknowable.ts'
import type { Recorder } from '../recorder.ts'
import type { StatementData } from '../sqlalchemy/sa-statement.ts'
import { changingFunction } from './aggregates.ts'
import { readStatement } from './read.ts'
import { Result, unknownResult } from './result.ts'
import { isWord, type Token, tokensOf } from './sql-tokens.ts'

/** Runs a statement that a script hands to the database: a change is performed, a question gives a result. */
export function runStatement(vm: Interpreter, recorder: Recorder, data: StatementData, at: Span): Result {
  if (data.kind === 'operation') {
    recorder.perform(vm, data.operation, at)
    return changed()
  }
  if (data.kind === 'select') return runSelect(vm, recorder, data, at)
  const text = literalText(data, recorder)
  const tokens = tokensOf(text ?? data.sql, recorder.target.dialect)
  const nature = natureOf(tokens, recorder)
  if (nature === 'nothing') return changed()
  if (nature === 'lock') return new Result({ kind: 'known', columns: ['locked'], rows: [[true]] })
  if (nature === 'read') {
    return text === undefined ? unknownResult('what a query gives') : readStatement(tokens!, { vm, recorder, at })
  }
  if (nature === 'rollback') recorder.todo(vm, 'the script rolls back what it did', at)
  else {
    const { kind: _, ...execute } = data
    recorder.perform(vm, { kind: 'execute', ...execute }, at)
  }
  return changed()
}

/** Whatever the values of its parameters are. */
export function readsOnly(sql: string, recorder: Recorder): boolean {
  return natureOf(tokensOf(sql, recorder.target.dialect), recorder) === 'read'
}

function changed(): Result {
  return new Result({ kind: 'change' })
}

function runSelect(
  vm: Interpreter,
  recorder: Recorder,
  { select }: Extract<StatementData, { readonly kind: 'select' }>,
  at: Span,
): Result {
  const text = quietly(() => renderSelect(select, recorder.target))
  if (text === undefined) return unknownResult('what a query gives')
  return runStatement(vm, recorder, { kind: 'text', sql: text, raw: true }, at)
}

/** The SQL with its parameters written out; undefined where one of them has no value. */
function literalText(
  data: Extract<StatementData, { readonly kind: 'text' }>,
  { target }: Recorder,
): string | undefined {
  return quietly(() => withParameters({ ...data, kind: 'execute' }, target.dialect))
}

function quietly(run: () => string): string | undefined {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof Unknowable)) throw error
    return undefined
  }
}

type Nature = 'read' | 'change' | 'nothing' | 'rollback' | 'lock'

/** The runner has a lock of its own, so that a script always gets the one it asks for. */
const lockFunctions = new Set(
  `pg_advisory_lock pg_try_advisory_lock pg_advisory_xact_lock pg_try_advisory_xact_lock pg_advisory_unlock get_lock
release_lock`.split(/\s+/),
)

/** The transaction is the runner's: a script's own BEGIN and COMMIT leave no trace. */
const transaction = ['begin', 'commit', 'end', 'start', 'savepoint', 'release']

function natureOf(tokens: readonly Token[] | undefined, recorder: Recorder): Nature {
  // what cannot be read as one statement is for those to judge who write it down
  if (!tokens) return 'change'
  const [first] = tokens
  if (!first) return 'nothing'
  if (isWord(first, ...transaction)) return 'nothing'
  if (isWord(first, 'rollback')) return tokens.some((token) => isWord(token, 'to')) ? 'nothing' : 'rollback'
  if (isWord(first, 'pragma')) return pragmaNature(tokens)
  if (isWord(first, 'show', 'describe', 'desc', 'explain', 'values', 'table')) return 'read'
  if (isWord(first, 'select') || first.text === '(') {
    if (tokens.some((token) => lockFunctions.has(token.value))) return 'lock'
    return changes(tokens) ? 'change' : 'read'
  }
  if (isWord(first, 'with')) {
    const writes = tokens.some((token) => isWord(token, 'insert', 'update', 'delete', 'merge'))
    return writes || changes(tokens) ? 'change' : 'read'
  }
  return recorder.target.dialect === 'mysql' && isWord(first, 'use') ? 'nothing' : 'change'
}

function changes(tokens: readonly Token[]): boolean {
  return changingFunction(tokens) !== undefined || tokens.some((token) => isWord(token, 'into'))
}

const reading = [
  'table_info',
  'table_xinfo',
  'table_list',
  'index_list',
  'index_info',
  'index_xinfo',
  'foreign_key_list',
  'foreign_key_check',
  'database_list',
  'integrity_check',
  'quick_check',
  'compile_options',
  'function_list',
  'collation_list',
]

/** A pragma that is given a value sets it; one that is not tells it. */
function pragmaNature(tokens: readonly Token[]): Nature {
  const name = tokens[tokens[2]?.text === '.' ? 3 : 1]?.value.toLowerCase() ?? ''
  if (reading.includes(name)) return 'read'
  return tokens.some(({ text }) => text === '=' || text === '(') ? 'change' : 'read'
}
