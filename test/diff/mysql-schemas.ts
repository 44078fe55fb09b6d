import fc from 'fast-check'

/**
 * Random schemas for both servers, over few names, so that two of them have much in common. All of what they make is valid:
 * an expression uses columns that are there, a foreign key has a key to refer to.
 */
export interface Schema {
  readonly statements: readonly string[]
}

const types = [
  'int',
  'bigint unsigned',
  'varchar(20)',
  'varchar(40)',
  'decimal(8,2)',
  'datetime(3)',
  'text',
  "enum('a','b')",
  "enum('a','b','c')",
  'char(5) character set latin1',
  'timestamp null',
  'json',
] as const

const defaults: Readonly<Record<string, readonly string[]>> = {
  int: ['0', '7'],
  'bigint unsigned': ['3'],
  'varchar(20)': ["'x'", "'it''s'"],
  'varchar(40)': ["'x'", "''"],
  'decimal(8,2)': ['1.50'],
  'datetime(3)': ['current_timestamp(3)'],
  "enum('a','b')": ["'a'"],
  "enum('a','b','c')": ["'c'"],
}

interface Column {
  readonly name: string
  readonly type: (typeof types)[number]
  readonly notNull: boolean
  readonly default: number
  readonly comment: string
}

const column = (name: string): fc.Arbitrary<Column> =>
  fc.record({
    name: fc.constant(name),
    type: fc.constantFrom(...types),
    notNull: fc.boolean(),
    default: fc.nat(2),
    comment: fc.constantFrom('', '', "what's this", 'back\\slash'),
  })

function columnSql({ name, type, notNull, default: chosen, comment }: Column): string {
  const value = chosen === 0 ? undefined : defaults[type]?.[chosen - 1]
  const null_ = notNull && !type.endsWith(' null') ? ' not null' : ''
  return `${name} ${type}${null_}${value ? ` default ${value}` : ''}${comment ? ` comment '${comment.replaceAll('\\', '\\\\').replaceAll("'", "''")}'` : ''}`
}

interface Table {
  readonly columns: readonly Column[]
  readonly order: number
  readonly key: 'id' | 'code'
  readonly generated: 0 | 1 | 2 | 3
  readonly check: number
  readonly indexes: readonly number[]
  readonly parents: readonly number[]
  readonly options: string
  readonly partitions: number
}

const table: fc.Arbitrary<Table> = fc.record({
  columns: fc.subarray(['a', 'b', 'c', 'd', 'e'], { minLength: 1 }).chain((names) => fc.tuple(...names.map(column))),
  order: fc.nat(5),
  key: fc.constantFrom('id', 'code'),
  generated: fc.constantFrom(0, 1, 2, 3),
  check: fc.nat(3),
  indexes: fc.array(fc.nat(7), { maxLength: 3 }),
  parents: fc.array(fc.nat(5), { maxLength: 2 }),
  options: fc.constantFrom(
    '',
    "comment 'of tables'",
    'row_format dynamic',
    'default charset utf8mb4 collate utf8mb4_bin',
    'default charset latin1',
  ),
  partitions: fc.nat(3),
})

/** Whole tables, the order of columns too. */
export const schema: fc.Arbitrary<Schema> = fc
  .record({
    tables: fc.array(fc.option(table, { freq: 5 }), { minLength: 1, maxLength: 4 }),
    views: fc.nat(7),
    code: fc.nat(15),
  })
  .map(({ tables, views, code }) => {
    const there = tables.flatMap((one, at) => (one ? [{ ...one, name: `t${at}` }] : []))
    const created = there.map((one, at) => tableSql(one, there.slice(0, at)))
    return { statements: [...created, ...codeSql(code, there[0]?.name), ...viewsSql(views, there[0])] }
  })

type Named = Table & { readonly name: string }

