import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import {
  type CompoundSelect,
  type Expression,
  type From,
  type PlainSelect,
  withoutTables,
} from '../../schema/expression.ts'
import { distinctFroms, fromKey, fromsIn, namedBy } from '../../schema/froms.ts'
import { Arguments, known, textOf } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import { recorderOf } from '../recorder-of.ts'
import { Unreadable, unreadable } from '../unreadable.ts'
import { bind, parametersFrom } from './bind.ts'
import { conditionFrom, expressionOf, itemsOf, junction } from './coerce.ts'
import { compiledMethod } from './compiled-statement.ts'
import { existsOf } from './exists.ts'
import { joinCondition } from './join-condition.ts'
import { SaExpression, SaLabel } from './sa-expression.ts'
import { columnOf, SaSelect, type Shown } from './sa-select.ts'
import { commonTable, derive, fromOf, shownFrom, tableBehind, tablesIn } from './selectables.ts'
import { callsMore, readingStill } from './unreadable-select.ts'

type Method = (of: SaSelect, call: Call) => Value

function changed({ draft, shown }: SaSelect, change: Partial<PlainSelect>): SaSelect {
  return new SaSelect({ ...draft, ...change } as PlainSelect | CompoundSelect, shown)
}

function plain({ draft }: SaSelect): PlainSelect {
  return 'compound' in draft ? unreadable('a UNION is changed like a SELECT') : draft
}

function where(of: SaSelect, { vm, args }: Call): Value {
  return changed(of, withCondition(plain(of).where, 'where', vm, args))
}

function having(of: SaSelect, { vm, args }: Call): Value {
  return changed(of, withCondition(plain(of).having, 'having', vm, args))
}

function withCondition(
  before: Expression | undefined,
  name: 'where' | 'having',
  vm: Interpreter,
  args: readonly Value[],
) {
  const added = args.filter((value) => vm.resolve(value) !== null).map((value) => conditionFrom(vm, value))
  const all = junction('AND', [...(before ? [before] : []), ...added])
  return all ? { [name]: all } : {}
}

/** `filter_by(a=1)` */
function filterBy(of: SaSelect, { vm, kwargs }: Call): Value {
  const conditions = [...kwargs].map(([key, value]): Expression => {
    const column = of.shown.find((shown) => shown.key === key) ?? unreadable(`a column ${key}`)
    const found = known(vm, value)
    if (found === null)
      return { kind: 'binary', operator: 'IS', left: column.expression, right: { kind: 'constant', value: null } }
    const right = expressionOf(vm, found, column.type)
    return { kind: 'binary', operator: '=', left: column.expression, right }
  })
  const all = junction('AND', [...(plain(of).where ? [plain(of).where!] : []), ...conditions])
  return changed(of, all ? { where: all } : {})
}

/** `order_by('name')` means a column of the SELECT; a label stands by its name. */
function orderFrom(vm: Interpreter, value: Value, { draft, shown }: SaSelect): Expression {
  const found = known(vm, value)
  if (found instanceof SaLabel && shown.some(({ label }) => label === found.name))
    return { kind: 'column', name: found.name }
  if (typeof found !== 'string') return orderExpression(expressionOf(vm, found), draft)
  const column = shown.find(({ key, label }) => (label ?? key) === found)
  if (!column) return /^\w+$/.test(found) ? { kind: 'column', name: found } : { kind: 'sql', text: found }
  // a UNION is ordered by the names of its columns only
  const name = column.label ?? ('compound' in draft ? column.key : undefined)
  return name === undefined ? column.expression : { kind: 'column', name }
}

function orderExpression(of: Expression, draft: SaSelect['draft']): Expression {
  return 'compound' in draft ? withoutTables(of) : of
}

const ordering =
  (name: 'orderBy' | 'groupBy' | 'distinctOn'): Method =>
  (of, { vm, args }) => {
    const before = (of.draft as PlainSelect)[name] ?? []
    const given = itemsOf(vm, args).filter((value) => vm.resolve(value) !== null)
    if (given.length === 0 && args.length > 0) return changed(of, { [name]: [] })
    return changed(of, { [name]: [...before, ...given.map((value) => orderFrom(vm, value, of))] })
  }

