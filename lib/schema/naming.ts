import { createHash } from 'node:crypto'
import { columnsIn } from './expression.ts'
import type { Constraint, ForeignKey, Index, Name, Table } from './table.ts'
import { plainName, primaryKeyOf } from './table.ts'
import type { Target } from './target.ts'
import { unknowable } from './unknowable.ts'

/** `MetaData(naming_convention=…)`: templates by `ix`, `uq`, `ck`, `fk`, `pk`. */
export type NamingConvention = { readonly [K in ConventionKey]?: string }
export type ConventionKey = 'ix' | 'uq' | 'ck' | 'fk' | 'pk'

/** The one convention that SQLAlchemy has by itself (sqlalchemy.sql.schema.DEFAULT_NAMING_CONVENTION). */
const builtIn: NamingConvention = { ix: 'ix_%(column_0_label)s' }

export type Named = Constraint | (Index & { readonly kind?: undefined })

const keys = { primaryKey: 'pk', unique: 'uq', foreignKey: 'fk', check: 'ck', exclude: undefined } as const

/** The final name of a constraint or index of this table, or none: then the server names it. */
export function finalName(item: Named, table: TableHead, target: Target): string | undefined {
  if (item.byServer) return undefined
  const given = item.name
  if (typeof given === 'object') return cutName(given.fixed, target)
  const template = templateFor(item, target)
  const usesName = template?.includes('constraint_name') ?? false
  if (template === undefined || (given !== undefined && !usesName)) return given && checkName(given, target)
  return cutName(fill(template, item, table), target)
}

export type TableHead = Pick<Table, 'name' | 'schema' | 'constraints'>

function templateFor(item: Named, target: Target): string | undefined {
  const key = item.kind === undefined ? 'ix' : keys[item.kind]
  const convention = target.namingConvention ?? builtIn
  return key && convention[key]
}

/** The name that `drop_constraint('x', type_='check')` means under this convention. */
export function nameToDrop(name: Name, kind: keyof typeof keys | undefined, table: TableHead, target: Target): string {
  if (typeof name === 'object') return cutName(name.fixed, target)
  const template = kind && keys[kind] && target.namingConvention?.[keys[kind]]
  if (!template?.includes('constraint_name')) return checkName(name, target)
  const item = { kind: 'check', name, expression: { kind: 'sql', text: '' } } as const
  return cutName(fill(template, item, table), target)
}

function fill(template: string, item: Named, table: TableHead): string {
  return template.replace(/%\((\w+)\)s|%%/g, (_, token) => (token === undefined ? '%' : tokenValue(token, item, table)))
}

function tokenValue(token: string, item: Named, table: TableHead): string {
  if (token === 'table_name') return table.name
  if (token === 'constraint_name') return constraintName(item)
  if (token === 'referred_table_name') return (item as ForeignKey).target.name
  const match = /^(referred_)?column_(\d+)(_?N)?_?(name|key|label)$/.exec(token)
  if (!match) return unknowable(`the naming convention uses %(${token})s, which only the application can fill`)
  const names = columnTokens(item, table, match[1] !== undefined, match[4] === 'label')
  if (match[3]) return names.join(match[3].startsWith('_') ? '_' : '')
  return names[Number(match[2])] ?? ''
}

function constraintName(item: Named): string {
  const name = plainName(item.name)
  if (name !== undefined) return name
  return unknowable('the naming convention has %(constraint_name)s, but the constraint has no name')
}

function columnTokens(item: Named, table: TableHead, referred: boolean, label: boolean): readonly string[] {
  if (referred) return (item as ForeignKey).targetColumns
  const names = itemColumns(item, table)
  if (!label) return names
  const prefix = table.schema ? `${table.schema.replaceAll('.', '_')}_${table.name}` : table.name
  return names.map((name) => `${prefix}_${name}`)
}

function itemColumns(item: Named, table: TableHead): readonly string[] {
  if (item.kind === 'check') return columnsIn(item.expression)
  if (item.kind === 'exclude')
    return item.elements.map(({ expression }) => (expression.kind === 'column' ? expression.name : ''))
  if (item.kind === 'primaryKey' && item.columns.length === 0) return primaryKeyOf(table)?.columns ?? []
  return item.columns.map((c) => (typeof c === 'string' ? c : c.kind === 'column' ? c.name : ''))
}

const longest = { postgres: 63, mysql: 64, sqlite: 9999 } as const
/** MySQL's dialect measures plain names against 255 and leaves the rest to the server (MySQLDialect.max_identifier_length). */
const longestPlain = { ...longest, mysql: 255 } as const

/** As IdentifierPreparer._truncate_and_render_maxlen_name does, for names from `op.f` or a convention. */
export function cutName(name: string, { dialect }: Target): string {
  const most = longest[dialect]
  if ([...name].length <= most) return name
  const hash = createHash('md5').update(name).digest('hex')
  return `${[...name].slice(0, most - 8).join('')}_${hash.slice(-4)}`
}

function checkName(name: string, { dialect }: Target): string {
  if ([...name].length <= longestPlain[dialect]) return name
  return unknowable(`the name ${name} is longer than the ${longestPlain[dialect]} characters of ${dialect}`)
}
