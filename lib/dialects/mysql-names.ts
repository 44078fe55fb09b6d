import type { QualifiedName } from '../text/facts.ts'
import { text } from './mysql-text.ts'
import { qualifierAndName } from './names.ts'

export const backticked = (name: string): string => `\`${name.replaceAll('`', '``')}\``

/** A condition that ties a row of information_schema to the name of a table as written. */
export function belongs(name: QualifiedName, alias: string): string {
  const { qualifier, name: last } = qualifierAndName(name)
  const schema = qualifier ? text(qualifier.text) : 'DATABASE()'
  return `${alias}.table_schema = ${schema} AND ${alias}.table_name = ${text(last.text)}`
}
