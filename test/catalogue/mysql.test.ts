import t, { type Test } from 'tap'
import { keyOf } from '../../lib/catalogue/model.ts'
import { readCatalogue } from '../../lib/catalogue/read.ts'
import { mysql } from '../../lib/dialects/mysql.ts'
import { compare } from '../../lib/diff/compare.ts'
import { openSession } from '../../lib/drivers/open.ts'
import { parseUrl } from '../../lib/drivers/url.ts'
import { Splitter } from '../../lib/text/split.ts'
import { reading } from '../drivers/servers.ts'
import { kinds, notTested } from '../servers/databases.ts'
import { everything, schemaOf, sqlOf } from './mysql-databases.ts'
import { forBoth, forOne } from './mysql-everything.ts'

t.setTimeout(300_000) // a server with a binary log is slow with DDL

kinds()
for (const kind of ['mysql', 'mariadb'] as const) {
  t.test(kind, { skip: notTested(kind) ?? false }, (t) => tests(t, kind))
}

async function tests(t: Test, kind: 'mysql' | 'mariadb') {
  t.test('a dump makes the same schema, and that gives the same dump', async (t) => {
    const source = await schemaOf(t, kind, [...forBoth, ...forOne[kind]])
    const before = await source.read()
    for (const key of [
      'table parent',
      'view first',
      'function f',
      'procedure p',
      'trigger b on table parent',
      'event e',
    ])
      t.ok(before.objects.map(keyOf).includes(key), key)
    const dump = sqlOf(before)
    const copy = await schemaOf(t, kind, dump)
    const after = await copy.read()
    t.same(compare(before, after), [])
    t.same(after.objects, before.objects)
    t.same(sqlOf(after), dump)
  })

  t.test('a dump as a file has the same statements', async (t) => {
    const source = await schemaOf(t, kind, [...forBoth, ...forOne[kind]])
    const dump = sqlOf(await source.read())
    const file = dump.map((sql) => `${mysql.client.statement(sql)}\n`).join('\n')
    t.same(
      Array.from(new Splitter([file], mysql.lexis()), ({ text }) => text),
      dump,
    )
  })

  t.test("neither the database's name nor a counter nor who made it is in a catalogue", async (t) => {
    const of = async (rows: number) => {
      const { name, session, read } = await schemaOf(t, kind, [
        'create table a (id int auto_increment primary key, b int)',
      ])
      for (let row = 0; row < rows; row++) await session.exec(['insert into a values ()'])
      await session.exec([
        `create table ${name}.c (id int, g int as (${name}.c.id + 1), check (${name}.c.id > 0), foreign key (id) references ${name}.a (id))`,
        `create function ${name}.one() returns int deterministic return 1`,
        `create view ${name}.v as select ${name}.a.id, ${name}.one() as n from ${name}.a join ${name}.c using (id)`,
        `create view w as select x.id, '\`${kind}\`.' from a as \`${name}\` join ${name}.a x on x.id = \`${name}\`.b`,
        `create trigger ${name}.s before insert on ${name}.a for each row set @x = 1`,
        `create event ${name}.e on schedule every 1 day do select 1`,
      ])
      return { name, catalogue: await read() }
    }
    const [one, other] = [await of(0), await of(3)]
    const isAlias = /view w/
    const told = compare(one.catalogue, other.catalogue).filter(({ object }) => !isAlias.test(object))
    t.same(told, [])
    const text = JSON.stringify(one.catalogue.objects.filter((object) => !isAlias.test(keyOf(object))))
    t.notMatch(text, one.name)
    t.notMatch(text, /AUTO_INCREMENT=|root/)
    const [aliased] = one.catalogue.objects.filter((object) => isAlias.test(keyOf(object)))
    t.match(aliased!.properties.definition, `from (\`a\` \`${one.name}\` join \`a\` \`x\``)
  })

  t.test('what sqlmig has made itself can be left out', async (t) => {
    const { name, read } = await schemaOf(t, kind, [
      'create table ledger (id int)',
      'create trigger l before insert on ledger for each row set @x = 1',
      'create table mine (id int)',
    ])
    const keys = async (schema: string | undefined) =>
      (await read({ ...everything, without: [{ schema, name: 'ledger' }] })).objects.map(keyOf)
    t.same(await keys(undefined), ['table mine'])
    t.same(await keys(name), ['table mine'])
    t.same(await keys('elsewhere'), ['table ledger', 'table mine', 'trigger l on table ledger'])
  })

  t.test('reading leaves a session as it was, and does not mind its mode', async (t) => {
    const { session, read } = await schemaOf(t, kind, [
      'create table a (`b"c` varchar(9) default \'x\\\\y\' comment "q\'")',
    ])
    const before = await read()
    await session.exec(["set sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', sql_quote_show_create = 0"])
    t.same(await read(), before)
    t.match(await session.query('select @@sql_mode as modes, @@sql_quote_show_create as quotes'), [
      { modes: /ANSI_QUOTES,NO_BACKSLASH_ESCAPES/, quotes: 0 },
    ])
  })

  t.test('a user who does not see a body is told so', async (t) => {
    const { name, url, session } = await schemaOf(t, kind, ['create table a (id int)', 'create procedure p() select 1'])
    const user = `${name.slice(-20)}u`
    const hosts = ['%', 'localhost'].map((host) => `'${user}'@'${host}'`)
    for (const one of hosts) await session.exec([`create user ${one} identified by 'Tell-no-1'`])
    t.teardown(() => session.exec([`drop user ${hosts.join(', ')}`]))
    const grant = async (list: string) => {
      for (const one of hosts) await session.exec([`grant ${list} on ${name}.* to ${one}`])
    }
    const target = new URL(url)
    target.username = user
    target.password = 'Tell-no-1'
    const refused = async (message: RegExp) => {
      const poor = await openSession(parseUrl(target.href), reading)
      await t.rejects(readCatalogue(poor, 'mysql', kind, everything), { code: 'no-privilege', message })
      await poor.close()
    }
    await grant('select')
    await refused(/hide triggers.*TRIGGER/)
    await grant('trigger')
    await refused(/hide events/)
    await grant('event')
    await refused(/hide routines/)
    await grant('execute')
    await refused(/procedure p/)
    await session.exec(['drop procedure p'])
    const rich = await openSession(parseUrl(target.href), reading)
    t.same((await readCatalogue(rich, 'mysql', kind, everything)).objects.map(keyOf), ['table a'])
    await rich.close()
  })

  t.test('grants are read where they are asked for, and given again', async (t) => {
    const { name, session, read } = await schemaOf(t, kind, [...forBoth])
    const user = `'${name.slice(-20)}g'@'%'`
    await session.exec([`create user ${user} identified by 'Tell-no-1'`])
    t.teardown(() => session.exec([`drop user ${user}`]))
    for (const grant of ['select, insert on *', 'update (a), select on parent', 'execute on procedure p'])
      await session.exec([`grant ${grant} to ${user}${grant.includes('*') ? ' with grant option' : ''}`])
    const grants = { ...everything, grants: true }
    const before = await read(grants)
    t.equal(before.objects.filter(({ kind }) => kind === 'grant').length, 3)
    const copy = await schemaOf(t, kind, sqlOf(before))
    t.same(compare(before, await copy.read(grants)), [])
    t.equal((await read()).objects.filter(({ kind }) => kind === 'grant').length, 0)
  })
}
