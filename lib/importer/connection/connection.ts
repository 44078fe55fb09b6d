import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, Tuple, Unknown, type Value } from '../../python/values.ts'
import type { TableName } from '../../schema/table.ts'
import { Arguments, listOf, textOf } from '../arguments.ts'
import { DatabaseHandle } from '../database-handle.ts'
import { type Call, hostFunction } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { SaInsert } from '../sqlalchemy/sa-insert.ts'
import { SaUpdate } from '../sqlalchemy/sa-update.ts'
import { SaText } from '../sqlalchemy/text-clause.ts'
import { UnreadableSelect } from '../sqlalchemy/unreadable-select.ts'
import { tablesTouched } from '../statements.ts'
import { Unreadable } from '../unreadable.ts'
import { dialectValue } from './dialect-value.ts'
import { engineValue, leaveWhenAutocommit } from './engine.ts'
import { inspectorValue } from './inspector.ts'
import { isReading, isWriting } from './reading-text.ts'
import { Result, unknownResult } from './result.ts'
import { runScript } from './run-script.ts'
import { readsOnly, runStatement } from './run-statement.ts'
import { type StringStyle, statementsOf } from './statements.ts'
import { commit, rollback, Transaction } from './transaction.ts'

/** SQLAlchemy's connection or a driver's; those of asyncpg take their parameters one by one. */
export type ConnectionKind = 'sqlalchemy' | 'driver' | 'asyncpg'

/** A connection to the database: there is only one, so that all of them are alike. */
export class Connection extends DatabaseHandle {
  readonly recorder: Recorder
  readonly driver: ConnectionKind

  constructor(recorder: Recorder, driver: ConnectionKind = 'sqlalchemy') {
    super('the connection')
    this.recorder = recorder
    this.driver = driver
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined
    return method ? hostFunction(name, (call) => method(this, call)) : this.attribute(name, vm, at)
  }

  protected attribute(name: string, vm: Interpreter, at: Span): Value | undefined {
    switch (name) {
      case 'dialect':
        return dialectValue(this.recorder)
      case 'engine':
      case 'bind':
        return engineValue(this.recorder)
      case 'driver_connection':
      case 'dbapi_connection':
      case 'sync_connection':
        return this
      case 'is_postgres':
      case 'is_postgresql':
        return this.recorder.target.dialect === 'postgres'
      case 'is_mysql':
      case 'is_sqlite':
        return `is_${this.recorder.target.dialect}` === name
      case 'info':
        return new Dict()
      case 'closed':
        return false
      case 'total_changes':
        return vm.unknown('how many rows were changed', at)
      default:
        return undefined
    }
  }

  /** `conn.row_factory = sqlite3.Row`, `conn.autocommit = True`, `conn.isolation_level = None` */
  override set(name: string, value: Value, vm: Interpreter, at: Span): boolean {
    const resolved = vm.resolve(value)
    if (name === 'autocommit' && resolved === true) this.recorder.leaveTransaction(at)
    return ['row_factory', 'text_factory', 'autocommit', 'isolation_level', 'cursor_factory', 'readonly'].includes(name)
  }

  /** `next(get_db())` */
  override iterate(): readonly Value[] {
    return [this]
  }

  override truth(): boolean {
    return true
  }

  override binary(operator: string, other: Value, _reflected: boolean, vm: Interpreter): Value | undefined {
    return vm.resolve(other) === null ? operator === '!=' : undefined
  }

