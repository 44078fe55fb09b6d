import fc from 'fast-check'
import { quoteName } from '../../lib/catalogue/sqlite-tokens.ts'

/** A schema as the statements that make it, with the names of its tables and columns. */
export interface RandomSchema {
  readonly statements: readonly string[]
  readonly tables: ReadonlyMap<string, readonly string[]>
}

// few names, so that two schemas have much in common; some need quotes, some differ only in case
const tableNames = ['lead', 'Person', 'order', 'a b']
const columnNames = ['id', 'name', 'Name2', 'key', 'from', 'c d', 'status', 'sum']

interface Column {
  readonly name: string
  readonly type: string
  readonly notNull: string
  readonly collation: string
  readonly default: string
  readonly atColumn: string
  readonly generated: string
}

interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  readonly key: 'none' | 'integer' | 'autoincrement' | 'pair' | 'text' | 'descending'
  readonly constraints: readonly ((columns: readonly string[]) => string)[]
  readonly indexes: readonly ((columns: readonly string[], on: string) => string)[]
  readonly options: string
}

const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(...others) })

const column = fc.record<Column>({
  name: fc.constantFrom(...columnNames),
  type: fc.constantFrom('INTEGER', 'TEXT', 'REAL', 'BLOB'),
  notNull: mostly('', ' NOT NULL', ' CONSTRAINT nn NOT NULL ON CONFLICT FAIL'),
  collation: mostly('', ' COLLATE NOCASE'),
  default: mostly(
    '',
    " DEFAULT 'x''y'",
    ' DEFAULT -1',
    ' DEFAULT CURRENT_TIMESTAMP',
    ' DEFAULT (1 + abs(2))',
    ' DEFAULT NULL',
  ),
  atColumn: mostly('', ' UNIQUE', ' CHECK ($ IS NOT 7)', ' CONSTRAINT named CHECK (length($) < 9)', ' REFERENCES lead'),
  generated: mostly('', '', ' GENERATED ALWAYS AS (# || 1) VIRTUAL', ' GENERATED ALWAYS AS (# + 1) STORED'),
})

type Two = (a: string, b: string) => string

const constraint = fc.constantFrom<Two>(
  (a, b) => `UNIQUE (${a}, ${b} DESC)`,
  (a) => `CONSTRAINT one UNIQUE (${a}) ON CONFLICT IGNORE`,
  (a, b) => `CHECK (${a} <> ${b} OR ${a} IN (1, 'id'))`,
  (a) => `CONSTRAINT ck CHECK (${a} BETWEEN -1 AND 5)`,
  (a) => `FOREIGN KEY (${a}) REFERENCES "order" (id) ON DELETE CASCADE`,
  (a, b) => `CONSTRAINT fk FOREIGN KEY (${a}, ${b}) REFERENCES Person (name, key) DEFERRABLE INITIALLY DEFERRED`,
)

type Index = (a: string, b: string, on: string) => string

const index = fc.constantFrom<Index>(
  (a, _, on) => `ON ${on} (${a} DESC)`,
  (a, b, on) => `ON ${on} (lower(${a}), ${b} COLLATE RTRIM)`,
  (a, b, on) => `ON ${on} (${a}) WHERE ${b} IS NOT NULL AND ${b} <> 'name'`,
)

const twoOf = fc.tuple(fc.nat(), fc.nat())
const pick = (columns: readonly string[], [a, b]: readonly [number, number]) => {
  const first = columns[a % columns.length]!
  const others = columns.filter((name) => name !== first)
  return [first, others[b % others.length] ?? first] as const
}

const table = (name: string) =>
  fc.record<Table>({
    name: fc.constant(name),
    columns: fc.uniqueArray(column, { selector: (c) => c.name.toLowerCase(), minLength: 2, maxLength: 6 }),
    key: fc.constantFrom('none', 'integer', 'autoincrement', 'pair', 'text', 'descending'),
    constraints: fc.array(
      fc.tuple(constraint, twoOf).map(
        ([make, two]) =>
          (columns: readonly string[]) =>
            make(...pick(columns, two)),
      ),
      { maxLength: 2 },
    ),
    indexes: fc.array(
      fc.tuple(index, twoOf).map(
        ([make, two]) =>
          (columns: readonly string[], on: string) =>
            make(...pick(columns, two), on),
      ),
      { maxLength: 2 },
    ),
    options: mostly('', ' STRICT', ' WITHOUT ROWID', ' STRICT, WITHOUT ROWID'),
  })

