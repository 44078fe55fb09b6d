import fc from 'fast-check'
import t, { type Test } from 'tap'
import { type Change, changesBetween } from '../../lib/diff/changes.ts'
import { compare } from '../../lib/diff/compare.ts'
import { schemaOf } from '../catalogue/mysql-databases.ts'
import { type Kind, kinds, notTested } from '../servers/databases.ts'
import { schema } from './mysql-schemas.ts'

t.setTimeout(300_000) // a server with a binary log is slow with DDL

interface Case {
  readonly name: string
  readonly from: readonly string[]
  readonly to: readonly string[]
  readonly renames?: readonly (readonly [string, string])[]
  /** Statements that put rows into what `from` makes, and a query of what must be there in the end. */
  readonly rows?: readonly string[]
  readonly kept?: string
  readonly only?: Kind
}

/** Changes one schema into another on the server, and tells by what, and what is still different then. */
async function changed(t: Test, kind: Kind, { from, to, renames = [], rows = [] }: Omit<Case, 'name'>) {
  const [a, b] = [await schemaOf(t, kind, [...from, ...rows]), await schemaOf(t, kind, to)]
  const [actual, expected] = [await a.read(), await b.read()]
  const changes = changesBetween(actual, expected, new Map(renames))
  for (const { sql } of changes) await a.session.exec([sql])
  const reached = await a.read()
  const left = [...compare(expected, reached), ...changesBetween(reached, expected, new Map())]
  return { changes, differences: compare(expected, actual), left, session: a.session }
}

async function tests(t: Test, kind: Kind) {
  for (const one of cases.filter(({ only = kind }) => only === kind)) {
    t.test(`${one.name} is seen, and made`, async (t) => {
      const { changes, differences, left, session } = await changed(t, kind, one)
      t.not(differences.length, 0)
      t.same(left, [], `by ${changes.map(({ sql }) => sql).join(';\n')}`)
      if (one.kept) t.same((await session.query(one.kept)).length, 1, 'the rows are kept')
    })
  }

  t.test('what may lose rows or values says so, and what needs to know the rows', async (t) => {
    const { changes } = await changed(t, kind, {
      from: ['create table a (x int, y varchar(40), z int, keep varchar(10))', 'create table gone (id int)'],
      to: ['create table a (x tinyint, z int not null, n int not null, keep varchar(20))'],
    })
    const of = (pattern: RegExp) => changes.find(({ sql }) => pattern.test(sql)) as Change
    t.match(of(/DROP TABLE/), { object: 'table gone', loses: /rows/ })
    const alter = of(/ALTER TABLE `a`/)
    t.match(alter.loses, /values of y; values of x that do not fit tinyint/)
    t.notMatch(alter.loses, /keep/)
    t.match(alter.unfinished, /where z is NULL.*n has no default/s)
  })

  t.test('any schema becomes any other', async (t) => {
    const seed = Number(process.env.SQLMIG_TEST_SEED) || undefined
    const becomes = fc.asyncProperty(schema, schema, async (a, b) => {
      const { left } = await changed(t, kind, { from: a.statements, to: b.statements })
      if (left.length > 0) throw new Error(JSON.stringify(left, null, 1))
    })
    await t.resolves(fc.assert(becomes, { numRuns: 15, endOnFailure: true, ...(seed !== undefined && { seed }) }))
  })
}

const customer = 'create table customer (id int primary key, email varchar(40), status int)'
const rest = (tail: string) => [customer.replace(/\)$/, `, ${tail})`)]