  /** Runs what is handed over; what cannot be read is a todo, unless it is sure that it only reads. */
  run(call: Call, statement: Value, parameters: Value | undefined, style: StringStyle = 'driver'): Result {
    const { vm, at } = call
    try {
      let result = unknownResult('what a statement gave back')
      for (const data of statementsOf(call, this.recorder, statement, parameters, style)) {
        result = runStatement(vm, this.recorder, data, at)
      }
      return result
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      if (!this.#surelyReads(vm, statement, at))
        this.recorder.todo(vm, error.message, at, this.#touchedBy(vm, statement, at))
      return unknownResult(error.message)
    }
  }

  #surelyReads(vm: Interpreter, given: Value, at: Span): boolean {
    const statement = vm.resolve(given)
    if (statement instanceof SaText && readsOnly(statement.sql, this.recorder)) return true
    return statement instanceof UnreadableSelect || isReading(vm.excerpt(at))
  }

  /** What a statement that cannot be read in full may change besides rows; undefined where that may be anything. */
  #touchedBy(vm: Interpreter, given: Value, at: Span): readonly TableName[] | undefined {
    const statement = vm.resolve(given)
    if (changesRows(statement) || isWriting(vm.excerpt(at))) return []
    const text = statement instanceof SaText ? statement.sql : statement
    return typeof text === 'string' ? tablesTouched(text, this.recorder.target.dialect) : undefined
  }

  execute(call: Call, style: StringStyle = 'driver'): Result {
    if (this.driver === 'asyncpg' && call.args.length > 1)
      return this.run(call, call.args[0]!, new Tuple(call.args.slice(1)), style)
    const given = new Arguments(call, 'statement', 'parameters')
    const more = given.more.filter(([name]) => !['execution_options', 'bind_arguments', 'timeout'].includes(name))
    // conn.execute(text, name=value) of SQLAlchemy 1
    const parameters = more.length > 0 ? dictOf(more) : given.value('parameters')
    return this.run(call, given.value('statement') ?? call.args[0] ?? null, parameters, style)
  }

  executeMany(call: Call): Result {
    const [statement = null, rows = null] = call.args
    return this.#orTodo(call, () => {
      for (const row of listOf(call.vm, rows, call.at)) this.run(call, statement, row)
    })
  }

  executeScript(call: Call): Result {
    return this.#orTodo(call, () => runScript(call, this.recorder, textOf(call.vm, call.args[0] ?? null, 'the script')))
  }

  #orTodo({ vm, at }: Call, run: () => void): Result {
    try {
      run()
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      this.recorder.todo(vm, error.message, at)
    }
    return new Result({ kind: 'change' })
  }

  /** `cursor()`; made by those who know cursors. */
  cursor(): Value {
    return new Cursor(this)
  }
}

/** An INSERT, UPDATE or DELETE, also where its values are not known. */
function changesRows(value: Value, depth = 0): boolean {
  if (value instanceof HostObject)
    return [value, value.owner].some((one) => one instanceof SaInsert || one instanceof SaUpdate)
  return value instanceof Unknown && depth < 4 && value.carries.some((one) => changesRows(one, depth + 1))
}

export function dictOf(entries: readonly (readonly [string, Value])[]): Dict {
  const dict = new Dict()
  for (const [key, value] of entries) dict.map.set(`s${key}`, { key, value })
  return dict
}

type Method = (self: Connection, call: Call) => Value

const itself: Method = (self) => self
const nothing: Method = () => null
const begins: Method = (self) => new Transaction(self.recorder, self.driver === 'sqlalchemy' ? undefined : self)

/** `run_sync(fn, *args)` and `run_callable(fn, *args)` */
function calls(self: Connection, { vm, at, args, kwargs }: Call): Value {
  const [fn = null, ...rest] = args
  return vm.awaited(vm.invoke(fn, [self, ...rest], kwargs, at), at)
}

