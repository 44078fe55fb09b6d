import t from 'tap'
import type { Target } from '../../lib/drivers/target.ts'
import { parseUrl, scrub } from '../../lib/drivers/url.ts'
import { SqlmigError } from '../../lib/errors.ts'

t.test('a server URL is read part by part', async (t) => {
  const target = parseUrl('postgres://me:pass%40word@db.example.com:5433/app?sslmode=disable&application_name=x%20y')
  t.same(target, {
    dialect: 'postgres',
    display: 'postgres://me@db.example.com:5433/app',
    database: 'app',
    host: 'db.example.com',
    port: 5433,
    socket: undefined,
    user: 'me',
    password: 'pass@word',
    tls: { mode: 'off' },
    parameters: { application_name: 'x y' },
  } satisfies Target)
})

t.test("SQLAlchemy's forms name the same databases", async (t) => {
  t.match(parseUrl('postgresql+psycopg2://u:p@h/d'), { dialect: 'postgres', host: 'h', database: 'd' })
  t.match(parseUrl('postgresql+asyncpg://u:p@h/d'), { dialect: 'postgres', display: 'postgresql://u@h/d' })
  t.match(parseUrl('mysql+pymysql://u:p@h:3307/d?charset=utf8mb4'), {
    dialect: 'mysql',
    port: 3307,
    parameters: { charset: 'utf8mb4' },
  })
  t.match(parseUrl('mariadb+mariadbconnector://u@h/d'), { dialect: 'mysql', user: 'u', password: undefined })
  t.match(parseUrl(' POSTGRES://h/d\n'), { dialect: 'postgres', host: 'h', user: undefined })
})

t.test('a SQLite path is relative or absolute as its slashes say', async (t) => {
  const paths = {
    'sqlite:app.db': 'app.db',
    'sqlite:/var/app.db': '/var/app.db',
    'sqlite:./app.db': './app.db',
    'sqlite:C:\\x\\y.db': 'C:\\x\\y.db',
    'sqlite:///rel.db': 'rel.db',
    'sqlite:///./app.db': './app.db',
    'sqlite:////abs/app.db': '/abs/app.db',
    'sqlite:///C:/x/y.db': 'C:/x/y.db',
    'sqlite+aiosqlite:///data/app.db?timeout=5': 'data/app.db',
    'sqlite+pysqlite:////abs/app.db': '/abs/app.db',
    'sqlite:///file:app.db?mode=ro&uri=true': 'app.db',
    'sqlite:my%20app.db': 'my app.db',
    'sqlite:100%.db': '100%.db',
    'sqlite:a#b@c.db': 'a#b@c.db',
    'sqlite::memory:': ':memory:',
    ':memory:': ':memory:',
    'sqlite://': ':memory:',
    'sqlite:///': ':memory:',
    'sqlite:///:memory:': ':memory:',
    'sqlite:///file:x?mode=memory': ':memory:',
  }
  for (const [url, path] of Object.entries(paths)) {
    t.match(parseUrl(url), { dialect: 'sqlite', database: path, tls: { mode: 'off' } }, url)
  }
})

const odd = [
  'p@ss',
  'a/b',
  'a#b',
  'a?b',
  '100%',
  '%zz',
  'a:b',
  '@',
  '/',
  '#',
  '?',
  'p@s/s#w?o%r:d',
  'a/b@c/d',
  '\'"\\ $&`',
  'é😀',
  '+',
  'x?y=z',
  '1/2@3',
  '@@',
  '[::1]',
  '%41%',
]

t.test('a password with every odd character survives, encoded', async (t) => {
  for (const password of odd) {
    const target = parseUrl(`mysql://me:${encodeURIComponent(password)}@host:3306/app?sslmode=prefer`)
    t.match(target, { user: 'me', password, host: 'host', port: 3306, database: 'app' }, password)
    t.notMatch(target.display, password.length > 1 ? password : '***', password)
  }
})

t.test('a password that nobody encoded survives where it can be told', async (t) => {
  for (const password of odd.filter((one) => one !== '%41%')) {
    const target = parseUrl(`postgres://me:${password}@host:5432/app?application_name=a@b`)
    const plain = parseUrl(`postgres://me:${password}@host/app`)
    t.match(plain, { user: 'me', password, host: 'host', database: 'app' }, password)
    t.match(
      target,
      { user: 'me', password, host: 'host', database: 'app', parameters: { application_name: 'a@b' } },
      password,
    )
  }
})

t.test('IPv6 hosts lose their brackets, and the display has them', async (t) => {
  t.match(parseUrl('postgres://u@[::1]:5433/d'), { host: '::1', port: 5433, display: 'postgres://u@[::1]:5433/d' })
  t.match(parseUrl('mysql://[fe80::1%25eth0]/d'), { host: 'fe80::1%eth0', port: undefined })
})