function distinct(of: SaSelect, call: Call): Value {
  return call.args.length > 0 ? ordering('distinctOn')(of, call) : changed(of, { distinct: true })
}

const counted =
  (name: 'limit' | 'offset'): Method =>
  (of, { vm, args }) => {
    const found = known(vm, args[0] ?? null)
    if (found === null) {
      const { [name]: _, ...rest } = of.draft
      return new SaSelect(rest as PlainSelect, of.shown)
    }
    return changed(of, { [name]: typeof found === 'bigint' ? Number(found) : expressionOf(vm, found) })
  }

function selectFromMethod(of: SaSelect, { vm, args }: Call): Value {
  return changed(of, { from: [...plain(of).from, ...args.map((value) => fromOf(vm, value))] })
}

/** `select(a).join(b, …)`: the left side is what the SELECT has so far. */
const joining =
  (isOuter: boolean, isFrom = false): Method =>
  (of, call) => {
    const names = isFrom ? ['from_', 'target', 'onclause'] : ['target', 'onclause']
    const given = new Arguments(call, ...names, 'isouter', 'full')
    const { vm } = call
    const draft = plain(of)
    const right = given.value('target') ?? null
    const on = given.given('onclause')
    const given_left = isFrom ? fromOf(vm, given.value('from_') ?? null) : undefined
    const before = distinctFroms([...draft.from, ...draft.columns.flatMap(({ expression }) => fromsIn(expression))])
    const rightFrom = fromOf(vm, right)
    const others = before.filter((from) => fromKey(from) !== fromKey(rightFrom))
    const condition = on === undefined ? undefined : conditionFrom(vm, on)
    const left = given_left ?? leftOf(others, condition)
    const join = given.bool('full') ? 'FULL' : isOuter || given.bool('isouter') ? 'LEFT' : 'INNER'
    const resolved = condition ?? alongKeys(vm, left, right)
    const from: From = { kind: 'join', join, left, right: rightFrom, on: resolved }
    const rest = draft.from.filter((each) => fromKey(each) !== fromKey(left))
    return changed(of, { from: [...rest, from] })
  }

/** With several tables it is the one that the condition names. */
function leftOf(froms: readonly From[], condition: Expression | undefined): From {
  const [only, ...more] = froms
  if (!only) return unreadable('a join without a left side')
  if (more.length === 0) return only
  const named = new Set((condition ? fromsIn(condition) : []).map(fromKey))
  const fitting = froms.filter((from) => namedBy(from).some((each) => named.has(fromKey(each))))
  return fitting.length === 1 ? fitting[0]! : unreadable('the left side of a join is one of several tables')
}

function alongKeys(vm: Interpreter, left: From, right: Value): Expression {
  const tables = namedBy(left).flatMap((from) => tableBehind(from) ?? [])
  return joinCondition(tables, tablesIn(vm, right))
}

function correlate(name: 'correlate' | 'correlateExcept'): Method {
  return (of, { vm, args }) => {
    const keys = args.filter((value) => vm.resolve(value) !== null).map((value) => fromKey(fromOf(vm, value)))
    return changed(of, { [name]: [...((of.draft as PlainSelect)[name] ?? []), ...keys] })
  }
}

const compounding =
  (compound: string): Method =>
  (of, { vm, args }) => {
    const parts = args.map((value) => known(vm, value))
    const drafts = parts.map((part) =>
      part instanceof SaSelect ? part.draft : unreadable('what is united is no SELECT'),
    )
    return new SaSelect({ compound, of: [of.draft, ...drafts] }, of.shown)
  }

function withColumns(of: SaSelect, { vm, args }: Call, before: readonly Shown[]): Value {
  const shown = [...before, ...itemsOf(vm, args).flatMap((value) => shownFrom(vm, value))]
  return new SaSelect({ ...plain(of), columns: shown.map(columnOf) }, shown)
}

function prefixed(of: SaSelect, call: Call): Value {
  return changed(of, { prefixes: [...(plain(of).prefixes ?? []), ...prefixesIn(call)] })
}

