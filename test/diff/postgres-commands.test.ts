import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Project } from '../project.ts'
import { type Database, eachServer, freshDatabase } from '../servers/databases.ts'
import { locate } from '../servers/programs.ts'

const a = '20250101_000000_a'

const chain = {
  [a]: `CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE site (id serial PRIMARY KEY, host varchar(100) NOT NULL UNIQUE, mood mood DEFAULT 'ok');
CREATE TABLE form (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, site_id integer NOT NULL REFERENCES site ON DELETE CASCADE, old text);
CREATE VIEW hosts AS SELECT id, host FROM site;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.host := lower(NEW.host); RETURN NEW; END $$;
CREATE TRIGGER stamped BEFORE INSERT ON site FOR EACH ROW EXECUTE FUNCTION stamp();`,
}

/** Where no pg_dump is found. */
const bare = { env: { PATH: '/nowhere' } }

async function project(t: Test, database: Database): Promise<Project> {
  const project = new Project(database, chain)
  t.equal((await project.up()).code, 0)
  return project
}

function edit(project: Project, change: (text: string) => string): void {
  const file = join(project.cwd, 'sql/schema.sql')
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}

await eachServer(
  t,
  'where there is no pg_dump the dump is our own, makes the same, and says so',
  async (t, database) => {
    const one = await project(t, database)
    const dump = await one.run(['dump', '--at-head'], bare)
    t.equal(dump.code, 0, dump.stderr)
    const text = readFileSync(join(one.cwd, 'sql/schema.sql'), 'utf8')
    t.match(text, new RegExp(`^-- sqlmig snapshot at ${a}\n-- by sqlmig from PostgreSQL `))
    t.equal((await one.json(['bootstrap', '--verify'], bare)).code, 0)
    t.equal((await one.run(['diff', '--schema', 'sql/schema.sql'], bare)).code, 0)
    const fresh = new Project(await freshDatabase('postgres', t), chain)
    writeFileSync(join(fresh.cwd, 'sql/schema.sql'), text)
    t.equal((await fresh.json(['bootstrap'], bare)).code, 0)
    t.equal((await fresh.run(['dump'], bare)).stdout, (await one.run(['dump'], bare)).stdout)
    if (locate('pg_dump', (process.env.PATH ?? '').split(':')) === undefined) return
    t.equal((await fresh.run(['dump'])).stdout, (await one.run(['dump'])).stdout, 'and pg_dump sees no difference')
    t.match((await one.run(['dump'])).stdout, /^-- by pg_dump from PostgreSQL /)
  },
  ['postgres'],
)

await eachServer(
  t,
  'the migration that leads to the edited schema renames, adds, and leaves losses to a person',
  async (t, database) => {
    const one = await project(t, database)
    await database.query("INSERT INTO site (host) VALUES ('here'); INSERT INTO form (site_id, old) VALUES (1, 'x')")
    await one.run(['dump', '--at-head'], bare)
    edit(one, (text) =>
      text
        .replace("'ok'\n", "'ok',\n  'glad'\n")
        .replace(
          /\bhost character varying\(100\) NOT NULL/,
          'domain text NOT NULL,\n  added integer DEFAULT 3 CHECK (added > 0)',
        )
        .replace('UNIQUE (host)', 'UNIQUE (domain)')
        .replace(/site\.host|SELECT id,\s+host/, (found) => found.replace('host', 'domain'))
        .replace(/NEW\.host/g, 'NEW.domain')
        .replaceAll('NEW.host', 'NEW.domain')
        .replace(/,\n {2}old text/, ''),
    )
    const lossy = await one.json<{ file: string; todos: number }>([
      'new',
      'lossy',
      '--diff',
      '--rename',
      'site.host=domain',
    ])
    t.equal(lossy.code, 0, lossy.stderr)
    t.equal(lossy.document.todos, 1)
    const path = join(one.cwd, lossy.document.file)
    const text = readFileSync(path, 'utf8')
    t.match(text, /^-- sqlmig: todo the column old and its values.*\n-- ALTER TABLE form DROP COLUMN old;$/m)
    t.match(text, /^ALTER TABLE site RENAME COLUMN host TO domain;$/m)
    t.match(text, /^ALTER TYPE mood ADD VALUE 'glad';$/m)
    t.match((await one.up()).error, { code: 'blocked' })
    writeFileSync(path, text.replace(/^-- sqlmig: todo .*\n-- /m, ''))
    const up = await one.up()
    t.equal(up.code, 0, up.stderr)
    t.strictSame(await database.query('select domain, added, mood from site'), [
      { domain: 'here', added: 3, mood: 'ok' },
    ])
    const { document } = await one.json<{ differences: readonly { kind: string }[] }>([
      'diff',
      '--schema',
      'sql/schema.sql',
    ])
    t.same(
      document.differences.map(({ kind }) => kind),
      ['order of columns'],
      'a new column comes last, which is told',
    )
    const nothing = await one.run(['new', 'nothing', '--diff'])
    t.equal(nothing.code, 0)
    t.equal((await one.json(['status'])).code, 0)
  },
  ['postgres'],
)

await eachServer(
  t,
  'the statements that undo what was done by hand are told',
  async (t, database) => {
    const one = await project(t, database)
    await database.query('ALTER TABLE form ALTER COLUMN old TYPE varchar(9), ADD COLUMN by_hand int; DROP VIEW hosts')
    const told = await one.run(['diff', '--sql'])
    t.equal(told.code, 8)
    t.match(told.stdout, /ALTER TABLE form DROP COLUMN by_hand;/)
    await database.query(told.stdout.replace(/^-- (ALTER|DROP)/gm, '$1'))
    t.equal((await one.run(['diff'])).code, 0)
  },
  ['postgres'],
)

await eachServer(
  t,
  'an empty database that is given is used as a scratch, and left empty',
  async (t, database) => {
    const one = await project(t, database)
    const scratch = await freshDatabase('postgres', t)
    t.equal((await one.run(['diff', '--scratch', scratch.url])).code, 0)
    t.same(await scratch.query("select 1 from pg_class where relnamespace = 'public'::regnamespace"), [])
    t.equal((await one.run(['diff', '--scratch', scratch.url])).code, 0)
  },
  ['postgres'],
)
