import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { locate } from '../servers/programs.ts'
import { alembicHistory } from './alembic-history.ts'
import { compare, type Line } from './compare.ts'
import { program, write } from './contenders.ts'
import { scaled, turns } from './settings.ts'
import { spend } from './spent.ts'

/** `npm run bench -- import`: a thousand Alembic scripts for three dialects, beside Alembic's own SQL for one. */

const count = scaled(1000)
const scripts = alembicHistory(count)

// without a connection: what `upgrade --sql` wants
const environment = `
from alembic import context
context.configure(dialect_name='postgresql')
with context.begin_transaction():
    context.run_migrations()
`

function lay(folder: string): string {
  for (const [name, text] of scripts) write(join(folder, 'alembic', 'versions', name), text)
  return join('alembic', 'versions')
}

function alembic(file: string): Line {
  return {
    name: 'alembic upgrade --sql, PostgreSQL alone',
    async run(folder) {
      lay(folder)
      write(join(folder, 'alembic', 'env.py'), environment)
      write(join(folder, 'alembic.ini'), '[alembic]\nscript_location = alembic\n')
      const spent = await spend({ file, args: ['upgrade', 'head', '--sql'], cwd: folder })
      const done = spent.output.match(/^(INSERT INTO|UPDATE) alembic_version /gm)?.length
      if (done !== count) throw new Error(`alembic wrote ${String(done)} scripts of ${count}`)
      return spent
    },
  }
}

function ours(title: string, dialects: readonly string[]): Line {
  return {
    name: `sqlmig import-legacy, ${title}`,
    async run(folder) {
      const flags = dialects.flatMap((name) => ['--dialect', name])
      // any todo would end it with 7
      const args = [program, 'import-legacy', lay(folder), '--dir', 'sql', ...flags]
      const spent = await spend({ file: process.execPath, args, cwd: folder })
      const names = readdirSync(join(folder, 'sql')).filter((name) => name.endsWith('.up.sql'))
      const ids = new Set(names.map((name) => name.slice(0, name.indexOf('.'))))
      if (ids.size !== count) throw new Error(`sqlmig wrote ${ids.size} scripts of ${count}`)
      if (names.some((name) => statSync(join(folder, 'sql', name)).size < 100)) throw new Error('a file is empty')
      return spent
    },
  }
}

const floor = locate('alembic')
if (floor === undefined) console.error('NOT COMPARED: there is no alembic (apt: alembic)')
const lines = [ours('PostgreSQL alone', ['postgres']), ours('three dialects', [])]
await compare(`${count} Alembic scripts`, [...(floor ? [alembic(floor)] : []), ...lines], turns(3), 'seconds')
