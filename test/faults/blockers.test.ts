import t from 'tap'
import { Project } from '../project.ts'
import { connect } from '../servers/connection.ts'
import { type Database, eachServer } from '../servers/databases.ts'

const first = '20250101_000000_first'
const second = '20250102_000000_second'
const servers = ['postgres', 'mysql', 'mariadb'] as const
const impatient = ['--lock-timeout', '1s', '--lock-retries', '1']

const table = 'CREATE TABLE one (id integer PRIMARY KEY, name varchar(20));\nINSERT INTO one VALUES (1, NULL);'

/** What messages call the test's own session. */
async function ownName({ kind, query }: Database): Promise<string> {
  const [row] = await query(`select ${kind === 'postgres' ? 'pg_backend_pid()' : 'connection_id()'} as id`)
  return `${kind === 'postgres' ? 'pid' : 'connection'} ${row?.id}`
}

async function prepared(database: Database): Promise<Project> {
  const project = new Project(database, { [first]: table })
  await project.up()
  return project
}

await eachServer(
  t,
  'who keeps a table from DDL is named, at each retry and in the end, without its SQL',
  async (t, database) => {
    const project = await prepared(database)
    project.write(second, 'ALTER TABLE one ADD COLUMN more integer;')
    const name = await ownName(database)
    await database.query('begin')
    await database.query('select id, name from one')
    const { code, error, stderr } = await project.up(...impatient)
    t.equal(code, 1)
    t.match(error?.code, 'lock-timeout')
    const user = new URL(database.url).username
    const told = `by ${name} \\(user ${user}, .*its transaction open for \\d+ s`
    t.match(error?.message, new RegExp(`^statement 1 of 1 failed: .*; blocked(, perhaps,)? ${told}`))
    t.match(
      stderr,
      new RegExp(
        `retry    ${second}: .*; blocked(, perhaps,)? ${told}.*; try 2 when nobody is in the way, at the latest in 1\\.0 s`,
      ),
    )
    t.notMatch(stderr, /select id, name/, 'its SQL is its own affair')
    await database.query('commit')
    t.equal((await project.up()).code, 0)
  },
  servers,
)

await eachServer(
  t,
  'who has locked a row is named',
  async (t, database) => {
    const project = await prepared(database)
    project.write(second, "UPDATE one SET name = 'mine';")
    const name = await ownName(database)
    await database.query('begin')
    await database.query("update one set name = 'theirs'")
    const { error } = await project.up(...impatient)
    t.match(error, { code: 'lock-timeout', message: new RegExp(`; blocked by ${name} \\(`) })
    await database.query('rollback')
  },
  servers,
)

await eachServer(
  t,
  '--verbose tells the SQL as well',
  async (t, database) => {
    const project = await prepared(database)
    project.write(second, 'ALTER TABLE one ADD COLUMN more integer;')
    const sleep = database.kind === 'postgres' ? 'pg_sleep(20)' : 'sleep(20)'
    const name = await ownName(database)
    const busy = database.query(`select /* 😀 */ id,\n ${sleep} from one`).catch(() => undefined)
    const { error } = await project.up(...impatient, '--verbose')
    t.match(error?.message, `by ${name} (`)
    t.match(error?.message, /its statement running for \d+ s.*, its SQL: select .* id, (pg_)?sleep\(20\) from one\)/)
    const [kind, id] = name.split(' ')
    const other = connect(database.kind, database.url)
    await other.query(kind === 'pid' ? `select pg_cancel_backend(${id})` : `kill query ${id}`)
    await other.close()
    await busy
  },
  servers,
)

await eachServer(
  t,
  'a user who may not look is told the error alone',
  async (t, database) => {
    const project = await prepared(database)
    project.write(second, 'ALTER TABLE one ADD COLUMN more integer;')
    const user = `sqlmig_plain_${process.pid}`
    const hosts = ['%', 'localhost'].map((host) => `'${user}'@'${host}'`)
    for (const one of hosts) {
      await database.query(`create user ${one}`)
      await database.query(`grant all on ${new URL(database.url).pathname.slice(1)}.* to ${one}`)
    }
    t.teardown(() => database.query(`drop user ${hosts.join(', ')}`))
    await database.query('begin')
    await database.query('select id from one')
    const url = new URL(database.url)
    url.username = user
    const { code, error } = await project.json(['up', ...impatient], { env: { DATABASE_URL: url.href } })
    t.equal(code, 1)
    t.match(error, {
      code: 'lock-timeout',
      message: /^statement 1 of 1 failed: Lock wait timeout exceeded; [\w ]+ \(1205\)$/,
    })
    await database.query('commit')
  },
  ['mysql', 'mariadb'],
)

await eachServer(
  t,
  'of a crowd three are named',
  async (t, database) => {
    const project = await prepared(database)
    project.write(second, 'ALTER TABLE one ADD COLUMN more integer;')
    const crowd = Array.from({ length: 5 }, () => connect('postgres', database.url))
    for (const { query } of crowd) await query('begin; select * from one')
    const { error } = await project.up(...impatient)
    t.match(error?.message, /; blocked by pid \d+ \(.*\), pid \d+ \(.*\), pid \d+ \(.*\) and others \(55P03\)/)
    for (const { close } of crowd) await close()
  },
  ['postgres'],
)
