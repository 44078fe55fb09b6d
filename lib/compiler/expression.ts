import type { DialectName } from '../dialects/dialect-name.ts'
import type { Expression } from '../schema/expression.ts'
import type { Target } from '../schema/target.ts'
import { renderLiteral } from './literal.ts'
import { needsParentheses, negated, operatorOf } from './operators.ts'
import { quoteName, quoteTable } from './quote.ts'
import { renderSelect } from './rows.ts'
import { renderType } from './type-names.ts'

type Call = Extract<Expression, { readonly kind: 'function' }>

/** An expression as SQL of one dialect. */
export function renderExpression(of: Expression, target: Target): string {
  const { dialect } = target
  const render = (e: Expression) => renderExpression(e, target)
  switch (of.kind) {
    case 'sql':
      return of.text
    case 'literal':
      return renderLiteral(of.value, dialect)
    case 'constant':
      return renderConstant(of.value, dialect)
    case 'column':
      return [...(of.table === undefined ? [] : [of.table]), of.name].map((n) => quoteName(n, dialect)).join('.')
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
    case 'suffix':
      return `${render(of.of)} ${of.suffix}`
    case 'list':
      return `(${of.of.map(render).join(', ')})`
    case 'cast':
      return `CAST(${render(of.of)} AS ${castType(of.type, target)})`
    case 'case':
      return renderCase(of, target)
    case 'nextValue':
      return `nextval('${quoteTable(sequenceName(of), dialect)}')`
    case 'subquery':
      return `(${renderSelect(of.select, target)})`
  }
}

function sequenceName({ sequence, schema }: Extract<Expression, { readonly kind: 'nextValue' }>) {
  return schema === undefined ? { name: sequence } : { name: sequence, schema }
}

/** Only PostgreSQL and MySQL know the words; SQLAlchemy writes numbers for SQLite. */
function renderConstant(value: boolean | null, dialect: DialectName): string {
  if (value === null) return 'NULL'
  return dialect === 'sqlite' ? (value ? '1' : '0') : String(value)
}

type Binary = Extract<Expression, { readonly kind: 'binary' }>
type Junction = Extract<Expression, { readonly kind: 'junction' }>
type Between = Extract<Expression, { readonly kind: 'between' }>

function operand(of: Expression, inside: string, target: Target): string {
  const text = renderExpression(of, target)
  return needsParentheses(of, inside.toUpperCase()) ? `(${text})` : text
}

/** NOT IN stands in parentheses always (SQLCompiler.visit_not_in_op_binary). */
function renderBinary({ operator, left, right }: Binary, target: Target): string {
  const text = `${operand(left, operator, target)} ${operator} ${operand(right, operator, target)}`
  return operator.toUpperCase() === 'NOT IN' ? `(${text})` : text
}

function renderBetween({ of, low, high }: Between, target: Target): string {
  const [value, from, to] = [of, low, high].map((e) => operand(e, 'BETWEEN', target))
  return `${value} BETWEEN ${from} AND ${to}`
}

function flat(of: Junction): readonly Expression[] {
  return of.of.flatMap((e) => (e.kind === 'junction' && e.operator === of.operator ? flat(e) : e))
}

function renderNot(of: Expression, target: Target): string {
  const opposite = negated(of)
  return opposite ? renderExpression(opposite, target) : `NOT ${operand(of, 'NOT', target)}`
}

function renderCase(of: Extract<Expression, { readonly kind: 'case' }>, target: Target): string {
  const render = (e: Expression) => renderExpression(e, target)
  const arms = of.when.map(
    (arm) =>
      `WHEN ${operatorOf(arm.condition) ? `(${render(arm.condition)})` : render(arm.condition)} THEN ${render(arm.value)}`,
  )
  return ['CASE', ...arms, ...(of.otherwise ? [`ELSE ${render(of.otherwise)}`] : []), 'END'].join(' ')
}

/** Functions of the standard that stand without parentheses (sqlalchemy/sql/compiler.py, FUNCTIONS). */
const bare = [
  'current_date',
  'current_time',
  'current_timestamp',
  'current_user',
  'localtime',
  'localtimestamp',
  'session_user',
  'user',
  'sysdate',
]

const renamed: Readonly<Record<DialectName, { readonly [name: string]: string }>> = {
  postgres: {},
  mysql: { sysdate: 'SYSDATE()', random: 'rand()' },
  sqlite: {
    now: 'CURRENT_TIMESTAMP',
    localtimestamp: "DATETIME(CURRENT_TIMESTAMP, 'localtime')",
    char_length: 'length',
  },
}

function renderCall({ name, args }: Call, target: Target): string {
  const lower = name.toLowerCase()
  const other = renamed[target.dialect][lower]
  if (other && (args.length === 0 || lower === 'char_length')) {
    return lower === 'char_length' ? `${other}(${argumentList(args, target)})` : other
  }
  if (bare.includes(lower) && args.length === 0) return name.toUpperCase()
  const quoted = name
    .split('.')
    .map((part) => (/^[A-Za-z_][\w$]*$/.test(part) ? part : quoteName(part, target.dialect)))
  return `${quoted.join('.')}(${argumentList(args, target)})`
}

function argumentList(args: readonly Expression[], target: Target): string {
  return args.map((e) => renderExpression(e, target)).join(', ')
}

/** MySQL casts only to types of its own choice (MySQLCompiler.visit_typeclause). */
function castType(type: import('../schema/type-spec.ts').TypeSpec, target: Target): string {
  const name = renderType(type, target)
  if (target.dialect !== 'mysql') return name
  if (/^(TINY|SMALL|MEDIUM|BIG)?INT/.test(name)) return / UNSIGNED/.test(name) ? 'UNSIGNED INTEGER' : 'SIGNED INTEGER'
  if (/^(TINY|MEDIUM|LONG)?TEXT|^VARCHAR|^ENUM/.test(name)) return `CHAR${/^VARCHAR(\(\d+\))/.exec(name)?.[1] ?? ''}`
  if (/^(TINY|MEDIUM|LONG)?BLOB|BINARY/.test(name)) return 'BINARY'
  return name.startsWith('NUMERIC') ? name.replace('NUMERIC', 'DECIMAL') : name.replace(/^TIMESTAMP/, 'DATETIME')
}
