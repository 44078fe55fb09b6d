import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import { Arguments, known } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import type { ModuleParts, Names } from '../modules.ts'
import type { Recorder } from '../recorder.ts'
import { remember } from '../recorder-of.ts'
import { bindparamCall } from './bind.ts'
import { existsCall } from './exists.ts'
import {
  aggregateOrderBy,
  arrayCall,
  betweenCall,
  caseCall,
  castCall,
  collateCall,
  columnCall,
  compound,
  conjunction,
  constant,
  distinctCall,
  extractCall,
  literalCall,
  literalColumnCall,
  modifier,
  notCall,
  quantifiedCall,
  tableClauseCall,
  textCall,
  tupleCall,
  typeCoerceCall,
} from './expression-calls.ts'
import { expressionBehaviour } from './expression-methods.ts'
import { jsonFrom } from './read-literal.ts'
import { tableValue } from './read-schema.ts'
import { SaClass } from './sa-class.ts'
import { SaExpression, setBehaviour } from './sa-expression.ts'
import { SaInsert } from './sa-insert.ts'
import { SaSelect } from './sa-select.ts'
import { SaColumn, SaTable } from './sa-table.ts'
import { SaUpdate } from './sa-update.ts'
import { selectCall } from './select-call.ts'
import { joined } from './selectables.ts'
import { SaFunctions } from './sql-functions.ts'
import { deleteFrom, insertInto, updateOf } from './table-methods.ts'
import { SaText } from './text-clause.ts'
import { readingStill } from './unreadable-select.ts'

setBehaviour(expressionBehaviour)

const fn = (name: string, run: (call: Call) => Value): readonly [string, Value] => [name, hostFunction(name, run)]

const func = new SaFunctions()

const operators: Names = Object.fromEntries([
  fn('and_', (call) => conjunction('AND', call)),
  fn('or_', (call) => conjunction('OR', call)),
  fn('not_', notCall),
  fn('cast', castCall),
  fn('try_cast', castCall),
  fn('type_coerce', typeCoerceCall),
  fn('literal', literalCall),
  fn('literal_column', literalColumnCall),
  fn('null', () => constant(null)),
  fn('true', () => constant(true)),
  fn('false', () => constant(false)),
  fn('extract', extractCall),
  fn('tuple_', tupleCall),
  fn('any_', (call) => quantifiedCall('ANY', call)),
  fn('all_', (call) => quantifiedCall('ALL', call)),
  fn('distinct', distinctCall),
  fn('collate', collateCall),
  fn('between', betweenCall),
  fn('bindparam', bindparamCall),
  fn('asc', (call) => modifier('ASC', call)),
  fn('desc', (call) => modifier('DESC', call)),
  fn('nulls_first', (call) => modifier('NULLS FIRST', call)),
  fn('nullsfirst', (call) => modifier('NULLS FIRST', call)),
  fn('nulls_last', (call) => modifier('NULLS LAST', call)),
  fn('nullslast', (call) => modifier('NULLS LAST', call)),
])

const statements: Names = {
  insert: hostFunction('insert', (call) => insertInto(tableOf(call), rest(call))),
  update: hostFunction('update', (call) => updateOf(tableOf(call), rest(call))),
  delete: hostFunction('delete', (call) => deleteFrom(tableOf(call), rest(call))),
  select: hostFunction('select', (call) => readingStill(call, () => selectCall(call))),
  exists: hostFunction('exists', existsCall),
  union: hostFunction('union', (call) => compound('UNION', call)),
  union_all: hostFunction('union_all', (call) => compound('UNION ALL', call)),
  intersect: hostFunction('intersect', (call) => compound('INTERSECT', call)),
  except_: hostFunction('except_', (call) => compound('EXCEPT', call)),
  join: hostFunction('join', (call) => joinCall(call, false)),
  outerjoin: hostFunction('outerjoin', (call) => joinCall(call, true)),
  alias: hostFunction('alias', ({ vm, args, kwargs, at }) =>
    vm.invoke(vm.attribute(args[0] ?? null, 'alias', at), args.slice(1), kwargs, at),
  ),
}

function tableOf({ vm, args, kwargs }: Call): SaTable {
  return tableValue(vm, args[0] ?? kwargs.get('table') ?? null)
}

