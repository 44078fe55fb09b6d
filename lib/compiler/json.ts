import type { Expression } from '../schema/expression.ts'
import type { Target } from '../schema/target.ts'
import { type TypeSpec, typeFamily } from '../schema/type-spec.ts'
import { renderExpression } from './expression.ts'
import { quoteString } from './literal.ts'
import { renderType } from './type-names.ts'

type JsonItem = Extract<Expression, { readonly kind: 'jsonItem' }>

/** An element of a JSON value, as JSON or as a value of a type. */
export function renderJsonItem(of: JsonItem, target: Target): string {
  return target.dialect === 'postgres' ? onPostgres(of, target) : extracted(of, target)
}

function onPostgres({ of, path, single, type }: JsonItem, target: Target): string {
  const [key] = path
  const right = single
    ? typeof key === 'number'
      ? String(key)
      : quoteString(String(key), 'postgres')
    : quoteString(`{${path.join(', ')}}`, 'postgres')
  const sign = (single ? '->' : '#>') + (type ? '>' : '')
  const text = `${renderExpression(of, target)} ${sign} ${right}`
  const isText = type && typeFamily(type) === 'string' && type.args?.length === undefined
  if (!type || isText) return `(${text})`
  return `CAST((${text}) AS ${renderType(type, target)})`
}

/** `$."a"[0]` */
function pathText(path: JsonItem['path']): string {
  return `$${path.map((key) => (typeof key === 'number' ? `[${key}]` : `."${key}"`)).join('')}`
}

function extracted({ of, path, type }: JsonItem, target: Target): string {
  const { dialect } = target
  const text = `JSON_EXTRACT(${renderExpression(of, target)}, ${quoteString(pathText(path), dialect)})`
  if (dialect === 'sqlite') return type ? text : `JSON_QUOTE(${text})`
  return type ? `CASE ${text} WHEN 'null' THEN NULL ${mysqlValue(text, type)} END` : text
}

function mysqlValue(text: string, type: TypeSpec): string {
  const { precision, scale } = type.args ?? {}
  switch (typeFamily(type)) {
    case 'integer':
      return `ELSE CAST(${text} AS SIGNED INTEGER)`
    case 'numeric':
      return precision !== undefined && scale !== undefined
        ? `ELSE CAST(${text} AS DECIMAL(${precision}, ${scale}))`
        : `ELSE ${text}+0.0000000000000000000000`
    case 'boolean':
      return 'WHEN true THEN true ELSE false'
    case 'string':
      return `ELSE JSON_UNQUOTE(${text})`
    default:
      return `ELSE ${text}`
  }
}
