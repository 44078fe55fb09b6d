#!/usr/bin/env node
import sade from 'sade'
import { main } from './main.ts'
import type { VerbName } from './verbs.ts'

// What is not needed for a help text is loaded when a command runs.
const run =
  (verb: VerbName) =>
  async (...args: unknown[]) =>
    (await import('./perform.ts')).perform(verb, args)

const cli = sade('sqlmig')

cli
  .option('--database', 'the database; else DATABASE_URL, POSTGRES_URL or MYSQL_URL, also from .env')
  .option('--dir', 'the folder of the migrations (default: sql)')
  .option('--env-file', 'read this file instead of .env')
  .option('--table', "the ledger's table, may be schema-qualified (default: sqlmig_history)")
  .option('--json', 'one JSON document on stdout, all else on stderr')
  .option('--quiet', 'tell nothing but errors')
  .option('--no-color', 'no colours; NO_COLOR does the same')

cli
  .command('up', 'apply what is pending')
  .option('--to', 'go no further than this migration')
  .option('--steps', 'apply at most so many migrations')
  .option('--dry-run', 'tell what would be applied, in a session that cannot write')
  .option('--atomic', 'the whole plan in one transaction (PostgreSQL, SQLite)')
  .option('--out-of-order', 'apply pending files that are older than the newest applied one')
  .option('--lock-wait', 'how long to wait for another runner (default: 60s)')
  .option('--lock-timeout', 'how long a statement waits for a lock before it is tried again (default: 5s)')
  .option('--lock-retries', 'how often it is tried again (default: 10)')
  .option(
    '--batch-target',
    'how long a batch is to take: its size grows and shrinks with that (default: as the file says)',
  )
  .option('--verbose', 'name the SQL, too, of a session that holds a lock in the way')
  .example('up')
  .example('up --dry-run')
  .example('up --to 20251203_141500_index_lead_by_email --database sqlite:app.db')
  .action(run('up'))

cli
  .command('status', 'every migration and its state; writes nothing')
  .option('--check', 'exit with 3 where something is pending, 4 where files and ledger disagree')
  .option('--drift', 'exit with 8 where the schema is no longer what up left, and tell which objects')
  .example('status')
  .example('status --check')
  .action(run('status'))

cli.command('current', 'the newest applied id').example('current').action(run('current'))

cli
  .command('history', 'what was applied, newest first; --verify: that nobody has touched it since')
  .option('--verbose', 'who, when, how long, from what, and edits accepted')
  .option('--verify', "work out the ledger's hashes again: exit 4 where a row is not as it was written")
  .option('--head', 'with --verify: a head that was told earlier, and has to be in the chain still')
  .example('history --verbose')
  .example('history --verify')
  .action(run('history'))

cli
  .command('new [slug]', 'write an empty migration')
  .option('--from-edit', 'move the edit of this applied migration into it, and restore the edited file')
  .option('--diff', 'fill it with what makes the schema of the database the one that is wanted')
  .option('--schema', 'the schema that is wanted (default: schema.sql in the folder of the migrations)')
  .option('--rename', 'what was renamed: lead=customer, lead.status=state; may be given again')
  .option('--scratch', 'an empty database to work in, instead of one that is made and dropped')
  .example('new add_lead_source')
  .example('new "add the source of a lead"')
  .example('new --from-edit 20251203_141500_index_lead_by_email')
  .action(run('new'))

cli
  .command('dump', 'the schema of the database as SQL that makes it')
  .option('--out', 'write it to this file')
  .option('--at-head', 'write the snapshot schema.sql for bootstrap; all migrations have to be applied')
  .option('--grants', 'grants too')
  .example('dump --out schema.sql')
  .example('dump --at-head')
  .action(run('dump'))

cli
  .command('diff', 'in what the schema of the database is not as the chain makes it; 8 where it is not')
  .option('--schema', 'compare with this file, or the database at this URL, instead of the chain')
  .option('--whole-chain', 'compare with all migrations, not only with those that are applied')
  .option('--sql', 'as statements that would make the database as it should be')
  .option('--scratch', 'an empty database to work in, instead of one that is made and dropped')
  .option('--grants', 'grants too')
  .example('diff')
  .example('diff --schema sql/schema.sql --sql')
  .action(run('diff'))

cli
  .command('bootstrap', 'a fresh database from the snapshot schema.sql, then what is newer')
  .option('--verify', 'prove instead that the snapshot makes the same schema as the whole chain; 8 where not')
  .option('--scratch', 'an empty database to work in, instead of one that is made and dropped')
  .example('bootstrap')
  .example('bootstrap --verify')
  .action(run('bootstrap'))

