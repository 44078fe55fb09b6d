import { noType } from './sqlite-column.ts'
import type { TableText } from './sqlite-table.ts'

/** What the pragmas say of a table. */
export interface TableFacts {
  readonly columns: readonly {
    readonly name: string
    readonly type: string
    readonly notNull: boolean
    readonly default: string | undefined
    readonly key: boolean
    readonly generated: string | undefined
  }[]
  readonly strict: boolean
  readonly withoutRowid: boolean
  /** Indexes that unique constraints made. */
  readonly uniques: number
  readonly foreignKeys: number
}

/** Whether SQLite reads the text of a table as it is read here. */
export function agrees(text: TableText, facts: TableFacts): boolean {
  const count = (kind: string) => text.constraints.filter((constraint) => constraint.kind === kind).length
  return (
    text.strict === facts.strict &&
    text.withoutRowid === facts.withoutRowid &&
    text.columns.length === facts.columns.length &&
    facts.columns.every((_, index) => sameColumn(text, facts, index)) &&
    count('primary key') === (facts.columns.some(({ key }) => key) ? 1 : 0) &&
    count('foreign key') === facts.foreignKeys &&
    // SQLite makes one index for equal keys, none where the primary key is equal
    count('unique') >= facts.uniques
  )
}

function sameColumn(text: TableText, facts: TableFacts, index: number): boolean {
  const { name, properties } = text.columns[index]!
  const witness = facts.columns[index]!
  const notNull = properties['not null'] === 'yes'
  const hasDefault = witness.default !== undefined && !/^[\s(]*null[\s)]*$/i.test(witness.default)
  return (
    name === witness.name &&
    bare(properties.type === noType ? '' : properties.type!) === bare(witness.type) &&
    (notNull === witness.notNull || (witness.notNull && witness.key)) &&
    properties.generated?.split(' ').at(-1) === witness.generated &&
    (witness.generated !== undefined || (properties.default !== undefined) === hasDefault)
  )
}

function bare(type: string): string {
  return type.toUpperCase().replace(/[\s"'`[\]]/g, '')
}
