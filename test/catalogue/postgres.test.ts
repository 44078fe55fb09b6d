import t, { type Test } from 'tap'
import { keyOf } from '../../lib/catalogue/model.ts'
import { postgres } from '../../lib/dialects/postgres.ts'
import { changesBetween } from '../../lib/diff/changes.ts'
import { compare } from '../../lib/diff/compare.ts'
import { Splitter } from '../../lib/text/split.ts'
import { kinds, notTested } from '../servers/databases.ts'
import { everything, schemaOf, sqlOf } from './postgres-databases.ts'
import { everythingThere, granted } from './postgres-everything.ts'

t.setTimeout(300_000)

async function tests(t: Test) {
  t.test('a dump makes the same schema, and that gives the same dump', async (t) => {
    const source = await schemaOf(t, everythingThere)
    const before = await source.read()
    for (const key of [
      'table parent',
      'view first',
      'function twice(text)',
      'trigger inst on view first',
      'table bill in billing',
    ])
      t.ok(before.objects.map(keyOf).includes(key), key)
    const dump = sqlOf(before)
    const copy = await schemaOf(t, dump)
    const after = await copy.read()
    t.same(compare(before, after), [])
    t.same(after.objects, before.objects)
    t.same(sqlOf(after), dump)
  })

  t.test('a dump as a file has the same statements', async (t) => {
    const source = await schemaOf(t, everythingThere)
    const dump = sqlOf(await source.read())
    const file = dump.map((sql) => `${postgres.client.statement(sql)}\n`).join('\n')
    t.same(
      Array.from(new Splitter([file], postgres.lexis()), ({ text }) => text),
      dump,
    )
  })

  t.test('all of it is made from nothing by changes, and unmade', async (t) => {
    const source = await schemaOf(t, everythingThere)
    const wanted = await source.read()
    const other = await schemaOf(t, [])
    const empty = await other.read()
    for (const { sql } of changesBetween(empty, wanted, new Map())) await other.session.exec([sql])
    t.same(compare(wanted, await other.read()), [])
    for (const { sql } of changesBetween(wanted, empty, new Map())) await other.session.exec([sql])
    t.same((await other.read()).objects.map(keyOf), [])
  })

  t.test('what the search path of a session is makes no difference, and stays', async (t) => {
    const { session, read } = await schemaOf(t, everythingThere)
    const before = await read()
    await session.exec(['set search_path = public, billing, pg_catalog'])
    t.same(await read(), before)
    t.match(await session.query('show search_path'), [{ search_path: 'public, billing, pg_catalog' }])
  })

  t.test('a schema is the same under another name of the schema where unqualified names go', async (t) => {
    const statements = everythingThere.filter((sql) => !/publication|foreign (data|table)|server|event/.test(sql))
    const [one, other] = [
      await schemaOf(t, statements),
      await schemaOf(t, ['create schema mine', 'set search_path = mine', ...statements]),
    ]
    t.same(compare(await one.read(), await other.read()), [])
  })

  t.test('what sqlmig has made itself can be left out', async (t) => {
    const { read } = await schemaOf(t, [
      'create table ledger (id int primary key)',
      'create table mine (id int)',
      'create policy p on ledger using (true)',
    ])
    const keys = async (schema: string | undefined) =>
      (await read({ ...everything, without: [{ schema, name: 'ledger' }] })).objects.map(keyOf)
    t.same(await keys(undefined), ['table mine'])
    t.same(await keys('public'), ['table mine'])
    t.same(await keys('elsewhere'), ['policy p on table ledger', 'table ledger', 'table mine'])
  })

  t.test('grants are read where they are asked for, and given again', async (t) => {
    const { read } = await schemaOf(t, [...everythingThere, ...granted])
    const grants = { ...everything, grants: true }
    const before = await read(grants)
    t.equal(before.objects.filter(({ kind }) => kind === 'grant').length, 5)
    const copy = await schemaOf(t, sqlOf(before))
    t.same(compare(before, await copy.read(grants)), [])
    t.equal((await read()).objects.filter(({ kind }) => kind === 'grant').length, 0)
  })

  t.test('what is made again is granted again, also where grants are not compared', async (t) => {
    const view = 'create view v as select id from a'
    const from = await schemaOf(t, ['create table a (id int)', view, 'grant select on v to public'])
    const to = await schemaOf(t, ['create table a (id bigint)', view])
    for (const { sql } of changesBetween(await from.read(), await to.read(), new Map())) await from.session.exec([sql])
    const there = await from.read({ ...everything, grants: true })
    t.ok(there.objects.map(keyOf).includes('grant TABLE v to public'))
  })
}

kinds()
t.test('postgres', { skip: notTested('postgres') ?? false }, tests)
