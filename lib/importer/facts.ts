import { type TableName, tableKey } from '../schema/table.ts'

/** A condition about the live database that a script looks at; it can become a guard (`when … exists|absent`). */
export type DbFact =
  | { readonly kind: 'table'; readonly table: TableName }
  | { readonly kind: 'column'; readonly table: TableName; readonly column: string }
  | { readonly kind: 'index' | 'constraint'; readonly table: TableName; readonly name: string }
  /** Whether a SELECT gives a row. */
  | { readonly kind: 'rows'; readonly select: string; readonly about?: CatalogueRows }

/** What of the catalogue a SELECT asks for, so that it is known which changes may change its answer. */
export interface CatalogueRows {
  readonly table: TableName
  /** Only this column; without: anything in the table. */
  readonly column?: string
  /** Only these of its attributes: `type`, `nullable`. */
  readonly attributes?: readonly string[]
}

export function factKey(fact: DbFact): string {
  switch (fact.kind) {
    case 'table':
      return `table ${tableKey(fact.table)}`
    case 'column':
      return `column ${tableKey(fact.table)}.${fact.column}`
    case 'index':
    case 'constraint':
      return `${fact.kind} ${fact.name} on ${tableKey(fact.table)}`
    case 'rows':
      return `rows (${fact.select})`
  }
}

/** The fact as the directive `when` writes it, without its verdict. */
export function factText(fact: DbFact): string {
  switch (fact.kind) {
    case 'table':
      return `table ${nameText(fact.table)}`
    case 'column':
      return `column ${nameText(fact.table)}.${partText(fact.column)}`
    case 'index':
    case 'constraint':
      return `${fact.kind} ${partText(fact.name)} on ${nameText(fact.table)}`
    case 'rows':
      return `rows (${fact.select})`
  }
}

function nameText({ schema, name }: TableName): string {
  return schema ? `${partText(schema)}.${partText(name)}` : partText(name)
}

function partText(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
