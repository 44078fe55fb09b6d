import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { openSession } from '../../lib/drivers/open.ts'
import type { Target } from '../../lib/drivers/target.ts'
import { CountingProxy } from '../runner/counting-proxy.ts'
import { ownDatabase, reading, server, serverError, sqlmigError, withSession, writing } from './servers.ts'

const servers = {
  mysql: server('SQLMIG_TEST_MYSQL_URL', 'the MySQL driver against MySQL'),
  mariadb: server('SQLMIG_TEST_MARIADB_URL', 'the MySQL driver against MariaDB'),
}
for (const [name, target] of Object.entries(servers)) {
  if (target !== undefined) t.test(name, (t) => tests(t, target))
}

async function tests(t: Test, root: Target) {
  const database = await ownDatabase(root, 'sqlmig_drivers')
  t.teardown(() => database.drop())

  t.test('values come as JavaScript has them, and as text where it has none', async (t) => {
    await withSession(database, writing, async (session) => {
      await session.exec([
        'CREATE TABLE vals (i int, big bigint unsigned, safe bigint, num decimal(5,2), d date, dt datetime(3), bin blob, tx text CHARACTER SET utf8mb4, j json, n int)',
        `INSERT INTO vals VALUES (1, 18446744073709551615, 9007199254740991, 1.10, '2024-02-29', '2024-02-29 12:00:00.5', x'00ff', '😀?', '{"a": 1}', NULL)`,
      ])
      const [values = {}] = await session.query('SELECT * FROM vals')
      t.match(values, { i: 1, big: 18446744073709551615n, safe: 9007199254740991, num: '1.10', n: null, tx: '😀?' })
      t.match(values, { d: '2024-02-29', dt: '2024-02-29 12:00:00.500', j: '{"a": 1}' })
      t.same([...(values.bin as Uint8Array)], [0, 255])
      t.same(await session.query('SELECT ST_AsText(POINT(1, 2)) AS p, POINT(1, 2) IS NOT NULL AS q'), [
        { p: 'POINT(1 2)', q: 1 },
      ])
      t.same(await session.query('DELETE FROM vals'), [])
    })
  })

  t.test('the failing statement is found, and the line in it', async (t) => {
    await withSession(database, writing, async (session) => {
      await session.exec(['CREATE TABLE f (a int)', 'INSERT INTO f VALUES (1), (2)'])
      const broken = await serverError(
        session.exec(['SELECT a FROM f -- ;', 'UPDATE f SET a = 3', '\n\nSELECT\n a FRM f, g', 'SELECT 1']),
      )
      t.match(broken, { code: '1064', index: 2, line: 3, lost: false })
      t.equal((await serverError(session.exec(['SELECT 1', 'SELECT nope']))).code, '1054')
      for (const at of [0, 1, 50, 199]) {
        const many = Array.from({ length: 200 }, (_, i) =>
          i === at ? 'INSERT INTO nowhere VALUES (1)' : i % 2 ? 'SELECT 1' : 'DO 1',
        )
        t.match(await serverError(session.exec(many)), { code: '1146', index: at })
      }
      t.same(await session.query('SELECT COUNT(*) AS n FROM f WHERE a = 3'), [{ n: 2 }], 'what came before it ran')
    })
  })

  t.test('a query at the end of a message gives its rows, and no others', async (t) => {
    await withSession(database, writing, async (session) => {
      await session.exec(['CREATE TABLE at_end (a int)', 'INSERT INTO at_end VALUES (1), (2)'])
      const before = ['SELECT 7 AS b', 'UPDATE at_end SET a = a + 1', '/*!50701 SELECT 8 AS c */']
      t.same(await session.execThenQuery(before, 'SELECT a FROM at_end ORDER BY a'), [{ a: 2 }, { a: 3 }])
      t.same(await session.execThenQuery([], 'SELECT 1 AS one'), [{ one: 1 }])
      t.match(await serverError(session.execThenQuery(['SELECT 1'], 'SELECT nope')), { index: 1 })
      t.match(await serverError(session.execThenQuery(['SELECT nope'], 'SELECT 1')), { index: 0 })
    })
  })

  t.test('each statement travels in a message of its own where that is asked for', async (t) => {
    const address = `mysql://${database.host ?? '127.0.0.1'}:${database.port ?? 3306}/`
    const proxy = await CountingProxy.open(address, 0)
    t.teardown(() => proxy.close())
    const through = {
      ...database,
      host: '127.0.0.1',
      port: Number(new URL(proxy.url).port),
      tls: { mode: 'off' } as const,
    }
    const many = ['DO 2', 'DO 3', 'SELECT nope']
    const bulk = {
      count: 3,
      bytes: Buffer.from(many.join(';')),
      text: (index: number) => many[index]!,
      locate: () => ({ index: 0, position: 0 }),
    }
    await withSession(through, writing, async (session) => {
      const roundTrips = async () => {
        const before = proxy.roundTrips
        const { index } = await serverError(session.execThenQuery(['DO 1', bulk], 'SELECT 4 AS four'))
        return { index, roundTrips: proxy.roundTrips - before }
      }
      t.same(await roundTrips(), { index: 3, roundTrips: 1 })
      session.eachAlone?.()
      t.same(await roundTrips(), { index: 3, roundTrips: 4 })
      t.same(await session.execThenQuery(['DO 1', 'DO 2'], 'SELECT 4 AS four'), [{ four: 4 }])
    })
  })

  t.test('an error amid the rows of a statement belongs to that statement', async (t) => {
    await withSession(database, writing, async (session) => {
      const subquery = '(SELECT 1 UNION SELECT 2)'
      await session.exec(['CREATE TABLE amid (a int, b varchar(1000))'])
      const filler = Array.from({ length: 500 }, (_, i) => `(${i}, REPEAT('x', 1000))`)
      await session.exec([`INSERT INTO amid VALUES ${filler.join(', ')}`])
      const rows = `SELECT b, IF(a = 499, ${subquery}, 1) FROM amid`
      const error = await serverError(session.exec(['SELECT 1', rows, 'SELECT 2']))
      t.match(error, { code: '1242', index: 1 })
      const next = await serverError(session.exec(['SELECT 1', 'SELECT b FROM amid', 'SELECT nope']))
      t.match(next, { code: '1054', index: 2 })
    })
  })

  t.test('a call gives its rows, and its failure is its own', async (t) => {
    await withSession(database, writing, async (session) => {
      await session.exec(['CREATE PROCEDURE calls() BEGIN SELECT 1 AS a; SELECT 2 AS a; END'])
      await session.exec([
        "CREATE PROCEDURE fails() BEGIN SELECT 1; SELECT 2; SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'oh'; END",
      ])
      t.same(await session.query('CALL calls()'), [{ a: 1 }, { a: 2 }])
      t.match(await serverError(session.exec(['CALL fails()'])), { code: '1644', index: 0, message: 'oh' })
    })
  })

  t.test('verbs called at once take turns', async (t) => {
    await withSession(database, writing, async (session) => {
      const bad = serverError(session.exec(['SELECT 1', 'SELECT nope']))
      const [one, error, two] = await Promise.all([session.query('SELECT 1 AS n'), bad, session.query('SELECT 2 AS n')])
      t.same([one, two], [[{ n: 1 }], [{ n: 2 }]])
      t.equal(error.index, 1)
    })
  })

  t.test('the session is as the server and its own client have it', async (t) => {
    await withSession(database, writing, async (session) => {
      const [row] = await session.query(
        "SELECT @@sql_mode LIKE '%IGNORE_SPACE%' AS spaces, @@character_set_client AS cs, @@collation_connection AS co",
      )
      const [own] = await session.query(
        "SELECT COLLATION_NAME AS co FROM information_schema.COLLATIONS WHERE CHARACTER_SET_NAME = 'utf8mb4' AND IS_DEFAULT = 'Yes'",
      )
      t.match(row, { spaces: 0, cs: 'utf8mb4' })
      t.equal(row?.co, own?.co)
      const local = await serverError(session.query("LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE f"))
      t.match(local, { lost: false })
      t.same(await session.query('SELECT 1 AS one'), [{ one: 1 }])
    })
  })

  t.test('a read-only session reads and does not write', async (t) => {
    await withSession(database, writing, (session) => session.exec(['CREATE TABLE ro (a int)']))
    await withSession(database, reading, async (session) => {
      t.same(await session.query('SELECT 1 AS one'), [{ one: 1 }])
      for (const sql of ['INSERT INTO ro VALUES (1)', 'CREATE TABLE ro2 (a int)', 'DROP TABLE ro']) {
        t.equal((await serverError(session.query(sql))).code, '1792', sql)
      }
    })
  })

  t.test('a message may be as long as the server takes, and not longer', async (t) => {
    await withSession(database, writing, async (session) => {
      const limit = session.maxMessage ?? 0
      const frame = "SELECT LENGTH('') AS n".length
      const sql = (bytes: number) => `SELECT LENGTH('${'x'.repeat(bytes - frame)}') AS n`
      const most = await session.query(sql(limit)).catch((error) => error)
      t.match(most, [{ n: limit - frame }])
      t.match(await serverError(session.query(sql(limit + 1))), {
        code: '1153',
        lost: false,
        hint: /max_allowed_packet/,
      })
      t.same(await session.query('SELECT 1 AS one'), [{ one: 1 }])
    })
  })

  t.test('a lost session stays lost', async (t) => {
    const session = await openSession(database, writing)
    const [me] = await session.query('SELECT CONNECTION_ID() AS id')
    const sleeping = serverError(session.exec(['DO 1', 'SELECT SLEEP(600)']))
    await running(me?.id)
    await kill(me?.id)
    t.match(await sleeping, { lost: true })
    t.match(await serverError(session.query('SELECT 1')), { lost: true })
    await session.cancel()
    await session.close()
    await session.close()
  })

  t.test('a session lost while nothing ran tells it at the next verb', async (t) => {
    const session = await openSession(database, writing)
    const [me] = await session.query('SELECT CONNECTION_ID() AS id')
    await kill(me?.id)
    t.match(await serverError(session.query('SELECT 1')), { lost: true })
    await session.close()
  })

  t.test('cancel abandons what runs and keeps the session', async (t) => {
    await withSession(database, writing, async (session) => {
      const [me] = await session.query('SELECT CONNECTION_ID() AS id')
      const table = 'information_schema.COLUMNS'
      const long = serverError(
        session.exec(['DO 1', `SELECT COUNT(*) /* SLEEP */ FROM ${table} a, ${table} b, ${table} c`]),
      )
      await running(me?.id)
      await session.cancel()
      t.match(await long, { code: '1317', lost: false, index: 1 })
      t.same(await session.query('SELECT 1 AS one'), [{ one: 1 }])
    })
  })

  t.test('closing ends what still runs', async (t) => {
    const session = await openSession(database, writing)
    const [me] = await session.query('SELECT CONNECTION_ID() AS id')
    const sleeping = serverError(session.query('SELECT SLEEP(600)'))
    await running(me?.id)
    await session.close()
    t.match(await sleeping, { lost: true })
    t.match(await serverError(session.query('SELECT 1')), { lost: true })
    await kill(me?.id)
  })

  t.test('passwords of both kinds let in, and wrong ones do not', async (t) => {
    const user = `drv_${process.pid}`
    const password = `p@ss/w#rd?%'"\\ é${process.pid}`
    const literal = password.replace(/['\\]/g, '\\$&')
    await withSession(database, writing, async (session) => {
      await session.exec([`DROP USER IF EXISTS ${user}`, `CREATE USER ${user} IDENTIFIED BY '${literal}'`])
      await session.exec([`GRANT ALL ON ${database.database}.* TO ${user}`])
      try {
        for (const mode of ['off', 'prefer'] as const) {
          const mine: Target = { ...database, user, password, tls: { mode } }
          const [row] = await withSession(mine, writing, (s) => s.query('SELECT CURRENT_USER() AS me'))
          t.equal(row?.me, `${user}@%`, mode)
        }
        const wrong = await sqlmigError(openSession({ ...database, user, password: 'hush-hush' }, writing))
        t.match(wrong, { code: 'authentication', server: '1045' })
        t.notMatch(wrong.message, 'hush-hush')
        const denied = await sqlmigError(openSession({ ...database, user, password, database: 'mysql' }, writing))
        t.match(denied, { code: 'authentication', server: '1044' })
      } finally {
        await session.exec([`DROP USER ${user}`])
      }
    })
  })

  t.test('failures to connect say which server and database, and what to do', async (t) => {
    const missing = await sqlmigError(openSession({ ...root, database: 'no_such_db' }, writing))
    t.match(missing, { code: 'unknown-database', server: '1049', message: /"no_such_db"/, remedy: /create/ })
    const nameless = await sqlmigError(openSession({ ...root, database: '' }, writing))
    t.match(nameless, { code: 'unknown-database', message: /names no database/ })
    const listener = createServer().listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as { port: number }
    const held: Socket[] = []
    listener.on('connection', (socket) => held.push(socket))
    const there: Target = { ...database, socket: undefined, host: 'localhost', port }
    const silent = openSession({ ...there, host: '127.0.0.1' }, { ...writing, connectTimeout: 50 })
    t.match(await sqlmigError(silent), { code: 'connection', message: /no answer in time/ })
    for (const socket of held) socket.destroy()
    await new Promise((resolve) => listener.close(resolve))
    t.match(await sqlmigError(openSession(there, writing)), { code: 'connection', message: `localhost:${port}` })
  })

  async function kill(id: unknown) {
    await withSession(database, writing, async (other) => {
      await other.query(`KILL ${id}`).catch(() => undefined)
      const sql = `SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = ${id}`
      while ((await other.query(sql)).length > 0);
    })
  }

  async function running(id: unknown) {
    await withSession(database, writing, async (other) => {
      const sql = `SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = ${id} AND INFO LIKE 'SELECT%SLEEP%'`
      while ((await other.query(sql)).length === 0);
    })
  }
}
