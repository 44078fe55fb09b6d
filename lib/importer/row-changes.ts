import { targetsOf } from '../ddl/read-ddl.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import type { Operation } from '../schema/operation.ts'
import type { TableName } from '../schema/table.ts'
import { tablesChanged } from './fact-changes.ts'

/** The tables whose rows an operation may change; undefined where foreign keys or stored code may take it further. */
export function rowsChangedBy(operation: Operation): readonly TableName[] | undefined {
  switch (operation.kind) {
    case 'bulkInsert':
    case 'insertSelect':
    case 'update':
      return [operation.table]
    case 'createTable':
    case 'addColumn':
    case 'alterColumn':
    case 'createIndex':
    case 'addConstraint':
      return tablesChanged(operation)
    default:
      return undefined
  }
}

/** The same for a statement that changes no table's shape. */
export function rowsChangedIn(statement: string, dialect: DialectName): readonly TableName[] | undefined {
  const { verb, tables } = targetsOf(statement, dialect)
  const [first] = tables
  return first && /^\s*(?:insert|replace|update)\b/i.test(statement) && (verb === 'insert' || verb === 'update')
    ? [first]
    : undefined
}

/** The tables that a question looks into; undefined where it may look anywhere, such as into a catalogue. */
export function tablesAsked(select: string, dialect: DialectName): readonly TableName[] | undefined {
  if (/\b(?:information_schema|pg_\w+|sqlite_\w+|pragma_\w+|mysql|performance_schema|sys)\b|\breg\w+\b/i.test(select))
    return undefined
  const { verb, tables } = targetsOf(select, dialect)
  // a function of the application's may look elsewhere
  const calls = Array.from(select.matchAll(/\b([a-z_]\w*)\s*\(/gi), ([, name]) => name!.toLowerCase())
  return verb === 'select' && tables.length > 0 && calls.every((name) => harmless.has(name)) ? tables : undefined
}

const harmless = new Set(
  `select count exists in and or not from where having as on values max min sum avg coalesce nullif ifnull lower upper
length trim abs cast substr substring replace json_extract json_valid json_type now datetime date any all`.split(/\s+/),
)
