import type { DialectName } from '../dialects/dialect-name.ts'
import type { Expression } from '../schema/expression.ts'
import type { Target } from '../schema/target.ts'
import { unknowable } from '../schema/unknowable.ts'
import { renderExpression, renderList } from './expression.ts'
import { quoteName } from './quote.ts'

type Call = Extract<Expression, { readonly kind: 'function' }>

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
]

const renamed: Readonly<Record<DialectName, { readonly [name: string]: string }>> = {
  postgres: { sysdate: 'sysdate' },
  mysql: { sysdate: 'SYSDATE()', random: 'rand()' },
  sqlite: {
    sysdate: 'sysdate',
    now: 'CURRENT_TIMESTAMP',
    localtimestamp: "DATETIME(CURRENT_TIMESTAMP, 'localtime')",
    char_length: 'length',
  },
}

export function renderCall({ name, args }: Call, target: Target): string {
  const { dialect } = target
  const lower = name.toLowerCase()
  const other = Object.hasOwn(renamed[dialect], lower) ? renamed[dialect][lower] : undefined
  if (lower === 'char_length' && other) return `${other}(${renderList(args, target)})`
  if (other && args.length === 0) return other
  if (bare.includes(lower) && args.length === 0) return name.toUpperCase()
  if (lower === 'substring' && dialect === 'postgres' && args.length > 1) return renderSubstring(args, target)
  const quoted = name.split('.').map((part) => (/^[A-Za-z_][\w$]*$/.test(part) ? part : quoteName(part, dialect)))
  return `${quoted.join('.')}(${renderList(args, target)})`
}

function renderSubstring(args: readonly Expression[], target: Target): string {
  const [of, from, length] = args.map((arg) => renderExpression(arg, target))
  return `SUBSTRING(${of} FROM ${from}${length === undefined ? '' : ` FOR ${length}`})`
}

/** strftime's letters for the fields that SQLite can extract. */
const sqliteFields: { readonly [field: string]: string } = {
  month: '%m',
  day: '%d',
  year: '%Y',
  second: '%S',
  hour: '%H',
  doy: '%j',
  minute: '%M',
  epoch: '%s',
  dow: '%w',
  week: '%W',
}

export function renderExtract(
  { field, of }: Extract<Expression, { readonly kind: 'extract' }>,
  target: Target,
): string {
  const text = renderExpression(of, target)
  if (target.dialect !== 'sqlite') return `EXTRACT(${extracted(field, target.dialect)} FROM ${text})`
  const letters = sqliteFields[field] ?? unknowable(`SQLite cannot extract ${field}`)
  return `CAST(STRFTIME('${letters}', ${text}) AS INTEGER)`
}

function extracted(field: string, dialect: DialectName): string {
  return dialect === 'mysql' && field === 'milliseconds' ? 'millisecond' : field
}