function rest(call: Call): Call {
  const kwargs = new Map([...call.kwargs].filter(([name]) => name !== 'table'))
  return { ...call, args: call.args.slice(1), kwargs }
}

function joinCall(call: Call, isOuter: boolean): Value {
  const given = new Arguments(call, 'left', 'right', 'onclause', 'isouter', 'full')
  const sides = [given.value('left') ?? null, given.value('right') ?? null] as const
  const outer = isOuter || (given.bool('isouter') ?? false)
  return joined(call.vm, sides, given.given('onclause'), outer, given.bool('full') ?? false)
}

const clauses: Names = {
  text: hostFunction('text', textCall),
  column: hostFunction('column', columnCall),
  table: hostFunction('table', tableClauseCall),
  case: hostFunction('case', caseCall),
  func,
}

const all: Names = { ...operators, ...statements, ...clauses }

const isExpression = (value: Value) => value instanceof SaExpression
const classes: Names = {
  TextClause: new SaClass('TextClause', textCall, (value) => value instanceof SaText),
  ColumnElement: new SaClass('ColumnElement', undefined, isExpression),
  ClauseElement: new SaClass('ClauseElement', undefined, (value) => isExpression(value) || value instanceof SaSelect),
  ColumnClause: new SaClass('ColumnClause', columnCall, (value) => value instanceof SaColumn),
  TableClause: new SaClass('TableClause', tableClauseCall, (value) => value instanceof SaTable),
  Select: new SaClass('Select', selectCall, (value) => value instanceof SaSelect),
  Insert: new SaClass('Insert', undefined, (value) => value instanceof SaInsert),
  Update: new SaClass('Update', undefined, (value) => value instanceof SaUpdate && value.verb === 'update'),
  Delete: new SaClass('Delete', undefined, (value) => value instanceof SaUpdate && value.verb === 'delete'),
}

const dialect: Names = {
  insert: statements.insert!,
  array: hostFunction('array', arrayCall),
  aggregate_order_by: hostFunction('aggregate_order_by', aggregateOrderBy),
}

/** `sa.func` as a module: `from sqlalchemy.sql.functions import now`. */
const functions: Names = Object.fromEntries(
  ['now', 'count', 'coalesce', 'current_timestamp', 'max', 'min', 'sum', 'concat', 'random', 'user'].map((name) => [
    name,
    func.get(name)!,
  ]),
)

function part(names: Names): ModuleParts[string] {
  return (vm: Interpreter, recorder: Recorder) => {
    remember(vm, recorder)
    return names
  }
}

/** A dict that psycopg2 is to write as JSON. */
function jsonCall({ vm, args }: Call): Value {
  return new SaExpression({ kind: 'literal', value: jsonFrom(vm, known(vm, args[0] ?? null)) })
}

/** Scripts look at the version to tell how `select` is to be written. */
function versionOf({ target }: Recorder): string {
  return { '1.3': '1.3.24', '1.4': '1.4.54', '2.0': '2.0.40' }[target.sqlalchemy ?? '1.4']
}

const dialectModules = ['postgresql', 'mysql', 'mariadb', 'sqlite'].flatMap((name) =>
  [`sqlalchemy.dialects.${name}`, `sqlalchemy.dialects.${name}.dml`].map((module) => [module, part(dialect)] as const),
)

/** The expression and statement side of SQLAlchemy. */
export const expressionModules: ModuleParts = {
  sqlalchemy: (vm, recorder) => ({ ...part(all)(vm, recorder), __version__: versionOf(recorder) }),
  'sqlalchemy.sql': part({ ...all, functions: func }),
  'sqlalchemy.sql.expression': part({ ...all, ...classes }),
  'sqlalchemy.sql.elements': part(classes),
  'sqlalchemy.sql.selectable': part(classes),
  'sqlalchemy.sql.dml': part(classes),
  'sqlalchemy.sql.functions': part({ ...functions, func }),
  'sqlalchemy.sql.operators': part({}),
  'psycopg2.extras': part({ Json: hostFunction('Json', jsonCall) }),
  'psycopg.types.json': part({ Json: hostFunction('Json', jsonCall), Jsonb: hostFunction('Jsonb', jsonCall) }),
  'sqlalchemy.future': part({ select: statements.select! }),
  ...Object.fromEntries(dialectModules),
}