/** `prefix_with('IGNORE', dialect='mysql')`: on another dialect there is none. */
export function prefixesIn({ vm, args, kwargs }: Call): readonly string[] {
  const given = known(vm, kwargs.get('dialect') ?? '*')
  const { dialect } = recorderOf(vm).target
  if (given !== '*' && given !== (dialect === 'postgres' ? 'postgresql' : dialect)) return []
  return args.map((value) => prefixText(vm, value))
}

function prefixText(vm: Interpreter, value: Value): string {
  const found = known(vm, value)
  return found instanceof SaExpression && found.expression.kind === 'sql'
    ? found.expression.text
    : textOf(vm, found, 'a prefix')
}

/** A file has one session: a lock on the rows read means something only to what follows in the transaction. */
function forUpdate(of: SaSelect, call: Call): Value {
  const given = new Arguments(call, 'nowait', 'read', 'of', 'skip_locked', 'key_share')
  if (given.given('of') !== undefined) return unreadable('FOR UPDATE OF')
  const words = given.bool('read') ? 'FOR SHARE' : given.bool('key_share') ? 'FOR NO KEY UPDATE' : 'FOR UPDATE'
  const more = [...(given.bool('nowait') ? ['NOWAIT'] : []), ...(given.bool('skip_locked') ? ['SKIP LOCKED'] : [])]
  return changed(of, { suffix: [words, ...more].join(' ') })
}

function subquery(of: SaSelect, { vm, args, kwargs }: Call): Value {
  const name = args[0] ?? kwargs.get('name') ?? null
  return derive(vm, of, name === null ? undefined : textOf(vm, name, 'an alias'))
}

const methods: { readonly [name: string]: Method } = {
  where,
  filter: where,
  filter_by: filterBy,
  having,
  order_by: ordering('orderBy'),
  group_by: ordering('groupBy'),
  distinct,
  limit: counted('limit'),
  offset: counted('offset'),
  select_from: selectFromMethod,
  join: joining(false),
  outerjoin: joining(true),
  join_from: joining(false, true),
  outerjoin_from: joining(true, true),
  correlate: correlate('correlate'),
  correlate_except: correlate('correlateExcept'),
  union: compounding('UNION'),
  union_all: compounding('UNION ALL'),
  intersect: compounding('INTERSECT'),
  except_: compounding('EXCEPT'),
  column: (of, call) => withColumns(of, call, of.shown),
  add_columns: (of, call) => withColumns(of, call, of.shown),
  with_only_columns: (of, call) => withColumns(of, call, []),
  prefix_with: prefixed,
  with_for_update: forUpdate,
  subquery,
  alias: subquery,
  lateral: (of, { vm, args }) => derive(vm, of, args[0] == null ? undefined : textOf(vm, args[0], 'an alias'), true),
  cte: (of, call) => commonTable(call.vm, of, call),
  scalar_subquery: (of) => of.scalar(),
  as_scalar: (of) => of.scalar(),
  label: (of, { vm, args }) => new SaLabel(of.scalar(), textOf(vm, args[0] ?? null, 'a label')),
  exists: (of) => existsOf(of),
  in_: (of, call) => asScalar(of, 'in_', call),
  execution_options: (of) => of,
  options: (of) => of,
  params: (of, call) => bound(of, call),
  compile: compiledMethod,
}

/** `.params(x=1)` */
function bound(of: SaSelect, { vm, args, kwargs }: Call): Value {
  return new SaSelect(bind(vm, of.draft, parametersFrom(vm, args, kwargs)), of.shown)
}

function asScalar(of: SaSelect, name: string, { vm, args, kwargs, at }: Call): Value {
  return vm.invoke(vm.attribute(of.scalar(), name, at), args, kwargs, at)
}

export function selectAttribute(of: SaSelect, name: string, vm: Interpreter, at: Span): Value | undefined {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  if (method)
    return hostFunction(name, (call) =>
      callsMore(of.draft) ? method(of, call) : readingStill(call, () => method(of, call)),
    )
  if (name === 'c' || name === 'columns' || name === 'selected_columns') return columnsOf(of, vm, at)
  return undefined
}

/** Before 1.4 the columns of a SELECT were those of its subquery. */
function columnsOf(of: SaSelect, vm: Interpreter, at: Span): Value {
  try {
    return derive(vm, of, undefined).get('c') ?? null
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return vm.unknown(error.message, at)
  }
}
