import t from 'tap'
import { Project } from '../project.ts'
import { eachServer, type Kind } from '../servers/databases.ts'

/** A key to go by, and its values as SQL, in any order. */
interface Key {
  readonly name: string
  /** The columns as they stand in CREATE TABLE, then what makes them a key, and what follows the parenthesis. */
  readonly columns: string
  readonly constraint?: string
  readonly options?: string
  readonly values: readonly string[]
  /** How the directive and the statement name the key, where that is not `k`. */
  readonly by?: string
  readonly where?: string
  readonly order?: string
}

const texts = [
  "''",
  "'a'",
  "'b'",
  "'O''Neill'",
  "':batch_from'",
  "'ü'",
  "'Zoë'",
  "'日本'",
  "'😀'",
  "'x''; drop table t; --'",
]
const uuids = [
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-4fff-bfff-ffffffffffff',
  '7d444840-9dc0-11d1-b245-5ffdce74fad2',
  '0e37df36-f698-11e6-8dd4-cb9ced3df976',
  '123e4567-e89b-12d3-a456-426614174000',
  '9f1c1c1e-0b0b-4b4b-8a8a-0a0a0a0a0a0a',
  'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
].map((one) => `'${one}'`)
const composite: Key = {
  name: 'two columns',
  columns: 'tenant varchar(20) NOT NULL, k integer NOT NULL',
  constraint: 'PRIMARY KEY (tenant, k)',
  values: ["'a', 3", "'a', -1", "'a', 2", "'b''c', 2", "'b''c', 1", "'d', 1", "'d', 2", "'d', 3", "'d', 4"],
  by: 't.(tenant, k)',
  where:
    '(tenant, k) >= :batch_from AND (tenant, k) <= :batch_to AND tenant BETWEEN :batch_from_tenant AND :batch_to_tenant',
  order: 'tenant, k',
}

const plainKey = (type: string, values: readonly string[], more: Partial<Key> = {}): Key => ({
  name: type,
  columns: `k ${type} NOT NULL`,
  constraint: 'PRIMARY KEY (k)',
  values,
  ...more,
})

const integers = ['-2147483648', '-7', '-1', '0', '1', '5', '6', '1000', '2147483646', '2147483647']

const postgres: readonly Key[] = [
  plainKey('integer', integers),
  plainKey('bigint', [
    '-9223372036854775808',
    '-9007199254740993',
    '-1',
    '0',
    '9007199254740993',
    '9223372036854775807',
    '12',
  ]),
  plainKey('numeric', ["'NaN'", '-1.5', '0', '1.10', '1.2', '12345678901234567890.000000001', '3']),
  plainKey('uuid', uuids),
  plainKey('text', [...texts, "E'back\\\\slash'", "E'two\\nlines'"]),
  plainKey('varchar(60) COLLATE "C"', texts),
  plainKey('char(40)', texts.slice(0, 8)),
  plainKey('bytea', ["''", "'\\x00'", "'\\x0027'", "'\\xff'", "'\\x5c27'", "'\\xdeadbeef'", "'a'"]),
  {
    name: 'a quoted name',
    columns: '"The Key" text NOT NULL',
    constraint: 'UNIQUE ("The Key")',
    order: '"The Key"',
    values: texts,
    by: 'public.t."The Key"',
    where: '"The Key" BETWEEN :batch_from AND :batch_to',
  },
  {
    name: 'a unique index with more in it',
    columns: 'k integer NOT NULL, other integer',
    constraint: 'UNIQUE (k) INCLUDE (other)',
    values: integers.map((n) => `${n}, 1`),
  },
  composite,
]

