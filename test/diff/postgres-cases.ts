/** A difference, and what there is before and after. */
export interface Case {
  readonly name: string
  readonly from: readonly string[]
  readonly to: readonly string[]
  readonly renames?: readonly (readonly [string, string])[]
  /** Statements that put rows into what `from` makes, and a query of what must be there in the end. */
  readonly rows?: readonly string[]
  readonly kept?: string
  readonly grants?: boolean
}

const customer = 'create table customer (id int primary key, email varchar(40), status int)'
const rest = (tail: string) => [customer.replace(/\)$/, `, ${tail})`)]
const f = (body: string) => `create function f(x int) returns int language sql immutable as '${body}'`
const trigger = "create function tr() returns trigger language plpgsql as 'begin return new; end'"

/** What Alembic's documentation says autogenerate detects, detects if asked, or does not detect; and what only this server has. */
export const cases: readonly Case[] = [
  { name: 'a new table', from: [], to: [customer] },
  { name: 'a table that is gone', from: [customer], to: [] },
  { name: 'a new column', from: [customer], to: rest("phone varchar(20) not null default ''") },
  { name: 'a column that is gone', from: rest('phone int'), to: [customer] },
  { name: 'NOT NULL', from: [customer], to: [customer.replace('status int', 'status int not null')] },
  { name: 'NULL', from: [customer.replace('status int', 'status int not null')], to: [customer] },
  { name: 'a type', from: [customer], to: [customer.replace('status int', 'status bigint')] },
  { name: 'the length of a type', from: [customer], to: [customer.replace('varchar(40)', 'varchar(80)')] },
  {
    name: 'a type that nothing leads to by itself',
    from: [customer.replace('status int', 'status int default 3 check (status > 1)')],
    to: [customer.replace('status int', "status uuid default '5f0c9a2e-0000-4000-8000-000000000000'")],
  },
  {
    name: 'a type under keys, indexes and views',
    from: [
      customer.replace('status int', 'status int unique'),
      'create index k on customer (status) where status > 1',
      'create view v as select status from customer',
      'create view w as select status + 1 as more from v',
      'create materialized view m as select status from v',
      'create unique index mu on m (status)',
    ],
    to: [
      customer.replace('status int', 'status text unique'),
      "create index k on customer (status) where status > '1'",
      'create view v as select status from customer',
      "create view w as select status || '1' as more from v",
      'create materialized view m as select status from v',
      'create unique index mu on m (status)',
    ],
    rows: ["insert into customer values (1, 'x', 7)"],
    kept: "select 1 from customer where status = '7'",
  },
  {
    name: 'a new value of an enum',
    from: ["create type mood as enum ('a','c')", 'create table p (m mood)'],
    to: ["create type mood as enum ('0','a','b','c','d')", 'create table p (m mood)'],
  },
  {
    name: 'a value of an enum that is gone',
    from: [
      "create type mood as enum ('a','b','c')",
      "create table p (m mood default 'a' check (m <> 'c'), many mood[])",
      "create index k on p (m) where m = 'a'",
      'create view v as select m from p',
      "create function g(x mood) returns mood language sql as 'select x'",
    ],
    to: [
      "create type mood as enum ('b','a')",
      "create table p (m mood default 'a' check (m <> 'b'), many mood[])",
      "create index k on p (m) where m = 'a'",
      'create view v as select m from p',
      "create function g(x mood) returns mood language sql as 'select x'",
    ],
    rows: ["insert into p values ('a', '{a,b}')"],
    kept: "select 1 from p where m = 'a' and many = '{a,b}'",
  },
  {
    name: 'a value of an enum that a default uses at once',
    from: ["create type mood as enum ('a')", "create table p (m mood default 'a')"],
    to: ["create type mood as enum ('a','b')", "create table p (m mood default 'b')"],
  },
  {
    name: 'an enum in place of a text',
    from: ["create table p (m text default 'a')"],
    to: ["create type mood as enum ('a')", "create table p (m mood default 'a')"],
    rows: ["insert into p values ('a')"],
    kept: "select 1 from p where m = 'a'",
  },
  {
    name: 'a text in place of an enum',
    from: ["create type mood as enum ('a')", "create table p (m mood default 'a')"],
    to: ["create table p (m text default 'a')"],
    rows: ["insert into p values ('a')"],
    kept: "select 1 from p where m = 'a'",
  },
  {
    name: 'the checks of a domain',
    from: ['create domain pos as int default 1 check (value > 0)', 'create table p (n pos)'],
    to: [
      'create domain pos as int not null constraint pos_check check (value > 1) constraint other check (value < 9)',
      'create table p (n pos)',
    ],
  },
  {
    name: 'the type of a domain',
    from: ['create domain pos as int', 'create domain pos2 as pos', 'create table p (n pos default 1, m pos2)'],
    to: ['create domain pos as bigint', 'create domain pos2 as pos', 'create table p (n pos default 1, m pos2)'],
    rows: ['insert into p values (1, 2)'],
    kept: 'select 1 from p where n = 1 and m = 2',
  },
  {
    name: 'a composite type',
    from: ['create type pair as (a int, b text)', 'create table p (x pair)'],
    to: ['create type pair as (a int, c numeric(4,1))', 'create table p (x pair)', "comment on column pair.c is 'q'"],
  },
  {
    name: 'a range type',
    from: ['create type r as range (subtype = int)', 'create table p (x r)'],
    to: ['create type r as range (subtype = float8)', 'create table p (x r)'],
  },
  { name: 'a default', from: [customer], to: [customer.replace('status int', 'status int default 3')] },
  { name: 'no default', from: [customer.replace('status int', 'status int default 3')], to: [customer] },
  { name: 'a default that is an expression', from: rest('d int default (1 + 1)'), to: rest('d int default (1 + 2)') },
  { name: 'a default that is a new function', from: rest('d int'), to: [f('select 1'), ...rest('d int default f(1)')] },
  {
    name: 'functions that tables use, and that use tables',
    from: [f('select 1'), ...rest('d int default f(1) check (f(d) > 0), g int generated always as (f(status)) stored')],
    to: [
      f('select 1').replace('(x int)', '(x int, y int default 2)'),
      ...rest('d int default f(1, 2) check (f(d) > 0), g int generated always as (f(status)) stored'),
    ],
  },
  {
    name: 'a function that begins with a table, whose default it is',
    from: [],
    to: [
      customer,
      'create function counted() returns bigint begin atomic select count(*) from customer; end',
      'alter table customer alter status set default counted()',
    ],
  },
  {
    name: 'identity',
    from: [customer],
    to: [customer.replace('int primary key', 'int generated always as identity (start with 7) primary key')],
  },
  {
    name: 'how identity counts',
    from: [customer.replace('int primary key', 'int generated always as identity primary key')],
    to: [
      customer.replace(
        'int primary key',
        'bigint generated by default as identity (increment by 5 cache 3 cycle) primary key',
      ),
    ],
  },
  {
    name: 'no identity',
    from: [customer.replace('int primary key', 'int generated always as identity primary key')],
    to: [customer],
  },
  { name: 'a serial column', from: [customer], to: [customer.replace('int primary key', 'serial primary key')] },
  { name: 'no serial column', from: [customer.replace('int primary key', 'serial primary key')], to: [customer] },
  {
    name: 'a serial column that loses its sequence to another table',
    from: [customer.replace('int primary key', 'serial primary key')],
    to: ['create table other (id int)', 'create sequence customer_id_seq as int owned by other.id'],
  },
  {
    name: 'a sequence',
    from: ['create sequence s'],
    to: ['create sequence s as int increment by -2 minvalue -50 maxvalue 3 start 2 cache 4 cycle'],
  },
  {
    name: 'a generated column',
    from: rest('g int generated always as (status + 1) stored'),
    to: rest('g int generated always as (status + 2) stored'),
  },
  {
    name: 'a stored column that becomes a plain one',
    from: rest('g int generated always as (status + 1) stored'),
    to: rest('g int'),
    rows: ['insert into customer (id, status) values (1, 4)'],
    kept: 'select 1 from customer where g = 5',
  },
  {
    name: 'the collation of a column',
    from: [customer],
    to: [customer.replace('varchar(40)', 'varchar(40) collate "C"')],
  },
  {
    name: 'a collation',
    from: ["create collation k (locale = 'C')", 'create table p (x text collate k)'],
    to: ["create collation k (locale = 'POSIX')", 'create table p (x text collate k)'],
  },
  {
    name: 'comments',
    from: [customer, 'create index k on customer (email)', "comment on index k is 'old'"],
    to: [
      customer,
      'create index k on customer (email)',
      "comment on table customer is 'it''s \\'",
      "comment on column customer.email is 'x'",
      "comment on constraint customer_pkey on customer is 'y'",
    ],
  },
  { name: 'an index', from: [customer], to: [customer, 'create index on customer (email)'] },
  {
    name: 'the order in an index',
    from: [customer, 'create index k on customer (email)'],
    to: [customer, 'create index k on customer (email desc nulls last)'],
  },
  {
    name: 'the predicate of an index',
    from: [customer, 'create index k on customer (email)'],
    to: [customer, 'create index k on customer (email) where status > 0'],
  },
  {
    name: 'the method of an index',
    from: [customer, 'create index k on customer (email)'],
    to: [customer, 'create index k on customer using hash (email)'],
  },
  {
    name: 'the operator class of an index',
    from: [customer, 'create index k on customer (email)'],
    to: [customer, 'create index k on customer (email varchar_pattern_ops)'],
  },
  {
    name: 'what an index includes',
    from: [customer, 'create index k on customer (email)'],
    to: [customer, 'create index k on customer (email) include (status)'],
  },
  {
    name: 'an option of an index',
    from: [customer, 'create index k on customer (email)'],
    to: [customer, 'create index k on customer (email) with (fillfactor = 70)'],
  },
  {
    name: 'an index on an expression',
    from: [customer, 'create index k on customer (lower(email))'],
    to: [customer, 'create index k on customer (upper(email))'],
  },
  {
    name: 'an index that is unique',
    from: [customer, 'create index k on customer (email)'],
    to: [customer, 'create unique index k on customer (email)'],
  },
  {
    name: 'the name of an index',
    from: [customer, 'create index k on customer (email)'],
    to: [customer, 'create index l on customer (email)'],
  },
  {
    name: 'a unique key',
    from: [customer, 'create unique index k on customer (email)'],
    to: rest('constraint k unique (email)'),
  },
  { name: 'an anonymous unique key', from: [customer], to: rest('unique (status, email)') },
  {
    name: 'a unique key that is deferred',
    from: rest('unique (email)'),
    to: rest('unique (email) deferrable initially deferred'),
  },
  {
    name: 'the primary key',
    from: [customer],
    to: [customer.replace('int primary key', 'int').replace(/\)$/, ', primary key (id, email))')],
  },
  {
    name: 'a primary key that is referred to',
    from: [customer, 'create table b (l int references customer)'],
    to: [customer.replace('int primary key', 'int unique'), 'create table b (l int references customer (id))'],
  },
  { name: 'a check', from: rest('constraint c check (status > 0)'), to: rest('constraint c check (status > 1)') },
  { name: 'an anonymous check', from: [customer], to: rest('check (status > 0)') },
  {
    name: 'a check that was not valid',
    from: [customer, 'alter table customer add constraint c check (status > 0) not valid'],
    to: rest('constraint c check (status > 0)'),
  },
  {
    name: 'a check that is not valid',
    from: [customer],
    to: [customer, 'alter table customer add constraint c check (status > 0) not valid'],
  },
  {
    name: 'an exclusion',
    from: rest('x int4range'),
    to: rest('x int4range, exclude using gist (x with &&) where (status > 0)'),
  },
  {
    name: 'a foreign key',
    from: [customer, 'create table b (l int)'],
    to: [customer, 'create table b (l int references customer)'],
  },
  {
    name: 'the action of a foreign key',
    from: [customer, 'create table b (l int references customer)'],
    to: [customer, 'create table b (l int references customer on delete cascade)'],
  },
  {
    name: 'when a foreign key is checked',
    from: [customer, 'create table b (l int references customer)'],
    to: [customer, 'create table b (l int references customer deferrable initially deferred)'],
  },
  {
    name: 'the type of a column in a foreign key',
    from: [customer, 'create table b (l int references customer)'],
    to: [customer.replace('id int', 'id text'), 'create table b (l text references customer)'],
    rows: ['insert into customer values (1)', 'insert into b values (1)'],
    kept: "select 1 from b where l = '1'",
  },
  {
    name: 'a circle of foreign keys',
    from: [],
    to: [
      'create table x (id int primary key, y int)',
      'create table y (id int primary key, x int references x)',
      'alter table x add constraint xy foreign key (y) references y',
    ],
  },
  {
    name: 'a circle of foreign keys that is gone',
    from: [
      'create table x (id int primary key, y int)',
      'create table y (id int primary key, x int references x)',
      'alter table x add constraint xy foreign key (y) references y',
    ],
    to: [],
  },
  { name: 'an unlogged table', from: [customer], to: [customer.replace('create', 'create unlogged')] },
  {
    name: 'options of a table',
    from: [`${customer} with (fillfactor = 70, autovacuum_enabled = off)`],
    to: [`${customer} with (fillfactor = 80)`],
  },
  {
    name: 'how a column is stored',
    from: [customer, 'alter table customer alter email set storage external, alter status set statistics 5'],
    to: [
      customer,
      'alter table customer alter email set storage main, alter email set compression pglz, alter email set (n_distinct = 5)',
    ],
  },
  { name: 'replica identity', from: [customer], to: [customer, 'alter table customer replica identity full'] },
  { name: 'an index to cluster by', from: [customer], to: [customer, 'alter table customer cluster on customer_pkey'] },
  {
    name: 'a table that is partitioned',
    from: [customer],
    to: [
      `${customer.replace(' primary key', '')} partition by range (id)`,
      'create table c1 partition of customer for values from (1) to (5)',
    ],
  },
  {
    name: 'partitions',
    from: [
      'create table m (a int primary key, b text) partition by range (a)',
      'create table m1 partition of m for values from (0) to (10)',
      'create table m2 partition of m default',
      'create table m3 (a int not null, b text)',
    ],
    to: [
      'create table m (a int primary key, b text) partition by range (a)',
      'create table m1 partition of m for values from (0) to (5)',
      'create table m2 (a int primary key, b text)',
      'create table m3 partition of m for values from (5) to (9)',
    ],
    rows: ["insert into m values (1, 'x')"],
    kept: "select 1 from m1 where b = 'x'",
  },
  {
    name: 'what partitions have from their table',
    from: [
      'create table m (a int primary key, b text, x int) partition by range (a)',
      'create table m1 partition of m for values from (0) to (10)',
      'create index mb on m (b)',
      'alter table m add check (x > 0)',
    ],
    to: [
      "create table m (a int, b varchar(9) default 'q' not null, c int, primary key (a, b)) partition by range (a)",
      "create table m1 partition of m (b default 'z') for values from (0) to (10)",
      'create index mc on m (c, b)',
      'alter table m add check (c > 0)',
      'create table m2 partition of m for values from (10) to (20)',
      trigger,
      'create trigger s before insert on m for each row execute function tr()',
    ],
  },
  {
    name: 'inheritance',
    from: [
      'create table a (x int, y int check (y > 0))',
      'create table b (z int) inherits (a)',
      'create table c (x int)',
    ],
    to: [
      'create table a (x bigint, w int default 3)',
      'create table b (z int) inherits (a)',
      'create table c (x bigint, w int default 3) inherits (a)',
    ],
  },
  {
    name: 'a view',
    from: [customer, 'create view v as select id from customer', 'create view w as select id from v'],
    to: [
      customer,
      'create view v with (security_barrier) as select id, email from customer where id > 0 with check option',
      'create view w as select id from v',
      "comment on view v is 'x'",
    ],
  },
  {
    name: 'the columns of a view',
    from: [customer, 'create view v as select id, email from customer', 'create view w as select id from v'],
    to: [customer, 'create view v as select email as id from customer', 'create view w as select id from v'],
  },
  {
    name: 'views on views',
    from: ['create view a as select 1 as x'],
    to: ['create view z as select 1 as x', 'create view a as select x from z'],
  },
  {
    name: 'views the other way round',
    from: ['create view z as select 1 as x', 'create view a as select x from z'],
    to: ['create view a as select 1 as x', 'create view z as select x from a'],
  },
  { name: 'a view that becomes a table', from: ['create view customer as select 1 as id'], to: [customer] },
  { name: 'a table that becomes a view', from: [customer], to: ['create view customer as select 1 as id'] },
  {
    name: 'a materialized view',
    from: [customer, 'create materialized view m as select id from customer', 'create index k on m (id)'],
    to: [customer, 'create materialized view m as select id, email from customer', 'create unique index k on m (id)'],
  },
  {
    name: 'the index of a materialized view',
    from: [customer, 'create materialized view m as select id from customer', 'create index k on m (id)'],
    to: [customer, 'create materialized view m as select id from customer', 'create unique index k on m (id)'],
  },
  {
    name: 'a view by the primary key of a table',
    from: [customer, 'create view v as select id, email from customer group by id'],
    to: [
      customer.replace('primary key', 'constraint pk primary key').replace('status int', 'status int unique'),
      'create view v as select id, email from customer group by id',
    ],
  },
  { name: 'a function', from: [f('select 1')], to: [f('select 2')] },
  {
    name: 'the result of a function',
    from: [f('select 1')],
    to: [f('select 1::bigint').replace('returns int', 'returns bigint')],
  },
  { name: 'the names of arguments', from: [f('select 1')], to: [f('select 1').replace('(x int)', '(y int)')] },
  {
    name: 'a function that uses what comes after it',
    from: [],
    to: [customer, "create function n() returns bigint language sql as 'select count(*) from customer'"],
  },
  {
    name: 'a procedure',
    from: ["create procedure p(x int) language sql as 'select 1'"],
    to: [
      "create procedure p(x int) language sql as 'select 2'",
      "create procedure p(inout y text) language plpgsql as 'begin y := 1; end'",
    ],
  },
  {
    name: 'a function that becomes a procedure',
    from: ["create function p(x int) returns int language sql as 'select 1'"],
    to: ["create procedure p(x int) language sql as 'select 2'"],
  },
  {
    name: 'an aggregate',
    from: ["create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0')"],
    to: ["create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '1')"],
  },
  {
    name: 'a trigger',
    from: [customer, trigger],
    to: [
      customer,
      trigger,
      'create trigger s before update of email on customer for each row when (new.id > 0) execute function tr()',
    ],
  },
  {
    name: 'whether a trigger is enabled',
    from: [customer, trigger, 'create trigger s before insert on customer for each row execute function tr()'],
    to: [
      customer,
      trigger,
      'create trigger s before insert on customer for each row execute function tr()',
      'alter table customer disable trigger s',
    ],
  },
  { name: 'a rule', from: [customer], to: [customer, 'create rule r as on delete to customer do instead nothing'] },
  {
    name: 'a policy',
    from: [customer, 'create policy p on customer using (id > 0)'],
    to: [
      customer,
      'create policy p on customer as restrictive for update using (id > 0) with check (id > 1)',
      'alter table customer enable row level security',
      'alter table customer force row level security',
    ],
  },
  {
    name: 'statistics',
    from: [customer],
    to: [customer, 'create statistics s (dependencies) on id, status from customer'],
  },
  {
    name: 'a schema',
    from: [],
    to: [
      'create schema billing',
      'create table billing.bill (id int primary key)',
      'create view bills as select id from billing.bill',
      "create type billing.mood as enum ('x')",
      'create table t (b int references billing.bill, m billing.mood)',
    ],
  },
  {
    name: 'a schema that is gone',
    from: [
      'create schema billing',
      'create table billing.bill (id int primary key)',
      'create view bills as select id from billing.bill',
      "create type billing.mood as enum ('x')",
      'create table t (b int references billing.bill, m billing.mood)',
    ],
    to: ['create table t (b int, m text)'],
  },
  {
    name: 'an operator',
    from: [],
    to: [
      "create function same(int, int) returns boolean language sql immutable as 'select $1 = $2'",
      'create operator === (leftarg = int, rightarg = int, function = same)',
      customer,
      'alter table customer add check (id === id)',
    ],
  },
  {
    name: 'a cast',
    from: ["create type mood as enum ('a')"],
    to: [
      "create type mood as enum ('a')",
      "create function moody(int) returns mood language sql immutable as 'select null::mood'",
      'create cast (int as mood) with function moody(int) as assignment',
    ],
  },
  {
    name: 'a search configuration',
    from: [],
    to: [
      'create text search dictionary d (template = simple, stopwords = english)',
      'create text search configuration g (parser = default)',
      'alter text search configuration g add mapping for word, asciiword with d, simple',
    ],
  },
  {
    name: 'a publication',
    from: [customer],
    to: [customer, "create publication p for table customer (id) where (id > 1) with (publish = 'insert')"],
  },
  {
    name: 'an event trigger',
    from: [],
    to: [
      "create function ev() returns event_trigger language plpgsql as 'begin end'",
      "create event trigger e on ddl_command_end when tag in ('CREATE TABLE', 'DROP TABLE') execute function ev()",
    ],
  },
  {
    name: 'a foreign table',
    from: [],
    to: [
      'create foreign data wrapper w',
      'create server s foreign data wrapper w',
      "create foreign table ft (id int not null) server s options (a 'b')",
    ],
  },
  {
    name: 'what is granted',
    grants: true,
    from: [customer, 'grant select on customer to public', f('select 1')],
    to: [
      customer,
      'grant insert, select (email) on customer to public',
      f('select 1'),
      'revoke all on function f(int) from public',
    ],
  },
  {
    name: 'a table with another name',
    from: [
      customer.replace('int primary key', 'serial primary key'),
      'create index on customer (email)',
      'create table b (l int references customer, check (l > 0))',
      'create view v as select customer.id from customer',
      trigger,
      'create trigger s before insert on customer for each row execute function tr()',
      'create policy p on customer using (id > 0)',
    ],
    to: [
      customer.replace('customer', 'client').replace('int primary key', 'serial primary key'),
      'create index on client (email)',
      'create table c (l int references client, check (l > 0))',
      'create view v as select client.id from client',
      trigger,
      'create trigger s before insert on client for each row execute function tr()',
      'create policy p on client using (id > 0)',
    ],
    renames: [
      ['table customer', 'client'],
      ['table b', 'c'],
    ],
    rows: ['insert into customer (id) values (default)', 'insert into b values (1)'],
    kept: "select 1 from c join client on id = l where nextval('client_id_seq') = 2",
  },
  {
    name: 'a column with another name',
    from: [
      ...rest('constraint c check (status > 0), g int generated always as (status + 1) stored, unique (status, email)'),
      'create index k on customer (status) where status > 1',
      'create table b (s int, e varchar(40), foreign key (s, e) references customer (status, email))',
      'create view v as select status from customer',
    ],
    to: [
      ...rest(
        'constraint c check (state > 0), g int generated always as (state + 1) stored, unique (state, email)',
      ).map((sql) => sql.replace('status int', 'state int')),
      'create index k on customer (state) where state > 1',
      'create table b (s int, e varchar(40), foreign key (s, e) references customer (state, email))',
      'create view v as select state from customer',
    ],
    renames: [['table customer.status', 'state']],
    rows: ["insert into customer values (1, 'x', 4)"],
    kept: 'select 1 from customer where state = 4 and g = 5',
  },
]