t.test('a Unix socket is named by a parameter or as the host', async (t) => {
  const socket = '/var/run/postgresql'
  for (const url of [
    `postgres:///d?host=${socket}`,
    'postgres://%2Fvar%2Frun%2Fpostgresql/d',
    `postgres://u@/d?host=${socket}`,
  ]) {
    t.match(parseUrl(url), { socket, host: undefined, database: 'd', tls: { mode: 'off' } }, url)
  }
  for (const name of ['socket', 'unix_socket', 'socketPath']) {
    t.match(
      parseUrl(`mysql://u@localhost/d?${name}=/tmp/mysql.sock`),
      { socket: '/tmp/mysql.sock', host: undefined },
      name,
    )
  }
})

t.test('TLS is as the parameters ask, in every dialect of them', async (t) => {
  const modes = {
    '': 'prefer',
    'sslmode=disable': 'off',
    'sslmode=allow': 'prefer',
    'sslmode=prefer': 'prefer',
    'sslmode=require': 'require',
    'sslmode=verify-ca': 'verify-ca',
    'sslmode=verify-full': 'verify-full',
    'ssl=true': 'verify-full',
    'ssl=false': 'off',
    'ssl=require': 'require',
    'ssl={"rejectUnauthorized":false}': 'require',
    'ssl={"rejectUnauthorized":true}': 'verify-full',
    'ssl-mode=REQUIRED': 'require',
    'ssl-mode=VERIFY_IDENTITY': 'verify-full',
    'ssl_mode=VERIFY_CA': 'verify-ca',
    'tls=skip-verify': 'require',
    'tls=true': 'verify-full',
    'useSSL=true': 'require',
    'sslrootcert=ca.pem': 'verify-ca',
    'sslmode=require&sslrootcert=ca.pem': 'verify-ca',
    'sslrootcert=system': 'verify-full',
  }
  for (const [query, mode] of Object.entries(modes)) t.equal(parseUrl(`mysql://h/d?${query}`).tls.mode, mode, query)
  const files = parseUrl('postgres://h/d?sslmode=verify-full&sslrootcert=/a/ca.pem&sslcert=c.pem&sslkey=k.pem')
  t.same(files.tls, { mode: 'verify-full', ca: '/a/ca.pem', cert: 'c.pem', key: 'k.pem' })
})

t.test('parameters give what the authority leaves out, and secrets stay in the password', async (t) => {
  const target = parseUrl('postgres:///?host=h&port=5433&user=u&password=hush%21&dbname=d&sslpassword=other')
  t.match(target, { host: 'h', port: 5433, user: 'u', password: 'hush!', database: 'd' })
  t.notMatch(JSON.stringify({ ...target, password: '' }), /hush|other/)
})

t.test('a URL that cannot be used says what to do and tells no password', async (t) => {
  const bad = {
    '': /empty/,
    'app.db': /not a database URL/,
    'oracle://me:hush@h/d': /"oracle"/,
    'jdbc:postgresql://me:hush@h/d': /JDBC/,
    'postgres:me:hush@h/d': /cannot be read/,
    'postgres://me:hush@h:port/d': /cannot be read/,
    'postgres://me:hush@h:99999/d': /port/,
    'postgres://me:hush@h/d/e': /cannot be read/,
    'postgres://me:hush@a,b/d': /cannot be read/,
    'mysql://me:hush@h/d?sslmode=hush': /"sslmode"/,
    'sqlite://app.db': /two slashes/,
    'sqlite:': /no file/,
    'constructor://me:hush@h/d': /"constructor"/,
  }
  for (const [url, message] of Object.entries(bad)) {
    const error = thrown(() => parseUrl(url))
    t.match(error, { code: 'bad-url', message, remedy: /./ }, url)
    t.notMatch(`${error.message} ${error.remedy}`, /hush/, url)
  }
})

t.test('reading a long URL takes no time worth measuring', async (t) => {
  for (const filler of ['a', '@', 'a&', 'a=&', '%', '/@', '?a', ':']) {
    const url = `postgres://u:${filler.repeat(2000)}!@h/d d`
    t.type(
      outcome(() => parseUrl(url)),
      'object',
      filler,
    )
  }
})

t.test('scrub removes the password however it is encoded', async (t) => {
  for (const password of odd.filter((one) => one.length > 3)) {
    const target = parseUrl(`mysql://me:${encodeURIComponent(password)}@host/app`)
    const lower = encodeURIComponent(password).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
    for (const spelling of [password, encodeURIComponent(password), lower]) {
      t.equal(scrub(`no way in with ${spelling}, sorry`, target), 'no way in with ***, sorry', spelling)
    }
  }
  const short = parseUrl('mysql://me:no@host/app')
  t.equal(scrub("nothing known of 'no'", short), "nothing known of '***'")
  const same = parseUrl('mysql://root:root@host/app')
  t.equal(scrub("access denied for 'root'", same), "access denied for 'root'")
  t.equal(scrub('as it was', parseUrl('mysql://me@host/app')), 'as it was')
})

function thrown(work: () => unknown): SqlmigError {
  const error = outcome(work)
  if (error instanceof SqlmigError) return error
  throw new Error('a SqlmigError was expected', { cause: error })
}

function outcome(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}