cli
  .command('check', 'review the files without a database: what up would refuse, and what is dangerous')
  .option('--dialect', 'read them as postgres, mysql or sqlite does')
  .option('--base', 'a git ref: what it has must not have changed, what is new comes last and is reviewed')
  .option('--format', 'text, github (annotations) or sarif (default: text)')
  .option('--rules', 'list the rules')
  .example('check')
  .example('check --dialect postgres --base origin/main')
  .example('check --base origin/main --format github')
  .example('check --database postgres://localhost/app')
  .action(run('check'))

cli
  .command('show <id>', 'the recorded and the current text of a migration, and their difference')
  .example('show 20251203_141500_index_lead_by_email')
  .action(run('show'))

cli
  .command('report', 'one HTML page of the chain, its history and its schema, that needs nothing else')
  .option('--html', 'write it to this file; wanted')
  .option('--dialect', 'without a database: read the files as postgres, mysql or sqlite does')
  .example('report --html report.html')
  .example('report --html report.html --dialect postgres')
  .action(run('report'))

cli
  .command('script', 'what up would do, as one SQL file for psql, mysql or sqlite3 that a DBA can run')
  .option('--to', 'go no further than this migration')
  .option('--steps', 'at most so many migrations')
  .option('--out-of-order', 'take in pending files that are older than the newest applied one')
  .option('--out', 'write it to this file')
  .example('script --out release.sql')
  .action(run('script'))

cli
  .command('accept <id>', 'record the edited text of an applied migration as the truth, running nothing')
  .option('--reason', 'why; wanted, and kept in the ledger')
  .example('accept 20251203_141500_index_lead_by_email --reason "a comment with the ticket"')
  .action(run('accept'))

cli
  .command('rebase <id>', 'give a pending file a fresh timestamp')
  .example('rebase 20251203_141500_index_lead_by_email')
  .action(run('rebase'))

cli
  .command('resolve <id>', 'say how far a half-applied migration got')
  .option('--through', 'the last statement that took effect; 0 if none did')
  .option('--not-started', 'the statement whose outcome is open did not take effect')
  .option('--reason', 'how that was found out; kept in the ledger')
  .example('resolve 20251209_103000_lead_log --through 2 --reason "the index is there"')
  .action(run('resolve'))

cli
  .command('baseline <id>', 'record everything up to an id as applied, running nothing')
  .option('--reason', 'why; kept in the ledger')
  .example('baseline 20251207_000000_lead_status --reason "the schema was there before sqlmig"')
  .action(run('baseline'))

cli
  .command('import-legacy [dir]', 'turn old migration scripts into files of the chain, running none of them')
  .option('--dialect', 'write SQL for postgres, mysql, sqlite; several with commas (default: all three)')
  .option('--source', "the application's source, to look up what scripts import; read, never run; may be given again")
  .option('--types', 'a JSON file: {"app.types.JSONField": {"postgres": "jsonb", "mysql": "json", "sqlite": "text"}}')
  .option('--naming-convention', 'a JSON file with the naming_convention of the MetaData: {"ix": …, "uq": …}')
  .option('--base', 'what was there before the first script: a file with its schema, or the URL of a database')
  .option(
    '--verify',
    'replay the files and compare with the database at this URL, which ran the scripts; 8 where it differs',
  )
  .option('--scratch', 'an empty database to replay in, instead of one that is made and dropped')
  .option('--report', 'write a page to this file: each script beside the SQL made from it')
  .option('--dry-run', 'tell what would be written')
  .example('import-legacy')
  .example('import-legacy alembic/versions --dialect postgres --source src')
  .example('import-legacy legacy --dialect mysql,sqlite --base schema.sql --report import.html')
  .action(run('import-legacy'))

cli
  .command('adopt', 'record as applied what another tool has applied, running nothing')
  .option('--from', 'alembic, dbmate, goose, golang-migrate, sql-migrate or flyway, where several left their tables')
  .option('--tool-table', "that tool's table, where it has another name; may be schema-qualified")
  .option('--to', 'everything up to this migration, for scripts that kept no table')
  .option('--dry-run', 'tell what would be recorded, in a session that cannot write')
  .option('--reason', 'why; kept in the ledger')
  .example('adopt --dry-run')
  .example('adopt --from flyway --tool-table ops.schema_version')
  .example('adopt --to 20251207_000000_lead_status')
  .action(run('adopt'))

cli
  .command('wait', 'wait until the server answers')
  .option('--timeout', 'how long (default: 60s)')
  .example('wait --timeout 30s')
  .action(run('wait'))

cli.command('create', 'make the database itself').example('create').action(run('create'))

cli
  .command('drop', 'remove the database itself, with all that is in it')
  .option('--yes', 'without asking')
  .example('drop')
  .example('drop --yes --database sqlite:test.db')
  .action(run('drop'))

cli.command('down', 'explains why there is none').example('down').action(run('down'))

// no top-level await: the bundle is CommonJS
void main(cli, process.argv.slice(2))
