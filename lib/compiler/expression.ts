import type { DialectName } from '../dialects/dialect-name.ts'
import type { Expression, Literal } from '../schema/expression.ts'
import type { Target } from '../schema/target.ts'
import { type TypeSpec, typeOn } from '../schema/type-spec.ts'
import { unknowable } from '../schema/unknowable.ts'
import { renderBinary } from './binary.ts'
import { renderCast } from './cast.ts'
import { renderCall, renderExtract } from './functions.ts'
import { renderJsonItem } from './json.ts'
import { renderLiteral } from './literal.ts'
import { renderMoment, renderNewUuid } from './moments.ts'
import { needsParentheses, negated, operatorOf } from './operators.ts'
import { fillIn } from './parameters.ts'
import { quoteName, quoteSchema, quoteTable } from './quote.ts'
import { renderInside } from './select.ts'

/** An expression as SQL of one dialect. */
export function renderExpression(of: Expression, target: Target): string {
  const { dialect } = target
  const render = (e: Expression) => renderExpression(e, target)
  switch (of.kind) {
    case 'sql':
      return of.parameters ? fillIn(of.text, of.parameters, (value) => renderValue(value, undefined, target)) : of.text
    case 'literal':
      return renderTyped(of.value, of.type, target)
    case 'parameter':
      return of.value === undefined
        ? unknowable(`the parameter ${of.name} has no value`)
        : renderValue(of.value, of.type, target)
    case 'constant':
      return renderConstant(of.value, dialect)
    case 'column':
      return renderColumn(of, dialect)
    case 'function':
      return renderCall(of, target)
    case 'binary':
      return renderBinary(of, target)
    case 'between':
      return renderBetween(of, target)
    case 'junction':
      return flat(of)
        .map((e) => operand(e, of.operator, target))
        .join(` ${of.operator} `)
    case 'not':
      return renderNot(of.of, target)
    case 'prefix':
      return `${of.prefix}${of.prefix === '-' ? '' : ' '}${operand(of.of, of.prefix, target)}`
    case 'isTrue':
      return renderIsTrue(of, target)
    case 'suffix':
      return `${operand(of.of, 'DESC', target)} ${of.suffix}`
    case 'list':
      return `(${renderList(of.of, target)})`
    case 'array':
      return dialect === 'postgres' ? `ARRAY[${renderList(of.of, target)}]` : unknowable(`${dialect} has no arrays`)
    case 'group':
      return `(${render(of.of)})`
    case 'cast':
      return renderCast(of, target)
    case 'case':
      return renderCase(of, target)
    case 'extract':
      return renderExtract(of, target)
    case 'jsonItem':
      return renderJsonItem(of, target)
    case 'arrayItem':
      return `${operand(of.of, '[]', target)}[${render(of.key)}]`
    case 'over':
      return `${render(of.of)} OVER (${window(of, target)})`
    case 'filter':
      return `${render(of.of)} FILTER (WHERE ${render(of.where)})`
    case 'nextValue':
      return `nextval('${quoteTable(sequenceName(of), dialect)}')`
    case 'moment':
      return renderMoment(of.clock, dialect)
    case 'newUuid':
      return renderNewUuid(of, dialect)
    case 'subquery':
      return `(${renderInside(of.select, target)})`
  }
}

export function renderList(of: readonly Expression[], target: Target): string {
  return of.map((e) => renderExpression(e, target)).join(', ')
}

/** What stands in a row or after SET. */
export function renderValue(value: Literal | Expression, type: TypeSpec | undefined, target: Target): string {
  if (!isExpression(value)) return renderTyped(value, type, target)
  if (value.kind === 'literal' && !value.type) return renderTyped(value.value, type, target)
  return renderExpression(value, target)
}

function renderTyped(value: Literal, type: TypeSpec | undefined, target: Target): string {
  if (value !== null && type) assertStored(typeOn(type, target.dialect))
  return renderLiteral(value, target.dialect, type)
}

