import type { Expression } from '../schema/expression.ts'
import type { Target } from '../schema/target.ts'
import { type TypeSpec, typeFamily, typeOn } from '../schema/type-spec.ts'
import { renderExpression } from './expression.ts'
import { renderType } from './type-names.ts'

export function renderCast(of: Extract<Expression, { readonly kind: 'cast' }>, target: Target): string {
  const text = renderExpression(of.of, target)
  const type = castType(of.type, target)
  // SQLAlchemy leaves the cast out, with a warning
  return type === undefined ? text : `CAST(${text} AS ${type})`
}

/** MySQL casts only to types of its own choice (MySQLCompiler.visit_typeclause); undefined where it has none. */
function castType(type: TypeSpec, target: Target): string | undefined {
  if (target.dialect !== 'mysql') return renderType(type, target)
  const { kind, args } = typeOn(type, 'mysql')
  if (typeFamily({ kind }) === 'string') return args?.length === undefined ? 'CHAR' : `CHAR(${args.length})`
  const name = renderType(type, target)
  if (/^(BOOL|FLOAT|DOUBLE|REAL|ENUM|SET)/.test(name)) return undefined
  if (/^(TINY|SMALL|MEDIUM|BIG)?INT/.test(name)) return / UNSIGNED/.test(name) ? 'UNSIGNED INTEGER' : 'SIGNED INTEGER'
  if (/^(TINY|MEDIUM|LONG)?TEXT|^VARCHAR|^CHAR/.test(name)) return `CHAR${/\(\d+\)/.exec(name)?.[0] ?? ''}`
  if (/^(TINY|MEDIUM|LONG)?BLOB|BINARY/.test(name)) return 'BINARY'
  return name.startsWith('NUMERIC') ? name.replace('NUMERIC', 'DECIMAL') : name.replace(/^TIMESTAMP/, 'DATETIME')
}