const mysql: readonly Key[] = [
  plainKey('bigint unsigned', ['0', '18446744073709551615', '9007199254740993', '18446744073709551614', '3', '4', '5']),
  plainKey('integer', integers),
  plainKey('integer(8) unsigned zerofill', ['1', '20', '300', '4000', '7', '8']),
  plainKey('decimal(30, 4)', ['-1.5', '0', '1.1', '1.2', '12345678901234567890.0001', '3']),
  plainKey('varchar(60) character set utf8mb4 collate utf8mb4_general_ci', [
    ...texts.filter((one) => one !== "'😀'"),
    "'back\\\\slash'",
    "'two\\nlines'",
    "'B2'",
  ]),
  plainKey('varchar(60) character set utf8mb4 collate utf8mb4_bin', [...texts, "'A'", "'B'"]),
  plainKey('varchar(60) character set latin1', ["'a'", "'B'", "'ä'", "'Ö'", "'c'", "'z'", "''"]),
  plainKey('char(36) character set ascii', uuids),
  plainKey('varbinary(16)', ["x''", "x'00'", "x'0027'", "x'ff'", "x'5c27'", "x'deadbeef'", "'a'"]),
  plainKey('binary(4)', ["x'00000000'", "x'00270000'", "x'ff000000'", "x'5c270000'", "x'deadbeef'"]),
  {
    name: 'a quoted name',
    columns: '`The Key` integer NOT NULL',
    constraint: 'UNIQUE (`The Key`)',
    order: '`The Key`',
    values: integers,
    by: 't.`The Key`',
    where: '`The Key` BETWEEN :batch_from AND :batch_to',
  },
  composite,
]

const sqlite: readonly Key[] = [
  {
    name: 'INTEGER PRIMARY KEY',
    columns: 'k INTEGER PRIMARY KEY',
    values: ['-9223372036854775808', '-1', '0', '5', '9007199254740993', '9223372036854775807'],
  },
  plainKey('text', [
    ...texts,
    "'5'",
    "'10'",
    "'two' || char(10) || 'lines'",
    "'nul' || char(0) || 'a'",
    "'nul' || char(0) || 'b'",
  ]),
  plainKey('text COLLATE NOCASE', ["'a'", "'B'", "'c'", "'D'", "'_'", "'E'"]),
  plainKey('blob', ["x''", "x'00'", "x'0027'", "x'ff'", "x'5c27'", "x'deadbeef'"]),
  plainKey('', ['1', "'1'", "x'31'", '10', "'10'", '9', "'a'", '-3']),
  plainKey('int', ['1', "'text in it'", "x'31'", '10', '9', "'a'", '-3']),
  plainKey('numeric', ['1', "'text in it'", '10', '9', '-3']),
  { ...composite, options: ' WITHOUT ROWID' },
  { ...composite, name: 'two columns of a table with a rowid' },
]

const keys: Readonly<Record<Kind, readonly Key[]>> = {
  postgres,
  mysql,
  mariadb: [...mysql, plainKey('uuid', uuids)],
  sqlite,
}

const make = '20250101_000000_make'
const fill = '20250102_000000_fill'

function files({
  columns,
  constraint,
  values,
  by = 't.k',
  where = 'k BETWEEN :batch_from AND :batch_to',
  options = '',
}: Key) {
  const rows = values.map((value, nr) => `(${value}, ${nr}, 0, 9)`).join(', ')
  const all = [
    columns,
    'nr integer NOT NULL, met integer NOT NULL, most integer NOT NULL',
    constraint,
    'CHECK (met <= most)',
  ]
  return {
    [make]: `CREATE TABLE t (${all.filter(Boolean).join(', ')})${options};\nINSERT INTO t VALUES ${rows};`,
    [fill]: `-- sqlmig: batch 2 by ${by}\nUPDATE t SET met = met + 1 WHERE ${where};`,
  }
}

await eachServer(
  t,
  'every kind of key is gone through once, and gone on with where a run stopped',
  async (t, database) => {
    for (const key of keys[database.kind]) {
      await t.test(key.name, async (t) => {
        const project = new Project(database, files(key))
        await project.up('--to', make)
        const middle = Math.floor(key.values.length / 2)
        const [row] = await database.query(`select nr from t order by ${key.order ?? 'k'} limit 1 offset ${middle}`)
        await database.query(`update t set most = 0 where nr = ${row?.nr}`)
        const failed = await project.up()
        t.equal(failed.code, 1, failed.stderr)
        t.match(failed.error?.message, /^statement 1 of 1 failed in the batch of .* from .* to /)
        t.equal(await project.count('t', 'met > 0'), middle - (middle % 2))
        await database.query('update t set most = 9')
        const next = await project.up()
        t.equal(next.code, 0, next.stderr)
        t.match(next.stderr, new RegExp(`statement 1: ${key.values.length} rows of t in `))
        t.equal(await project.count('t', 'met <> 1'), 0)
        await database.query('drop table t')
        await database.query('drop table sqlmig_history')
      })
    }
  },
)

