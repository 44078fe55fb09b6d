import t from 'tap'
import { ended, Project, type UpDocument } from '../project.ts'
import { eachServer } from '../servers/databases.ts'
import { processlist, until } from '../slow.ts'

const a = '20250101_000000_a'
const b = '20250102_000000_b'
const servers = ['mysql', 'mariadb'] as const
const loose = 'CREATE TABLE one (id integer PRIMARY KEY) ENGINE = MyISAM;'

await eachServer(
  t,
  'a file of rows alone is journaled where a table of it knows no transactions, and asks after a kill',
  async (t, database) => {
    const project = new Project(database, { [a]: loose })
    await project.up()
    project.write(b, 'INSERT INTO one VALUES (1);\nINSERT INTO one VALUES (2);\nINSERT INTO one VALUES (3);')
    await database.query(
      'create trigger slow before insert on one for each row set @waited = if(new.id = 2, sleep(300), 0)',
    )
    const running = project.start(['up', '--json'], { timeout: 120_000 })
    const sleeping = `select id from ${processlist(database.kind)} where db = database() and state = 'User sleep'`
    await until(async () => (await database.query(sleeping)).length > 0)
    const [row] = await database.query(sleeping)
    await database.query(`kill ${row?.id}`)
    t.match(ended<UpDocument>(await running.finished).error, { code: 'lost-connection', state: `${b} is half done` })
    await until(async () => (await database.query(sleeping)).length === 0)
    await database.query('drop trigger slow')
    t.match((await project.up()).error, { code: 'partial', message: `nobody knows whether statement 2 of ${b}` })
    const there = (await database.query('select 1 from one where id = 2')).length > 0
    t.equal((await project.run(['resolve', b, '--through', there ? '2' : '1'])).code, 0)
    t.equal((await project.up()).code, 0)
    t.equal(await project.count('one'), 3)
  },
  servers,
)

await eachServer(
  t,
  'a failure in such a table says that a part may stand',
  async (t, database) => {
    const project = new Project(database, {
      [a]: `${loose}\nINSERT INTO one VALUES (1);`,
      [b]: 'INSERT INTO one VALUES (2), (1);',
    })
    const failed = await project.up()
    t.equal(failed.code, 1)
    t.match(failed.error, { state: /statement 1 may have done a part of its work that cannot be rolled back/ })
    t.equal(await project.count('one'), 2)
    t.match((await project.up()).error, { code: 'partial' }, 'and the next run asks')
  },
  servers,
)

await eachServer(
  t,
  'a procedure that has committed a part before it waits for a lock in vain is not called again',
  async (t, database) => {
    const project = new Project(database, {
      [a]: 'CREATE TABLE one (id integer PRIMARY KEY);\nCREATE TABLE busy (id integer PRIMARY KEY, n integer);\nINSERT INTO busy VALUES (1, 0);',
    })
    await project.up()
    await database.query(
      'create procedure halves() begin insert into one select 1 + count(*) from one; commit; update busy set n = n + 1; end',
    )
    project.write(b, 'CALL halves();')
    await database.query('begin')
    await database.query('update busy set n = 10')
    const failed = await project.up('--lock-timeout', '1s', '--lock-retries', '3')
    await database.query('rollback')
    t.match(failed.error, { code: 'lock-timeout', state: /statement 1 may have done a part of its work/ })
    t.equal(await project.count('one'), 1, 'its first half ran once')
    t.match((await project.up()).error, { code: 'partial' }, 'and the next run asks')
  },
  servers,
)
