import {
  type CommonTable,
  type Expression,
  type From,
  mapParts,
  type PlainSelect,
  partsOf,
  type Select,
  type SelectColumn,
} from './expression.ts'

/**
 * Makes FROM clauses out of the columns that a statement names, as SQLAlchemy does when it compiles: each column knows
 * what it is selected from; a join hides what it joins; a subquery leaves to the statement around it what both name.
 */
export interface Surroundings {
  /** The FROM of the statement directly around it. */
  readonly near: readonly From[]
  /** Those of all statements around it. */
  readonly all: readonly From[]
  /** Where WITH queries are kept until the outermost statement takes them. */
  readonly common: Map<string, CommonTable>
}

export function nothingAround(): Surroundings {
  return { near: [], all: [], common: new Map() }
}

/** What two equal FROM elements have in common. */
export function fromKey(from: From): string {
  switch (from.kind) {
    case undefined:
      return from.alias ?? (from.schema === undefined ? from.name : `${from.schema}.${from.name}`)
    case 'select':
      return from.alias
    case 'common':
      return from.alias ?? from.table.name
    case 'join':
      return `${fromKey(from.left)} ${from.join} ${fromKey(from.right)}`
    case 'rows':
      return from.alias ?? JSON.stringify(from.of)
  }
}

/** What the columns of an expression are selected from; subqueries have a FROM of their own. */
export function fromsIn(of: Expression): readonly From[] {
  if (of.kind === 'column') return of.from ? [of.from] : []
  return partsOf(of).flatMap(fromsIn)
}

export function distinctFroms(froms: readonly From[]): readonly From[] {
  const byKey = new Map<string, From>()
  for (const from of froms) if (!byKey.has(fromKey(from))) byKey.set(fromKey(from), from)
  const hidden = new Set(froms.flatMap((from) => (from.kind === 'join' ? insideJoin(from) : [])))
  return [...byKey].filter(([key]) => !hidden.has(key)).map(([, from]) => from)
}

function insideJoin(from: From): readonly string[] {
  if (from.kind !== 'join') return []
  return [from.left, from.right].flatMap((side) => [fromKey(side), ...insideJoin(side)])
}

/** All that a FROM element makes nameable: itself, and both sides of a join. */
export function namedBy(from: From): readonly From[] {
  return from.kind === 'join' ? [from, ...namedBy(from.left), ...namedBy(from.right)] : [from]
}

/** The expression with plain columns, and with FROM clauses in its subqueries. */
export function settle(of: Expression, around: Surroundings): Expression {
  if (of.kind === 'column') {
    const { from, ...plain } = of
    return plain
  }
  if (of.kind === 'subquery') return { ...of, select: settleSelect(of.select, around) }
  return mapParts(of, (part) => settle(part, around))
}

/** A whole statement: the WITH queries that it needs stand in front of it. */
export function settledSelect(select: Select): Select {
  const around = nothingAround()
  return withCommon(settleSelect(select, around), around)
}

export function withCommon(select: Select, { common }: Surroundings): Select {
  return common.size > 0 && !('text' in select) ? { ...select, with: [...common.values()] } : select
}

export function settleSelect(select: Select, around: Surroundings): Select {
  if ('text' in select) return select
  if ('compound' in select) {
    const of = select.of.map((each) => settleSelect(each, around))
    return { ...select, of, ...settledEnd(select, around) }
  }
  const shown = shownFroms(select, around)
  const inside: Surroundings = {
    near: shown.flatMap(namedBy),
    all: [...shown.flatMap(namedBy), ...around.all],
    common: around.common,
  }
  const list = (all: readonly Expression[]) => all.map((each) => settle(each, inside))
  const { correlate: _, correlateExcept: __, ...rest } = select
  return {
    ...rest,
    columns: select.columns.map(
      (column): SelectColumn => ({ ...column, expression: settle(column.expression, inside) }),
    ),
    from: shown.map((from) => settleFrom(from, around, inside)),
    ...(select.distinctOn && { distinctOn: list(select.distinctOn) }),
    ...(select.where && { where: settle(select.where, inside) }),
    ...(select.groupBy && { groupBy: list(select.groupBy) }),
    ...(select.having && { having: settle(select.having, inside) }),
    ...settledEnd(select, inside),
  }
}

function settledEnd(
  { orderBy, limit, offset }: Pick<PlainSelect, 'orderBy' | 'limit' | 'offset'>,
  inside: Surroundings,
): Pick<PlainSelect, 'orderBy' | 'limit' | 'offset'> {
  const count = (of: number | Expression) => (typeof of === 'number' ? of : settle(of, inside))
  return {
    ...(orderBy && { orderBy: orderBy.map((each) => settle(each, inside)) }),
    ...(limit !== undefined && { limit: count(limit) }),
    ...(offset !== undefined && { offset: count(offset) }),
  }
}

/** Select._get_display_froms: what is shared with the statement around is left to that. */
function shownFroms(select: PlainSelect, { near, all }: Surroundings): readonly From[] {
  const named = [
    ...select.from,
    ...select.columns.flatMap(({ expression }) => fromsIn(expression)),
    ...(select.where ? fromsIn(select.where) : []),
  ]
  const froms = distinctFroms(named)
  const keys = (of: readonly From[]) => new Set(of.map(fromKey))
  const { correlate, correlateExcept } = select
  if (correlate) {
    const given = keys(all)
    return froms.filter((from) => !(correlate.includes(fromKey(from)) && given.has(fromKey(from))))
  }
  if (correlateExcept) {
    const given = keys(all)
    return froms.filter((from) => !given.has(fromKey(from)) || correlateExcept.includes(fromKey(from)))
  }
  if (froms.length < 2) return froms
  const given = keys(near)
  const own = froms.filter((from) => !given.has(fromKey(from)))
  return own.length > 0 ? own : froms
}

/** `beside` is what a LATERAL subquery sees: what stands in the same FROM, too. */
export function settleFrom(from: From, around: Surroundings, beside = around): From {
  switch (from.kind) {
    case undefined:
      return from
    case 'select': {
      // a subquery in FROM sees nothing of its neighbours unless it is LATERAL
      const inside = from.lateral ? beside : { ...around, near: [], all: [] }
      return { ...from, select: settleSelect(from.select, inside) }
    }
    case 'common':
      keepCommon(from.table, around)
      return from
    case 'join':
      return {
        ...from,
        left: settleFrom(from.left, around, beside),
        right: settleFrom(from.right, around, beside),
        on: settle(from.on, { ...around, near: [...namedBy(from)], all: [...namedBy(from), ...around.all] }),
      }
    case 'rows':
      return { ...from, of: settle(from.of, around) }
  }
}

/** A recursive query names itself; the name is taken before its SELECT is looked into. */
function keepCommon(table: CommonTable, around: Surroundings): void {
  if (around.common.has(table.name)) return
  const needed: Map<string, CommonTable> = new Map([[table.name, table]])
  const select = settleSelect(table.select, { near: [], all: [], common: needed })
  needed.delete(table.name)
  for (const [name, other] of needed) if (!around.common.has(name)) around.common.set(name, other)
  around.common.set(table.name, { ...table, select })
}