const methods: Readonly<Record<string, Method>> = {
  execute: (self, call) => self.execute(call),
  exec_driver_sql: (self, call) => self.execute(call),
  execute_sql: (self, call) => self.execute(call),
  scalar: (self, call) => self.execute(call).scalar(call.vm, call.at),
  scalars: (self, call) => self.execute(call).scalars(),
  stream: (self, call) => self.execute(call),
  fetch: (self, call) => self.execute(call).all(call.vm, call.at),
  fetch_all: (self, call) => self.execute(call).all(call.vm, call.at),
  fetchrow: (self, call) => self.execute(call).first(call.vm, call.at),
  fetch_one: (self, call) => self.execute(call).first(call.vm, call.at),
  fetchone: (self, call) => self.execute(call).first(call.vm, call.at),
  fetchall: (self, call) => self.execute(call).all(call.vm, call.at),
  fetchval: (self, call) => self.execute(call).scalar(call.vm, call.at),
  fetch_val: (self, call) => self.execute(call).scalar(call.vm, call.at),
  execute_fetchall: (self, call) => self.execute(call).all(call.vm, call.at),
  executemany: (self, call) => self.executeMany(call),
  executescript: (self, call) => self.executeScript(call),
  commit: (self, call) => commit(self.recorder, call),
  rollback: (self, call) => rollback(self.recorder, call),
  begin: begins,
  begin_nested: begins,
  transaction: begins,
  start_transaction: begins,
  get_transaction: begins,
  in_transaction: () => true,
  in_nested_transaction: () => false,
  execution_options: (self, call) => {
    leaveWhenAutocommit(self.recorder, call)
    return self
  },
  set_isolation_level: (self, { args, at }) => {
    if (args[0] === 0n) self.recorder.leaveTransaction(at)
    return null
  },
  set_session: (self, { kwargs, at }) => {
    if (kwargs.get('autocommit') === true) self.recorder.leaveTransaction(at)
    return null
  },
  set_autocommit: (self, { args, at }) => {
    if (args[0] === true) self.recorder.leaveTransaction(at)
    return null
  },
  cursor: (self) => self.cursor(),
  run_sync: calls,
  run_callable: calls,
  connect: itself,
  connection: itself,
  get_bind: itself,
  get_raw_connection: itself,
  acquire: itself,
  inspect: (self) => inspectorValue(self.recorder),
  close: nothing,
  invalidate: nothing,
  detach: nothing,
  release: nothing,
  wait_closed: nothing,
  reset: nothing,
  create_function: nothing,
  enable_load_extension: nothing,
  set_trace_callback: nothing,
  ping: nothing,
}

/** A DB-API cursor: what it executed last is what it gives. */
class Cursor extends DatabaseHandle {
  readonly #connection: Connection
  /** Kept where the evaluator can restore it: branches execute different things. */
  readonly #state = dictOf([['last', unknownResult('what a cursor gives')]])

  constructor(connection: Connection) {
    super('the cursor')
    this.#connection = connection
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    const connection = this.#connection
    switch (name) {
      case 'execute':
        return hostFunction(name, (call) => this.#keep(vm, connection.execute(call)))
      case 'executemany':
        return hostFunction(name, (call) => this.#keep(vm, connection.executeMany(call)))
      case 'executescript':
        return hostFunction(name, (call) => this.#keep(vm, connection.executeScript(call)))
      case 'connection':
        return connection
      case 'close':
      case 'setinputsizes':
      case 'nextset':
        return hostFunction(name, () => null)
      case 'arraysize':
        return 1n
      case 'mogrify':
        return hostFunction(name, (call) => call.vm.unknown('SQL that the driver writes', call.at))
      case 'callproc':
      case 'copy_expert':
      case 'copy_from':
      case 'copy_to':
        return hostFunction(name, (call) => {
          connection.recorder.todo(call.vm, `a cursor's ${name} is called`, call.at)
          return null
        })
      default:
        return vm.attribute(this.#last(vm), name, at)
    }
  }

  #keep(vm: Interpreter, result: Result): Value {
    vm.branches.touch(this.#state)
    this.#state.map.set('slast', { key: 'last', value: result })
    return this
  }

  #last(vm: Interpreter): Value {
    return this.#state.taint ?? vm.resolve(this.#state.map.get('slast')!.value)
  }

  override iterate(vm: Interpreter, at: Span) {
    const last = this.#last(vm)
    return last instanceof Result ? last.iterate(vm, at) : vm.unknown('rows that one of several queries gives', at)
  }

  override truth(): boolean {
    return true
  }
}
