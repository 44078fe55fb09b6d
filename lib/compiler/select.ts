import type {
  CommonTable,
  CompoundSelect,
  Expression,
  From,
  FromJoin,
  PlainSelect,
  Select,
  SelectColumn,
} from '../schema/expression.ts'
import type { Target } from '../schema/target.ts'
import { unknowable } from '../schema/unknowable.ts'
import { renderExpression, renderList } from './expression.ts'
import { quoteName, quoteTable } from './quote.ts'

export function renderSelect(select: Select, target: Target): string {
  return 'text' in select ? select.text : lines(select, target).join('\n')
}

/** A SELECT inside of another statement stands on one line. */
export function renderInside(select: Select, target: Target): string {
  return 'text' in select ? select.text : lines(select, target).join(' ')
}

function lines(select: PlainSelect | CompoundSelect, target: Target): readonly string[] {
  const body = 'compound' in select ? compoundLines(select, target) : selectLines(select, target)
  return [...withLines(select.with, target), ...body, ...endLines(select, target)]
}

function selectLines(select: PlainSelect, target: Target): readonly string[] {
  const { columns, from, prefixes = [], where, groupBy, having } = select
  const words = ['SELECT', ...prefixes, ...distinctWords(select, target)]
  const shown = columns.length === 0 ? '*' : columns.map((c) => selected(c, target)).join(', ')
  return [
    `${words.join(' ')} ${shown}`,
    ...(from.length > 0 ? [`FROM ${renderFroms(from, target)}`] : noFrom(select, target)),
    ...whereLine(where, target),
    ...(groupBy && groupBy.length > 0 ? [`GROUP BY ${renderList(groupBy, target)}`] : []),
    ...(having ? [`HAVING ${renderExpression(having, target)}`] : []),
  ]
}

/** MySQL before 8 wants a FROM before a WHERE. */
function noFrom({ where }: PlainSelect, { dialect }: Target): readonly string[] {
  return dialect === 'mysql' && where ? ['FROM DUAL'] : []
}

function distinctWords({ distinct, distinctOn }: PlainSelect, target: Target): readonly string[] {
  if (!distinctOn) return distinct ? ['DISTINCT'] : []
  if (target.dialect !== 'postgres') return unknowable(`${target.dialect} has no DISTINCT ON`)
  return [`DISTINCT ON (${renderList(distinctOn, target)})`]
}

function compoundLines({ compound, of }: CompoundSelect, target: Target): readonly string[] {
  return of.flatMap((select, at) => [...(at > 0 ? [compound] : []), compoundPart(select, target)])
}

/** A part with an ORDER BY or LIMIT of its own stands in parentheses; SQLite has no way to say it. */
function compoundPart(select: Select, target: Target): string {
  const text = renderInside(select, target)
  if ('text' in select) return text
  const own = 'compound' in select || [select.orderBy, select.limit, select.offset].some((part) => part !== undefined)
  if (!own) return text
  return target.dialect === 'sqlite' ? `SELECT * FROM (${text})` : `(${text})`
}

function endLines({ orderBy, limit, offset, suffix }: PlainSelect | CompoundSelect, target: Target): readonly string[] {
  return [
    ...(orderBy && orderBy.length > 0 ? [`ORDER BY ${renderList(orderBy, target)}`] : []),
    ...limitLine(count(limit, target), count(offset, target), target),
    ...(suffix === undefined || target.dialect === 'sqlite' ? [] : [suffix]),
  ]
}

function count(of: number | Expression | undefined, target: Target): string | undefined {
  return of === undefined || typeof of === 'number' ? of?.toString() : renderExpression(of, target)
}

function limitLine(limit: string | undefined, offset: string | undefined, { dialect }: Target): readonly string[] {
  if (offset === undefined) return limit === undefined ? [] : [`LIMIT ${limit}`]
  const everything = { postgres: 'ALL', mysql: '18446744073709551615', sqlite: '-1' }[dialect]
  return [`LIMIT ${limit ?? everything} OFFSET ${offset}`]
}

export function withLines(common: readonly CommonTable[] | undefined, target: Target): readonly string[] {
  if (!common || common.length === 0) return []
  const recursive = common.some((table) => table.recursive) ? 'RECURSIVE ' : ''
  const tables = common.map(({ name, columns, select }) => {
    const names = columns ? `(${columns.map((c) => quoteName(c, target.dialect)).join(', ')})` : ''
    return `${quoteName(name, target.dialect)}${names} AS (\n${renderSelect(select, target)}\n)`
  })
  return [`WITH ${recursive}${tables.join(', ')}`]
}

export function whereLine(where: Expression | undefined, target: Target): readonly string[] {
  return where ? [`WHERE ${renderExpression(where, target)}`] : []
}

function selected({ expression, label }: SelectColumn, target: Target): string {
  const text = renderExpression(expression, target)
  return label === undefined ? text : `${text} AS ${quoteName(label, target.dialect)}`
}

export function renderFroms(from: readonly From[], target: Target): string {
  return from.map((each) => renderFrom(each, target)).join(', ')
}

function renderFrom(from: From, target: Target): string {
  const named = (text: string, alias: string | undefined) =>
    alias === undefined ? text : `${text} AS ${quoteName(alias, target.dialect)}`
  switch (from.kind) {
    case undefined:
      return named(quoteTable(from, target.dialect), from.alias)
    case 'select':
      return named(`${from.lateral ? 'LATERAL ' : ''}(${renderInside(from.select, target)})`, from.alias)
    case 'common':
      return named(quoteName(from.table.name, target.dialect), from.alias)
    case 'join':
      return renderJoin(from, target)
    case 'rows': {
      const columns = from.columns ? ` (${from.columns.map((c) => quoteName(c, target.dialect)).join(', ')})` : ''
      return named(renderExpression(from.of, target), from.alias) + columns
    }
  }
}

function renderJoin({ join, left, right, on }: FromJoin, target: Target): string {
  const words = { INNER: 'JOIN', LEFT: 'LEFT OUTER JOIN', FULL: 'FULL OUTER JOIN' }[join]
  const inner = join === 'INNER' && target.dialect === 'mysql' ? 'INNER JOIN' : words
  const side = renderFrom(right, target)
  const text = right.kind === 'join' ? `(${side})` : side
  return `${renderFrom(left, target)} ${inner} ${text} ON ${renderExpression(on, target)}`
}