/** Only the application knows what a value becomes in a type of its own. */
function assertStored({ kind, args, converts }: TypeSpec): void {
  if (converts !== undefined) unknowable(`what the type ${converts} makes of a value is not known`)
  if (kind === 'Unknown') unknowable(args?.text ?? 'a value of a type that is not known')
}

/** Both are data with a kind; those of a literal are these. */
const literalKinds = ['decimal', 'date', 'datetime', 'time', 'interval', 'bytes', 'uuid', 'json']

export function isExpression(value: Literal | Expression): value is Expression {
  return typeof value === 'object' && value !== null && 'kind' in value && !literalKinds.includes(value.kind)
}

function sequenceName({ sequence, schema }: Extract<Expression, { readonly kind: 'nextValue' }>) {
  return schema === undefined ? { name: sequence } : { name: sequence, schema }
}

function renderColumn(of: Extract<Expression, { readonly kind: 'column' }>, dialect: DialectName): string {
  const name = of.name === '*' ? '*' : quoteName(of.name, dialect)
  if (of.table === undefined) return name
  const schema = of.schema === undefined ? '' : `${quoteSchema(of.schema, dialect)}.`
  return `${schema}${quoteName(of.table, dialect)}.${name}`
}

/** Only PostgreSQL and MySQL know the words; SQLAlchemy writes numbers for SQLite. */
function renderConstant(value: boolean | null, dialect: DialectName): string {
  if (value === null) return 'NULL'
  return dialect === 'sqlite' ? (value ? '1' : '0') : String(value)
}

type Junction = Extract<Expression, { readonly kind: 'junction' }>
type Between = Extract<Expression, { readonly kind: 'between' }>

export function operand(of: Expression, inside: string, target: Target, precedence?: number): string {
  const text = renderExpression(of, target)
  return needsParentheses(of, inside.toUpperCase(), precedence) ? `(${text})` : text
}

function renderBetween({ of, low, high, negated: isNegated }: Between, target: Target): string {
  const [value, from, to] = [of, low, high].map((e) => operand(e, 'BETWEEN', target))
  return `${value} ${isNegated ? 'NOT ' : ''}BETWEEN ${from} AND ${to}`
}

function flat(of: Junction): readonly Expression[] {
  return of.of.flatMap((e) => (e.kind === 'junction' && e.operator === of.operator ? flat(e) : e))
}

function renderNot(of: Expression, target: Target): string {
  const opposite = negated(of)
  return opposite ? renderExpression(opposite, target) : `NOT ${operand(of, 'NOT', target)}`
}

/** MySQL and SQLite have no native type for it (visit_is_true_unary_operator). */
function renderIsTrue(of: Extract<Expression, { readonly kind: 'isTrue' }>, target: Target): string {
  const text = renderExpression(of.of, target)
  if (target.dialect === 'postgres') return of.negated ? `NOT ${text}` : text
  return `${text} = ${of.negated ? 0 : 1}`
}

function renderCase(of: Extract<Expression, { readonly kind: 'case' }>, target: Target): string {
  const render = (e: Expression) => renderExpression(e, target)
  const arms = of.when.map(
    (arm) =>
      `WHEN ${operatorOf(arm.condition) ? `(${render(arm.condition)})` : render(arm.condition)} THEN ${render(arm.value)}`,
  )
  const value = of.value ? [render(of.value)] : []
  return ['CASE', ...value, ...arms, ...(of.otherwise ? [`ELSE ${render(of.otherwise)}`] : []), 'END'].join(' ')
}

function window({ partitionBy, orderBy }: Extract<Expression, { readonly kind: 'over' }>, target: Target): string {
  return [
    ...(partitionBy.length > 0 ? [`PARTITION BY ${renderList(partitionBy, target)}`] : []),
    ...(orderBy.length > 0 ? [`ORDER BY ${renderList(orderBy, target)}`] : []),
  ].join(' ')
}