interface Refused {
  readonly columns: string
  readonly by?: string
  readonly message: RegExp
}

const everywhere: readonly Refused[] = [
  { columns: 'k integer NOT NULL', message: /t\.k: it is not unique/ },
  { columns: 'k integer NOT NULL, o integer NOT NULL, UNIQUE (k, o)', message: /t\.k: it is not unique/ },
  { columns: 'k integer NOT NULL, o integer NOT NULL, UNIQUE (o, k)', by: 't.(k, o)', message: /it is not unique/ },
  { columns: 'k integer UNIQUE', message: /t\.k: it may be NULL/ },
  { columns: 'k float NOT NULL UNIQUE', message: /t\.k: its type .* has no order/ },
  { columns: 'k integer NOT NULL UNIQUE', by: 't.key_of_t', message: /there is no column "key_of_t"/ },
  { columns: 'k integer NOT NULL UNIQUE', by: 'u.k', message: /there is no column "k" to batch by: u\.k/ },
]
const ofKind: Readonly<Record<Kind, readonly Refused[]>> = {
  postgres: [{ columns: 'k date NOT NULL UNIQUE', message: /its type date/ }],
  mysql: [
    { columns: "k enum('a', 'b') NOT NULL UNIQUE", message: /its type enum/ },
    { columns: 'k varchar(50) NOT NULL, UNIQUE (k(5))', message: /it is not unique/ },
  ],
  mariadb: [
    { columns: "k enum('a', 'b') NOT NULL UNIQUE", message: /its type enum/ },
    { columns: 'k varchar(50) NOT NULL, UNIQUE (k(5))', message: /it is not unique/ },
  ],
  sqlite: [{ columns: 'k text PRIMARY KEY', message: /it may be NULL/ }],
}

await eachServer(t, 'a key that is none to go by is refused before a row is touched', async (t, database) => {
  for (const { columns, by = 't.k', message } of [...everywhere, ...ofKind[database.kind]]) {
    const sql = `-- sqlmig: batch 2 by ${by}\nUPDATE t SET met = 1 WHERE met BETWEEN :batch_from AND :batch_to;`
    const [names, constraint = ''] = columns.split(/(?=, UNIQUE)/)
    const project = new Project(database, {
      [make]: `CREATE TABLE t (${names}, met integer${constraint});`,
      [fill]: sql,
    })
    await project.up('--to', make)
    await database.query(
      columns.startsWith('k enum') || columns.includes('char') ? "insert into t (k) values ('a')" : 'select 1',
    )
    const { code, error } = await project.up()
    t.equal(code, 2, columns)
    t.match(error, { code: 'directive', message, line: 1, file: project.file(fill) })
    await database.query('drop table t')
    await database.query('drop table sqlmig_history')
  }
})

await eachServer(
  t,
  'a number with a fraction in a column of SQLite is an error, not a rounded key',
  async (t, database) => {
    const project = new Project(database, {
      [make]: 'CREATE TABLE t (k NUMERIC NOT NULL UNIQUE, met integer);\nINSERT INTO t VALUES (0.1, 0), (1, 0);',
      [fill]: '-- sqlmig: batch 2 by t.k\nUPDATE t SET met = 1 WHERE k BETWEEN :batch_from AND :batch_to;',
    })
    t.match((await project.up()).error, {
      code: 'directive',
      message: /holds a value that is NULL or a number with a fraction/,
    })
    t.equal(await project.count('t', 'met = 1'), 0)
  },
  ['sqlite'],
)