// What Alembic's documentation says autogenerate detects, detects if asked, or does not detect; and what only these servers have.
const cases: readonly Case[] = [
  { name: 'a new table', from: [], to: [customer] },
  { name: 'a table that is gone', from: [customer], to: [] },
  { name: 'a new column', from: [customer], to: rest("phone varchar(20) not null default ''") },
  { name: 'a column that is gone', from: rest('phone int'), to: [customer] },
  { name: 'NOT NULL', from: [customer], to: [customer.replace('status int', 'status int not null')] },
  { name: 'a type', from: [customer], to: [customer.replace('status int', 'status bigint')] },
  { name: 'the length of a type', from: [customer], to: [customer.replace('varchar(40)', 'varchar(80)')] },
  { name: 'a value of an enum', from: rest("e enum('a')"), to: rest("e enum('a','b')") },
  { name: 'a default', from: [customer], to: [customer.replace('status int', 'status int default 3')] },
  { name: 'a default that is an expression', from: rest('d int default (1 + 1)'), to: rest('d int default (1 + 2)') },
  {
    name: 'the moment as default',
    from: rest('d datetime'),
    to: rest('d datetime default current_timestamp on update current_timestamp'),
  },
  {
    name: 'no default at all',
    from: rest('d int'),
    to: [...rest('d int'), 'alter table customer alter column d drop default'],
    only: 'mysql',
  },
  {
    name: 'a comment of a column',
    from: [customer],
    to: [customer.replace('status int', "status int comment 'it''s \\\\'")],
  },
  { name: 'a comment of a table', from: [customer], to: [`${customer} comment 'leads'`] },
  { name: 'an index', from: [customer], to: rest('key (email)') },
  { name: 'the order in an index', from: rest('key k (email)'), to: rest('key k (email desc)') },
  { name: 'the prefix of an index', from: rest('key k (email)'), to: rest('key k (email(7))') },
  { name: 'the comment of an index', from: rest('key k (email)'), to: rest("key k (email) comment 'x'") },
  { name: 'the kind of an index', from: rest('key k (email)'), to: rest('fulltext key k (email)') },
  { name: 'an invisible index', from: rest('key k (email)'), to: rest('key k (email) invisible'), only: 'mysql' },
  { name: 'an ignored index', from: rest('key k (email)'), to: rest('key k (email) ignored'), only: 'mariadb' },
  {
    name: 'an index on an expression',
    from: rest('key k ((lower(email)))'),
    to: rest('key k ((upper(email)))'),
    only: 'mysql',
  },
  { name: 'a unique key', from: rest('key k (email)'), to: rest('unique key k (email)') },
  { name: 'an anonymous unique key', from: [customer], to: rest('unique (status, email)') },
  {
    name: 'the primary key',
    from: [customer],
    to: [customer.replace('int primary key', 'int').replace(/\)$/, ', primary key (id, email))')],
  },
  { name: 'a check', from: rest('constraint c check (status > 0)'), to: rest('constraint c check (status > 1)') },
  { name: 'an anonymous check', from: [customer], to: rest('check (status > 0)') },
  {
    name: 'a check of a column',
    from: [customer],
    to: [customer.replace('status int', 'status int check (status > 0)')],
  },
  {
    name: 'a check that is not enforced',
    from: rest('constraint c check (status > 0)'),
    to: rest('constraint c check (status > 0) not enforced'),
    only: 'mysql',
  },
  {
    name: 'a foreign key',
    from: [customer, 'create table b (l int)'],
    to: [
      customer,
      'create table b (l int references customer (id), constraint f foreign key (l) references customer (id))',
    ],
  },
  {
    name: 'the action of a foreign key',
    from: [customer, 'create table b (l int, constraint f foreign key (l) references customer (id))'],
    to: [customer, 'create table b (l int, constraint f foreign key (l) references customer (id) on delete cascade)'],
  },
  {
    name: 'an index that an implicit one has served for',
    from: [customer, 'create table b (l int, constraint f foreign key (l) references customer (id))'],
    to: [
      customer,
      'create table b (l int, x int, key f (l), constraint f foreign key (l) references customer (id), key more (l, x))',
    ],
  },
  {
    name: 'the type of a column in a foreign key',
    from: [customer, 'create table b (l int, constraint f foreign key (l) references customer (id))'],
    to: [
      customer.replace('id int', 'id bigint'),
      'create table b (l bigint, constraint f foreign key (l) references customer (id))',
    ],
  },
  {
    name: 'a circle of foreign keys',
    from: [],
    to: [
      'create table x (id int primary key, y int)',
      'create table y (id int primary key, x int, constraint yx foreign key (x) references x (id))',
      'alter table x add constraint xy foreign key (y) references y (id)',
    ],
  },
  {
    name: 'a circle of foreign keys that is gone',
    from: [
      'create table x (id int primary key, y int)',
      'create table y (id int primary key, x int, constraint yx foreign key (x) references x (id))',
      'alter table x add constraint xy foreign key (y) references y (id)',
    ],
    to: [],
  },
  { name: 'a generated column', from: rest('g int as (status + 1)'), to: rest('g int as (status + 2)') },
  {
    name: 'a virtual column that is stored',
    from: rest('g int as (status + 1), key (g)'),
    to: rest('g int as (status + 1) stored, key (g)'),
  },
  {
    name: 'a stored column that becomes a plain one',
    from: rest('g int as (status + 1) stored'),
    to: rest('g int'),
    rows: ['insert into customer (id, status) values (1, 4)'],
    kept: 'select 1 from customer where g = 5',
  },
  { name: 'AUTO_INCREMENT', from: [customer], to: [customer.replace('primary key', 'auto_increment primary key')] },
  {
    name: 'the order of columns',
    from: [customer],
    to: ['create table customer (status int, id int primary key, email varchar(40))'],
  },
  { name: 'an invisible column', from: rest('i int'), to: rest('i int invisible') },
  { name: 'the character set of a table', from: [`${customer} charset latin1`], to: [`${customer} charset utf8mb4`] },
  {
    name: 'the collation of a column',
    from: [customer],
    to: [customer.replace('varchar(40)', 'varchar(40) character set utf8mb4 collate utf8mb4_bin')],
  },
  { name: 'an engine', from: [customer], to: [`${customer} engine = MyISAM`] },
  {
    name: 'an option of a table',
    from: [`${customer} row_format = compressed key_block_size = 8`],
    to: [`${customer} stats_persistent = 1`],
  },
  { name: 'partitions', from: [customer], to: [`${customer} partition by hash (id) partitions 3`] },
  {
    name: 'other partitions',
    from: [`${customer} partition by hash (id) partitions 3`],
    to: [
      'create table customer (id int primary key, email varchar(40), status int, n int) partition by range (id) (partition p values less than maxvalue)',
    ],
  },
  { name: 'no partitions', from: [`${customer} partition by hash (id) partitions 3`], to: [customer] },
  {
    name: 'a view',
    from: [customer, 'create view v as select id from customer'],
    to: [customer, 'create view v as select id, email from customer where id > 0 with check option'],
  },
  {
    name: 'views on views',
    from: ['create view a as select 1 as x'],
    to: ['create view z as select 1 as x', 'create view a as select x from z'],
  },
  { name: 'a view that becomes a table', from: ['create view customer as select 1 as id'], to: [customer] },
  {
    name: 'whose rights a view has',
    from: ['create view v as select 1 as x'],
    to: ['create sql security invoker view v as select 1 as x'],
  },
  {
    name: 'a function',
    from: ['create function f() returns int deterministic return 1'],
    to: ['create function f() returns int deterministic return 2'],
  },
  { name: 'a procedure', from: [], to: ["create procedure p(in a int) begin select a; select ';'; end"] },
  {
    name: 'a trigger',
    from: [customer],
    to: [customer, 'create trigger s before insert on customer for each row set new.status = 1'],
  },
  {
    name: 'the order of triggers',
    from: [
      customer,
      'create trigger a before insert on customer for each row set @a = 1',
      'create trigger b before insert on customer for each row set @b = 1',
    ],
    to: [
      customer,
      'create trigger b before insert on customer for each row set @b = 1',
      'create trigger a before insert on customer for each row set @a = 1',
    ],
  },
  {
    name: 'an event',
    from: ['create event e on schedule every 1 day do select 1'],
    to: ["create event e on schedule every '1:30' hour_minute on completion preserve disable comment 'x' do select 1"],
  },
  {
    name: 'the mode of a body',
    from: ['create procedure p() select 1'],
    to: ["set sql_mode = 'ANSI_QUOTES'", 'create procedure p() select 1 as "x"', 'set sql_mode = default'],
  },
  {
    name: 'a sequence',
    from: ['create sequence s'],
    to: ['create sequence s start with 1 increment by 5', 'create table q (id int default nextval(s))'],
    only: 'mariadb',
  },
  { name: 'system versioning', from: [customer], to: [`${customer} with system versioning`], only: 'mariadb' },
  {
    name: 'a table with another name',
    from: [
      customer,
      'create table b (l int, foreign key (l) references customer (id), check (l > 0))',
      'create trigger s before insert on customer for each row set @x = 1',
    ],
    to: [
      customer.replace('customer', 'client'),
      'create table c (l int, foreign key (l) references client (id), check (l > 0))',
      'create trigger s before insert on client for each row set @x = 1',
    ],
    renames: [
      ['table customer', 'client'],
      ['table b', 'c'],
    ],
    rows: ['insert into customer (id) values (1)', 'insert into b values (1)'],
    kept: 'select 1 from c join client on id = l',
  },
  {
    name: 'a column with another name',
    from: rest('key k (status, email), constraint c check (status > 0), g int as (status + 1), key g (g)'),
    to: rest('key k (status, email), constraint c check (status > 0), g int as (status + 1), key g (g)').map((sql) =>
      sql.replaceAll('status', 'state'),
    ),
    renames: [['table customer.status', 'state']],
    rows: ['insert into customer (id, status) values (1, 4)'],
    kept: 'select 1 from customer where state = 4 and g = 5',
  },
  {
    name: 'a column in foreign keys with another name',
    from: [customer, 'create table b (l int, constraint f foreign key (l) references customer (id))'],
    to: [
      customer.replace('id int', 'no int'),
      'create table b (m int, key f (m), constraint f foreign key (m) references customer (no))',
    ],
    renames: [
      ['table customer.id', 'no'],
      ['table b.l', 'm'],
    ],
    rows: ['insert into customer (id) values (1)', 'insert into b values (1)'],
    kept: 'select 1 from b where m = 1',
  },
]

kinds()
for (const kind of ['mysql', 'mariadb'] as const) {
  t.test(kind, { skip: notTested(kind) ?? false }, (t) => tests(t, kind))
}
