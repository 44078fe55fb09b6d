import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { openSession } from '../../lib/drivers/open.ts'
import { parseUrl } from '../../lib/drivers/url.ts'
import { reading, serverError, sqlmigError, withSession, writing } from './servers.ts'

const memory = parseUrl(':memory:')
const folder = t.testdir()
const file = (name: string) => parseUrl(`sqlite:${join(folder, name)}`)

t.test('values come as they are, and no integer is corrupted', async (t) => {
  await withSession(memory, writing, async (session) => {
    const [row = {}] = await session.query(
      "SELECT 1 AS i, 9007199254740991 AS safe, 9007199254740993 AS big, -9223372036854775808 AS least, 1.5 AS r, 'é😀' AS t, x'00ff' AS b, NULL AS n",
    )
    t.match(row, {
      i: 1,
      safe: 9007199254740991,
      big: 9007199254740993n,
      least: -9223372036854775808n,
      r: 1.5,
      t: 'é😀',
      n: null,
    })
    t.same([...(row.b as Uint8Array)], [0, 255])
    t.same(await session.query('CREATE TABLE a (b)'), [])
    t.same(await session.query('INSERT INTO a VALUES (1) RETURNING b'), [{ b: 1 }])
  })
})

t.test('a query at the end of a message gives its rows, and no others', async (t) => {
  await withSession(memory, writing, async (session) => {
    await session.exec(['CREATE TABLE at_end (a int)', 'INSERT INTO at_end VALUES (1), (2)'])
    const before = ['SELECT 7 AS b', 'UPDATE at_end SET a = a + 1']
    t.same(await session.execThenQuery(before, 'SELECT a FROM at_end ORDER BY a'), [{ a: 2 }, { a: 3 }])
    t.same(await session.execThenQuery([], 'SELECT 1 AS one'), [{ one: 1 }])
    t.match(await serverError(session.execThenQuery(['SELECT 1'], 'SELECT nope')), { index: 1 })
    t.match(await serverError(session.execThenQuery(['SELECT nope'], 'SELECT 1')), { index: 0 })
  })
})

t.test('the failing statement is known, with the name of its code', async (t) => {
  await withSession(memory, writing, async (session) => {
    const script = [
      'CREATE TABLE u (a UNIQUE NOT NULL)',
      'INSERT INTO u VALUES (1) -- ;',
      'SELECT * FROM u',
      'INSERT INTO u VALUES (1)',
    ]
    t.match(await serverError(session.exec(script)), { code: 'SQLITE_CONSTRAINT_UNIQUE', index: 3, message: /u\.a/ })
    t.match(await serverError(session.exec(['SELECT 1', 'INSERT INTO u VALUES (NULL)'])), {
      code: 'SQLITE_CONSTRAINT_NOTNULL',
      index: 1,
    })
    t.same(await session.query('SELECT count(*) AS n FROM u'), [{ n: 1 }])
  })
})

t.test('a syntax error has a position where its token stands once', async (t) => {
  await withSession(memory, writing, async (session) => {
    const error = await serverError(session.exec(["SELECT '😀' FRM x y"]))
    t.match(error, { code: 'SQLITE_ERROR', position: 15 })
    t.equal((await serverError(session.query('SELECT 1 FROM FROM'))).position, undefined)
  })
})

t.test('a transaction is the caller’s own, and foreign keys are off', async (t) => {
  await withSession(memory, writing, async (session) => {
    t.same(await session.query('PRAGMA foreign_keys'), [{ foreign_keys: 0 }])
    await session.exec(['BEGIN', 'CREATE TABLE gone (a)', 'ROLLBACK'])
    t.same(await session.query('SELECT name FROM sqlite_schema'), [])
  })
})

