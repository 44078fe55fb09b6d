import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import t from 'tap'
import { openSession } from '../../lib/drivers/open.ts'
import type { Target } from '../../lib/drivers/target.ts'
import { ownDatabase, reading, server, serverError, sqlmigError, withSession, writing } from './servers.ts'

const target = server('SQLMIG_TEST_POSTGRES_URL', 'the PostgreSQL driver')
if (target !== undefined) await tests(target)

async function tests(root: Target) {
  const database = await ownDatabase(root, 'sqlmig_drivers')
  t.teardown(() => database.drop())

  t.test('values come as JavaScript has them, and as text where it has none', async (t) => {
    await withSession(database, writing, async (session) => {
      const [values = {}] = await session.query(
        `SELECT 1 AS i, 9007199254740991::int8 AS safe, 9007199254740993::int8 AS big, true AS b, NULL AS n,
           '\\x00ff'::bytea AS bytes, '2024-02-29 12:00:00.5+02'::timestamptz AS z, '2024-02-29'::date AS d,
           1.10::numeric AS num, '{"a": 1}'::json AS j, 'infinity'::timestamptz AS inf, ARRAY[1,2] AS a`,
      )
      t.match(values, { i: 1, safe: 9007199254740991, big: 9007199254740993n, b: true, n: null, d: '2024-02-29' })
      t.match(values, { num: '1.10', j: '{"a": 1}', inf: 'infinity', a: '{1,2}' })
      t.same([...(values.bytes as Uint8Array)], [0, 255])
      t.equal((values.z as Date).toISOString(), '2024-02-29T10:00:00.500Z')
      t.same(await session.query('CREATE TABLE nothing_back ()'), [])
    })
  })

  t.test('the failing statement is found by its position, in code points', async (t) => {
    await withSession(database, writing, async (session) => {
      const error = await serverError(session.exec(["SELECT '😀é' -- ;", 'SELECT 1', "SELECT '😀', nope", 'SELECT 2']))
      t.match(error, { code: '42703', index: 2, position: 12, nothingRan: false, lost: false })
      t.same(await session.query('SELECT 1 AS one'), [{ one: 1 }], 'the session goes on')
    })
  })

  t.test('a message with a syntax error runs nothing of itself', async (t) => {
    await withSession(database, writing, async (session) => {
      const error = await serverError(session.exec(['CREATE TABLE never (a int)', 'SELEC 1', 'SELECT 2']))
      t.match(error, { code: '42601', index: 1, position: 0, nothingRan: true })
      t.same(await session.query("SELECT to_regclass('never') AS never"), [{ never: null }])
    })
  })

  t.test('without a position the failing statement is found by counting', async (t) => {
    await withSession(database, writing, async (session) => {
      const script = ['SELECT 1', 'CREATE TEMP TABLE c (a int)', 'INSERT INTO c SELECT generate_series(1, 5000)']
      const error = await serverError(session.exec([...script, 'SELECT a, a FROM c', 'SELECT 1 / (a - a) FROM c']))
      t.match(error, { code: '22012', index: 4, position: undefined, nothingRan: false })
      const first = await serverError(session.exec(['SELECT 1 / (SELECT 0)', 'SELECT 1']))
      t.match(first, { code: '22012', index: 0, nothingRan: false })
      for (const at of [0, 1, 50, 199]) {
        const many = Array.from({ length: 200 }, (_, i) =>
          i === at ? "DO 'BEGIN RAISE EXCEPTION $$x$$; END'" : 'SELECT 1',
        )
        t.equal((await serverError(session.exec(many))).index, at)
      }
    })
  })

  t.test('an error amid the rows of a statement belongs to that statement', async (t) => {
    await withSession(database, writing, async (session) => {
      const rows = 'SELECT 1 / (50000 - n) FROM generate_series(1, 60000) n'
      t.match(await serverError(session.exec(['SELECT 1', rows, 'SELECT 2'])), { code: '22012', index: 1 })
    })
  })

  t.test('detail, hint and context are told', async (t) => {
    await withSession(database, writing, async (session) => {
      const sql = "DO $$ BEGIN RAISE EXCEPTION 'oh' USING DETAIL = 'more', HINT = 'try'; END $$"
      const error = await serverError(session.query(sql))
      t.match(error, { code: 'P0001', message: 'oh', hint: 'try', detail: /^more\nPL\/pgSQL function/ })
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

  t.test('a query at the end of a message gives its rows, and no others', async (t) => {
    await withSession(database, writing, async (session) => {
      await session.exec(['CREATE TABLE at_end (a int)', 'INSERT INTO at_end VALUES (1), (2)'])
      const before = ['SELECT 7 AS b', 'UPDATE at_end SET a = a + 1']
      t.same(await session.execThenQuery(before, 'SELECT a FROM at_end ORDER BY a'), [{ a: 2 }, { a: 3 }])
      t.same(await session.execThenQuery([], 'SELECT 1 AS one'), [{ one: 1 }])
      t.match(await serverError(session.execThenQuery(['SELECT 1'], 'SELECT nope')), { index: 1 })
      t.match(await serverError(session.execThenQuery(['SELECT nope'], 'SELECT 1')), { index: 0 })
    })
  })

  t.test('a read-only session reads and does not write', async (t) => {
    await withSession(database, reading, async (session) => {
      t.same(await session.query('SELECT 1 AS one -- the end'), [{ one: 1 }])
      t.match(await serverError(session.query('CREATE TABLE ro (a int)')), { code: '25006', index: 0 })
      t.match(await serverError(session.exec(['SELECT 1', 'SELECT x'])), { code: '42703', index: 1, position: 7 })
      t.equal((await serverError(session.copyIn('COPY t FROM STDIN', ['1\n']))).code, '25006')
      t.same(await session.query('SHOW transaction_read_only'), [{ transaction_read_only: 'on' }])
    })
  })

  t.test('COPY takes more than fits a buffer, and keeps every row', async (t) => {
    await withSession(database, writing, async (session) => {
      await session.exec(['CREATE TABLE copied (a int, b text)'])
      await session.copyIn('COPY copied FROM STDIN', lines(200_000))
      t.same(await session.query('SELECT count(*) AS n, sum(a) AS s FROM copied'), [{ n: 200_000, s: 19999900000 }])
      await session.copyIn('COPY copied FROM STDIN', [])
    })
  })

  t.test('COPY tells every failure and leaves the session usable', async (t) => {
    await withSession(database, writing, async (session) => {
      await session.exec(['CREATE TABLE picky (a int, b text)'])
      const bad = serverError(session.copyIn('COPY picky FROM STDIN', ['1\tx\n', '2\ty\n', 'z\tz\n']))
      t.match(await bad, { code: '22P02', line: 2, detail: /^COPY picky, line 3, column a/ })
      const amid = serverError(session.copyIn('COPY picky FROM STDIN', lines(400_000, 1000)))
      t.match(await amid, { code: '22P02', line: 1000 })
      t.match(await serverError(session.copyIn('COPY nowhere FROM STDIN', ['1\n'])), { code: '42P01' })
      t.match(await serverError(session.copyIn('SELECT 1', ['1\n'])), { code: '0A000' })
      await t.rejects(session.copyIn('COPY picky FROM STDIN', failing()), { message: 'the data broke' })
      t.same(await session.query('SELECT count(*) AS n FROM picky'), [{ n: 0 }])
    })
  })

  t.test('a lost connection ends a COPY', async (t) => {
    const session = await openSession(database, writing)
    await session.exec(['CREATE TABLE lossy (a int, b text)'])
    const [me] = await session.query('SELECT pg_backend_pid() AS pid')
    const copying = serverError(session.copyIn('COPY lossy FROM STDIN', endless()))
    await terminate(me?.pid)
    t.match(await copying, { lost: true })
    t.match(await serverError(session.copyIn('COPY lossy FROM STDIN', [])), { lost: true })
    await session.close()
  })

  t.test('COPY among other statements is refused and ends the session', async (t) => {
    for (const sql of ['COPY pg_class TO STDOUT', 'COPY pg_class FROM STDIN']) {
      await withSession(database, writing, async (session) => {
        t.equal((await serverError(session.exec(['SELECT 1', sql]))).code, '0A000', sql)
        t.match(await serverError(session.query('SELECT 1')), { lost: true })
      })
    }
  })

  t.test('a lost session stays lost', async (t) => {
    const session = await openSession(database, writing)
    const [me] = await session.query('SELECT pg_backend_pid() AS pid')
    const sleeping = serverError(session.exec(['SELECT 1', 'SELECT pg_sleep(600)']))
    await terminate(me?.pid)
    t.match(await sleeping, { lost: true, code: '57P01', message: /administrator/ })
    t.match(await serverError(session.query('SELECT 1')), { lost: true })
    t.match(await serverError(session.exec(['SELECT 1'])), { lost: true })
    await session.cancel()
    await session.close()
    await session.close()
  })

  t.test('a session lost while nothing ran tells it at the next verb', async (t) => {
    const session = await openSession(database, writing)
    const [me] = await session.query('SELECT pg_backend_pid() AS pid')
    await terminate(me?.pid)
    t.match(await serverError(session.query('SELECT 1')), { lost: true, code: '57P01' })
    await session.close()
  })

  t.test('a cut network is a lost session', async (t) => {
    const wire = await relay(root)
    const session = await openSession({ ...database, socket: undefined, host: '127.0.0.1', port: wire.port }, writing)
    const answer = serverError(session.exec(['SELECT pg_sleep(600)']))
    wire.cut()
    t.match(await answer, { lost: true })
    t.match(await serverError(session.query('SELECT 1')), { lost: true })
    await session.close()
  })

  t.test('cancel abandons what runs and keeps the session', async (t) => {
    await withSession(database, writing, async (session) => {
      const [me] = await session.query('SELECT pg_backend_pid() AS pid')
      const sleeping = serverError(session.query('SELECT pg_sleep(600)'))
      await asleep(me?.pid)
      await session.cancel()
      t.match(await sleeping, { code: '57014', lost: false })
      t.same(await session.query('SELECT 1 AS one'), [{ one: 1 }])
    })
  })

  t.test('closing ends what still runs', async (t) => {
    const session = await openSession(database, writing)
    const [me] = await session.query('SELECT pg_backend_pid() AS pid')
    const sleeping = serverError(session.query('SELECT pg_sleep(600)'))
    await asleep(me?.pid)
    await session.close()
    t.match(await sleeping, { lost: true })
    t.match(await serverError(session.query('SELECT 1')), { lost: true })
    await terminate(me?.pid)
  })

  t.test('failures to connect say which server and database, and what to do', async (t) => {
    const missing = await sqlmigError(openSession({ ...root, database: 'no_such_db' }, writing))
    t.match(missing, { code: 'unknown-database', server: '3D000', message: /"no_such_db"/, remedy: /create/ })
    const stranger = await sqlmigError(openSession({ ...root, user: 'no_such_user', password: 'hush!' }, writing))
    t.match(stranger, { code: 'authentication' })
    t.notMatch(stranger.message, 'hush!')
    const closed = await freePort()
    const refused = openSession({ ...root, socket: undefined, host: 'localhost', port: closed }, writing)
    t.match(await sqlmigError(refused), {
      code: 'connection',
      message: `localhost:${closed}, database`,
      remedy: /runs/,
    })
    const nowhere = openSession({ ...root, socket: undefined, host: 'no-such-host.invalid' }, writing)
    t.match(await sqlmigError(nowhere), { code: 'connection', message: /no-such-host.invalid/ })
  })

  t.test('a server that never answers is given up, and one that hangs up is told', async (t) => {
    const held: Socket[] = []
    const silent = createServer((socket) => held.push(socket)).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const to = (mode: 'off' | 'require'): Target => ({ ...at(silent.address()), tls: { mode } })
    for (const mode of ['off', 'require'] as const) {
      const error = await sqlmigError(openSession(to(mode), { ...writing, connectTimeout: 50 }))
      t.match(error, { code: 'connection', message: /no answer in time/ })
    }
    for (const socket of held) socket.destroy()
    silent.on('connection', (socket) => socket.destroy())
    for (const mode of ['off', 'require'] as const) {
      t.match(await sqlmigError(openSession(to(mode), writing)), {
        code: 'connection',
        message: /closed the connection/,
      })
    }
    silent.close()
  })

  t.test('a message of megabytes goes through', async (t) => {
    await withSession(database, writing, async (session) => {
      const [row] = await session.query(`SELECT length('${'x'.repeat(20_000_000)}') AS n`)
      t.equal(row?.n, 20_000_000)
      t.match(await serverError(session.query("SELECT 'a\0b'")), { code: '22021' })
    })
  })

  async function terminate(pid: unknown) {
    await withSession(database, writing, (other) => other.query(`SELECT pg_terminate_backend(${pid}, 10000)`))
  }

  async function asleep(pid: unknown) {
    await withSession(database, writing, async (other) => {
      const sql = `SELECT 1 FROM pg_stat_activity WHERE pid = ${pid} AND state = 'active' AND query LIKE '%pg_sleep%'`
      while ((await other.query(sql)).length === 0);
    })
  }

  function at(address: unknown): Target {
    return { ...root, socket: undefined, host: '127.0.0.1', port: (address as { port: number }).port }
  }
}

function* lines(count: number, bad = -1): Generator<string> {
  for (let i = 0; i < count; i++) yield `${i === bad ? 'bad' : i}\tsome text\n`
}

function* failing(): Generator<string> {
  yield '1\tx\n'
  throw new Error('the data broke')
}

function* endless(): Generator<string> {
  while (true) yield '1\tx\n'
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as { port: number }
  await new Promise((resolve) => listener.close(resolve))
  return port
}

/** A wire to the server that can be cut. */
async function relay(to: Target) {
  const ends: Socket[] = []
  const listener = createServer((near) => {
    const far = to.socket
      ? connect(`${to.socket}/.s.PGSQL.${to.port ?? 5432}`)
      : connect(to.port ?? 5432, to.host ?? 'localhost')
    near.on('error', () => undefined).pipe(far)
    far.on('error', () => undefined).pipe(near)
    ends.push(near, far)
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as { port: number }
  return {
    port,
    cut() {
      for (const end of ends) end.destroy()
      listener.close()
    },
  }
}