export const schema: fc.Arbitrary<RandomSchema> = fc
  .record({
    tables: fc.subarray(tableNames, { minLength: 1 }).chain((names) => fc.tuple(...names.map(table))),
    stored: fc.subarray(['view', 'view on view', 'trigger', 'instead', 'into another'] as const),
  })
  .map(({ tables, stored }) => ({
    statements: [...tables.flatMap(statementsOf), ...stored.flatMap((kind) => storedOf(kind, tables))],
    tables: new Map(
      tables.map(({ name, columns }) => [
        name,
        ['id', ...columns.map((c) => c.name).filter((column) => column !== 'id')],
      ]),
    ),
  }))

const keys: Readonly<Record<Table['key'], string>> = {
  none: 'id INTEGER',
  integer: 'id INTEGER PRIMARY KEY',
  autoincrement: 'id INTEGER PRIMARY KEY AUTOINCREMENT',
  pair: 'id INTEGER NOT NULL',
  text: 'id TEXT PRIMARY KEY',
  descending: 'id INTEGER PRIMARY KEY DESC',
}

function statementsOf(table: Table): readonly string[] {
  const withoutRowid = table.options.includes('ROWID')
  const key = withoutRowid && (table.key === 'none' || table.key === 'autoincrement') ? 'integer' : table.key
  const columns = table.columns.filter(({ name }) => name !== 'id')
  const names = ['id', ...columns.map(({ name }) => quoteName(name))]
  const lines = [
    keys[key],
    ...columns.map((column) => columnText(column, key === 'pair' ? names[1] : undefined)),
    ...(key === 'pair' ? [`PRIMARY KEY (${names[1] ?? 'id'}, id DESC)`] : []),
    ...table.constraints.map((make) => make(names)),
  ]
  const on = quoteName(table.name)
  const indexes = table.indexes.map(
    (make, index) => `CREATE INDEX ${quoteName(`${index}_${table.name}`)} ${make(names, on)}`,
  )
  return [`CREATE TABLE ${on} (${lines.join(', ')})${table.options}`, ...indexes]
}

function columnText(column: Column, inKey: string | undefined): string {
  const name = quoteName(column.name)
  const generated = inKey === name ? '' : column.generated.replace('#', 'id')
  const facts = generated ? generated : column.default
  const check = column.atColumn.replaceAll('$', () => name)
  return `${name} ${column.type}${column.notNull}${column.collation}${facts}${check}`
}

function storedOf(kind: string, tables: readonly Table[]): readonly string[] {
  const [first, last] = [tables[0]!, tables.at(-1)!]
  const [on, other] = [quoteName(first.name), quoteName(last.name)]
  switch (kind) {
    case 'view':
      return [`CREATE VIEW seen AS SELECT id, ${quoteName(last.columns[0]!.name)} FROM ${other}`]
    case 'view on view':
      return [`CREATE VIEW low AS SELECT id FROM ${on}`, 'CREATE VIEW high AS SELECT * FROM low']
    case 'instead':
      return [
        `CREATE VIEW door AS SELECT * FROM ${on}`,
        `CREATE TRIGGER enter INSTEAD OF INSERT ON door BEGIN DELETE FROM ${other}; END`,
      ]
    case 'trigger':
      return [`CREATE TRIGGER stamp AFTER UPDATE OF id ON ${on} BEGIN SELECT new.id; END`]
    default:
      return [`CREATE TRIGGER copy BEFORE DELETE ON ${on} BEGIN INSERT INTO ${other} (id) VALUES (old.id); END`]
  }
}

/** Some of a schema's tables and columns, with names that another schema has. */
export function renamesBetween(from: RandomSchema, to: RandomSchema): fc.Arbitrary<ReadonlyMap<string, string>> {
  const tables = [...from.tables.keys()].flatMap((name) => [...to.tables.keys()].map((other) => [name, other] as const))
  return some(tables, 2).chain((chosen) => {
    const renamed = oneToOne(chosen)
    const columns = [...from.tables].flatMap(([name, names]) => {
      const other = to.tables.get(renamed.get(name) ?? name) ?? []
      return names.flatMap((column) => other.map((next) => [`${name}\0${column}`, next] as const))
    })
    return some(columns, 3).map((pairs) => {
      const all = [...renamed].filter(([a, b]) => a !== b).map(([a, b]) => [`table ${a}`, b] as const)
      const taken = new Set<string>()
      const few = [...oneToOne(pairs)].flatMap(([key, next]) => {
        const [table = '', column = ''] = key.split('\0')
        if (column === next || taken.has(`${table}.${next}`)) return []
        taken.add(`${table}.${next}`)
        return [[`table ${table}.${column}`, next] as const]
      })
      return new Map([...all, ...few])
    })
  })
}

function some<T>(all: readonly T[], most: number): fc.Arbitrary<readonly T[]> {
  return fc.shuffledSubarray([...all], { maxLength: Math.min(most, all.length) })
}

function oneToOne(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [a, b] of pairs)
    if (!found.has(a) && !([...found.values()].includes(b) && !a.includes('\0'))) found.set(a, b)
  return found
}
