import t from 'tap'
import { folder, run } from '../cli.ts'
import { eachServer } from '../servers/databases.ts'

const dialects = { postgres: 'postgres', mysql: 'mysql', mariadb: 'mysql', sqlite: 'sqlite' } as const

const first = `revision = "a1"
down_revision = None

import sqlalchemy as sa
from alembic import op

def upgrade():
    op.create_table("customer", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String(100)))
    op.create_index("customer_email", "customer", ["email"], unique=True)
`
const second = `revision = "b2"
down_revision = "a1"

import sqlalchemy as sa
from alembic import op

def upgrade():
    op.add_column("form", sa.Column("lead_id", sa.Integer(), nullable=True))
`
const base = 'CREATE TABLE form (id integer NOT NULL PRIMARY KEY);\n'
const scripts = { 'legacy/20250101_000000_first.py': first, 'legacy/20250102_000000_second.py': second }

/** What the scripts have left in a database, and the old tool beside it. */
const made = [
  'CREATE TABLE form (id integer NOT NULL PRIMARY KEY)',
  'CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)',
  'ALTER TABLE form ADD COLUMN lead_id INTEGER',
]
const customer = {
  postgres: 'CREATE TABLE customer (id serial NOT NULL, email varchar(100), PRIMARY KEY (id))',
  mysql: 'CREATE TABLE customer (id integer NOT NULL AUTO_INCREMENT, email varchar(100), PRIMARY KEY (id))',
  mariadb: 'CREATE TABLE customer (id integer NOT NULL AUTO_INCREMENT, email varchar(100), PRIMARY KEY (id))',
  sqlite: 'CREATE TABLE customer (id INTEGER NOT NULL, email VARCHAR(100), PRIMARY KEY (id))',
}

interface Verified {
  readonly verify: {
    readonly same: boolean
    readonly differences: readonly { readonly object: string; readonly kind: string }[]
  }
}

await eachServer(t, 'an import is proved on a database that ran the scripts', async (t, database) => {
  const cwd = folder({ ...scripts, 'base.sql': base })
  for (const sql of [...made, customer[database.kind], 'CREATE UNIQUE INDEX customer_email ON customer (email)'])
    await database.query(sql)
  const words = ['import-legacy', '--dialect', dialects[database.kind], '--base', 'base.sql', '--verify', database.url]
  const same = await run([...words, '--json'], { cwd })
  t.equal(same.code, 0, same.stderr + same.stdout)
  t.match(JSON.parse(same.stdout) as Verified, { verify: { same: true, differences: [] } })

  await database.query('ALTER TABLE customer ADD COLUMN phone varchar(20)')
  const other = await run([...words, '--json'], { cwd })
  t.equal(other.code, 8, other.stderr)
  const { verify } = JSON.parse(other.stdout) as Verified
  t.strictSame(
    verify.differences.map(({ object, kind }) => `${object}: ${kind}`),
    ['table customer: column phone'],
  )
  const told = await run(words, { cwd })
  t.match(told.stdout + told.stderr, /does not make the schema of .*\n.*~ table customer\n +\+ column phone/)
})

t.test('what cannot be verified is refused', async (t) => {
  const cwd = folder(scripts)
  const words = ['import-legacy', '--verify', 'sqlite:live.db', '--json']
  const dry = await run([...words, '--dry-run'], { cwd })
  t.equal(dry.code, 2)
  t.match(dry.stdout, /--dry-run/)
  const foreign = await run([...words, '--dialect', 'mysql'], { cwd })
  t.equal(foreign.code, 2)
  t.match(foreign.stdout, /add sqlite to --dialect/)
})