t.test('a read-only session makes and writes nothing', async (t) => {
  const missing = await sqlmigError(openSession(file('missing.db'), reading))
  t.match(missing, { code: 'unknown-database', message: /missing\.db does not exist/, remedy: /./ })
  t.notOk(existsSync(join(folder, 'missing.db')))
  await withSession(file('made.db'), writing, (session) => session.exec(['CREATE TABLE a (b)']))
  for (const target of [file('made.db'), memory]) {
    await withSession(target, reading, async (session) => {
      t.same(await session.query('SELECT 1 AS one'), [{ one: 1 }])
      const error = await serverError(session.exec(['CREATE TABLE c (d)']))
      t.match(error, { code: /^SQLITE_READONLY/, hint: /writable/ })
    })
  }
})

t.test('opening says what is in the way', async (t) => {
  const homeless = await sqlmigError(openSession(file('no/such/app.db'), writing))
  t.match(homeless, { code: 'unknown-database', message: /folder does not exist/, remedy: /create the folder/ })
  mkdirSync(join(folder, 'folder.db'))
  const directory = await sqlmigError(openSession(file('folder.db'), writing))
  t.match(directory, { code: 'connection', server: 'SQLITE_CANTOPEN', remedy: /names a file/ })
  writeFileSync(join(folder, 'text.db'), 'this is no database, only text that is long enough'.repeat(100))
  const text = await sqlmigError(openSession(file('text.db'), writing))
  t.match(text, { code: 'connection', server: 'SQLITE_NOTADB', remedy: /not an SQLite database/ })
})

t.test('a full database and a busy one are told with what to do', async (t) => {
  await withSession(file('full.db'), writing, async (session) => {
    await session.exec(['PRAGMA max_page_count = 3', 'CREATE TABLE a (b)'])
    const error = await serverError(session.exec(['INSERT INTO a VALUES (zeroblob(100000))']))
    t.match(error, { code: 'SQLITE_FULL', hint: /full/ })
  })
  await withSession(file('busy.db'), writing, async (first) => {
    await first.exec(['CREATE TABLE a (b)', 'BEGIN IMMEDIATE'])
    await withSession(file('busy.db'), { ...writing, busyTimeout: 0 }, async (second) => {
      t.match(await serverError(second.exec(['BEGIN IMMEDIATE'])), { code: 'SQLITE_BUSY', hint: /another process/ })
    })
  })
})

t.test('a closed session is lost, and the maintenance session opens nothing', async (t) => {
  const session = await openSession(file('closed.db'), writing)
  await session.close()
  await session.close()
  await session.cancel()
  t.match(await serverError(session.query('SELECT 1')), { lost: true })
  const nowhere = await openSession(file('nowhere.db'), { ...writing, maintenance: true })
  t.equal((await sqlmigError(nowhere.query('SELECT 1'))).code, 'unsupported')
  await nowhere.close()
  t.throws(() => statSync(join(folder, 'nowhere.db')))
  await withSession(memory, writing, async (other) => {
    t.equal((await serverError(other.copyIn('COPY a FROM STDIN', []))).code, 'SQLITE_MISUSE')
  })
})

t.test('without better-sqlite3 the error says what to install', async (t) => {
  const hooks = `export const resolve = (name, context, next) => name === 'better-sqlite3'
    ? Promise.reject(Object.assign(new Error("Cannot find package '" + name + "'"), { code: 'ERR_MODULE_NOT_FOUND' }))
    : next(name, context)`
  const register = `import { register } from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)})`
  const program = `
    import { openSession } from ${JSON.stringify(new URL('../../lib/drivers/open.js', import.meta.url).href)}
    import { parseUrl } from ${JSON.stringify(new URL('../../lib/drivers/url.js', import.meta.url).href)}
    const error = await openSession(parseUrl(':memory:'), { readOnly: false, connectTimeout: 1 }).catch((e) => e)
    console.log(JSON.stringify({ code: error.code, message: error.message, remedy: error.remedy }))`
  const args = [
    '--import',
    `data:text/javascript,${encodeURIComponent(register)}`,
    '--input-type=module',
    '-e',
    program,
  ]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  t.match(JSON.parse(stdout), {
    code: 'driver-missing',
    message: /better-sqlite3/,
    remedy: /npm install better-sqlite3/,
  })
})
