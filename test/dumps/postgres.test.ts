import t from 'tap'
import { type Database, eachServer } from '../servers/databases.ts'
import { apply, fixture, goesRound, output, program } from './dumps.ts'

const optionSets = [
  [],
  ['--inserts'],
  ['--column-inserts', '--rows-per-insert=3', '--quote-all-identifiers'],
  ['--clean', '--if-exists'],
  ['--inserts', '--on-conflict-do-nothing', '--disable-dollar-quoting'],
  ['--schema-only', '--no-owner', '--no-privileges'],
  ['--no-blobs', '--use-set-session-authorization', '--enable-row-security'],
]

await eachServer(
  t,
  'what pg_dump writes goes round',
  async (t, source) => {
    const pgDump = program(t, 'postgres', 'pg_dump')
    if (pgDump === undefined) return
    await source.query(fixture('postgres.sql'))
    for (const options of optionSets) {
      const dump = ({ url }: Database) => output(pgDump, [...options, '--exclude-table=*.sqlmig_history', url])
      await t.test(`pg_dump ${options.join(' ')}`, (t) => goesRound(t, source, dump))
    }
  },
  ['postgres'],
)

await eachServer(
  t,
  'what is meant for psql or for another encoding is refused before anything runs',
  async (t, database) => {
    const table = 'CREATE TABLE early (id int);\n'
    const refused = {
      "SET client_encoding = 'LATIN1';": { code: 'transaction-control', remedy: /UTF8/, at: { line: 2 } },
      '\\connect other': { code: 'client-command', remedy: /one database/, at: { line: 2 } },
      '\\connect -reuse-previous=on "dbname=\'other\'"': { code: 'client-command', remedy: /one database/ },
      'CREATE DATABASE other WITH TEMPLATE = template0;': { code: 'transaction-control', remedy: /remove it/ },
      "\\copy early FROM 'early.csv'": { code: 'client-command', message: /"\\copy"/ },
      'COPY early (id) FROM stdin;\n1\n': { code: 'unterminated', message: /COPY/ },
    }
    for (const [text, error] of Object.entries(refused)) {
      await t.rejects(apply(database, `${table}${text}\n`), error, text)
    }
    t.same(await database.query("SELECT 1 FROM pg_class WHERE relname = 'early'"), [])
  },
  ['postgres'],
)

await eachServer(
  t,
  'the encoding that pg_dump sets is accepted however it is written',
  async (t, database) => {
    const forms = [
      "client_encoding = 'UTF8'",
      "client_encoding='utf-8'",
      'client_encoding TO UTF8',
      "NAMES 'UTF8'",
      'client_encoding TO DEFAULT',
    ]
    await t.resolves(apply(database, ...forms.map((form) => `SET ${form};\n`)))
  },
  ['postgres'],
)