function tableSql(one: Named, before: readonly Named[]): string {
  const { name, columns, order, key, generated, check, indexes, parents, options, partitions } = one
  const turned = [...columns.slice(order % columns.length), ...columns.slice(0, order % columns.length)]
  const first = turned[0]!
  // a CHAR is as long as a mode of the session says; MariaDB stores and indexes what is sure in every mode
  const text = /^char/.test(first.type) ? `rtrim(${first.name})` : first.name
  const length = [
    [],
    [`g int as (length(${text})) virtual`],
    [`g int as (length(${text}) + 1) stored`],
    [`g int`],
    // what a timestamp is as text depends on the session's time zone
  ][/timestamp/.test(first.type) ? 0 : generated]!
  const id =
    key === 'id' ? ['id int unsigned not null auto_increment'] : ['id int unsigned not null', 'code int not null']
  const isPartitioned = partitions === 1 && parents.length === 0
  const lines = [
    ...(order % 2 ? [...turned.map(columnSql), ...id] : [...id, ...turned.map(columnSql)]),
    ...length,
    key === 'id'
      ? 'primary key (id)'
      : isPartitioned
        ? 'primary key (code, id)'
        : 'primary key (code), unique key id (id)',
    ...(check > 0 ? [`constraint ${name}_c check (length(${first.name}) < ${check + 90})`] : []),
    ...new Map(
      indexes
        .map((index) => indexSql(index, turned, isPartitioned, generated))
        .map((sql) => [sql.split('(')[0]!.trim(), sql]),
    ).values(),
    ...parentsSql(name, parents, before),
  ]
  const refs = parentsOf(parents, before).map((_, at) => `p${at} int unsigned`)
  const partition = isPartitioned
    ? ` partition by range (id) (partition p0 values less than (${order + 5}), partition p1 values less than maxvalue)`
    : ''
  return `create table ${name} (${[...refs, ...lines].join(', ')}) ${options}${partition}`
}

function indexSql(index: number, columns: readonly Column[], isPartitioned: boolean, generated: number): string {
  const { name, type } = columns[index % columns.length]!
  if (type === 'json') return `key on_id (id desc)`
  const prefix = /text/.test(type) ? '(7)' : ''
  if (index === 6 && generated > 0 && !/timestamp/.test(columns[0]!.type)) return 'key on_g (g)'
  if (index === 7 && /char|text/.test(type) && !isPartitioned) return `fulltext key words_${name} (${name})`
  return index % 2
    ? `key i_${name} (${name}${prefix}, id)`
    : `key i_${name} (${name}${prefix}) comment 'index ${index}'`
}

/** Tables before it whose `id` is a key by itself and which have no partitions. */
function parentsOf(parents: readonly number[], before: readonly Named[]): readonly Named[] {
  const whole = before.filter(({ partitions, parents }) => partitions !== 1 || parents.length > 0)
  return whole.length === 0 ? [] : parents.map((at) => whole[at % whole.length]!)
}

function parentsSql(name: string, parents: readonly number[], before: readonly Named[]): readonly string[] {
  return parentsOf(parents, before).flatMap((parent, at) => {
    const action = ['', ' on delete cascade', ' on delete set null on update cascade'][parents[at]! % 3]!
    const key = parents[at]! > 3 ? [`key k${at} (p${at}, id)`] : []
    return [`constraint ${name}_f${at} foreign key (p${at}) references ${parent.name} (id)${action}`, ...key]
  })
}

function viewsSql(views: number, one: Named | undefined): readonly string[] {
  if (!one) return views & 1 ? ['create view v1 as select 1 as one'] : []
  const column = one.columns[0]!.name
  return [
    ...(views & 1 ? [`create view v1 as select id, ${column} as x from ${one.name}`] : []),
    ...((views & 3) === 3 ? ['create view a_first as select v1.id, v1.x from v1 where v1.x is not null'] : []),
    ...(views & 4 ? [`create sql security invoker view v2 as select count(*) as n from ${one.name}`] : []),
  ]
}

function codeSql(code: number, table: string | undefined): readonly string[] {
  return [
    ...(code & 1 ? [`create function f(x int) returns int deterministic return x + ${code}`] : []),
    ...(code & 2 ? [`create procedure p(in x int) begin select x; select '${code};'; end`] : []),
    ...(table && code & 4 ? [`create trigger tr1 before insert on ${table} for each row set @x = ${code}`] : []),
    ...(table && code & 8 ? [`create trigger tr2 before insert on ${table} for each row set @y = 1`] : []),
    ...((code & 12) === 8 ? ['create event e on schedule every 2 hour do select 1'] : []),
  ]
}
