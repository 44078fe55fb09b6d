import { cpSync, existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import t from 'tap'
import { folder, run } from '../cli.ts'

const dist = fileURLToPath(new URL('../..', import.meta.url))

/** The files that a command has read by its end, from packages as `package/file`. */
async function filesOf(args: readonly string[]): Promise<readonly string[]> {
  const cwd = folder({
    'sql/20260101_000000_one.up.sql': 'CREATE TABLE a (n int);\n',
    'hook.cjs': `process.on('exit', () => require('fs').writeFileSync('files.json', JSON.stringify(Object.keys(require.cache))))`,
  })
  const { code, stderr } = await run(args, { cwd, env: { NODE_OPTIONS: '--require ./hook.cjs' } })
  t.same([code, stderr], [0, ''], args.join(' '))
  const read = JSON.parse(readFileSync(join(cwd, 'files.json'), 'utf8')) as string[]
  return read.filter((file) => basename(file) !== 'hook.cjs').map(shortened)
}

function shortened(file: string): string {
  return file.startsWith(dist) ? file.slice(dist.length) : file.replace(/^.*\/node_modules\//, '')
}

t.test('--version reads the command line alone', async (t) => {
  t.same(
    (await filesOf(['--version'])).filter((file) => !file.endsWith('rolldown-runtime.cjs')),
    ['cli/sqlmig.cjs'],
  )
})

t.test('help reads no more than the texts for it', async (t) => {
  t.ok((await filesOf(['help'])).length <= 4)
})

t.test('status reads one driver and one dialect, and nothing that only other commands need', async (t) => {
  const read = await filesOf(['status', '--database', 'sqlite:app.db'])
  t.ok(read.includes('cli/core.cjs') && read.includes('cli/dialect-sqlite.cjs'), 'the files are seen at all')
  t.ok(read.includes('better-sqlite3/lib/index.js'))
  t.same(
    read.filter((file) => /mysql|postgres|import|convert|rules|diff|apply|scratch|ddl|colours/.test(file)),
    [],
  )
})

t.test('up without anything to do reads no more than status', async (t) => {
  const cwd = folder({ 'sql/20260101_000000_one.up.sql': 'CREATE TABLE a (n int);\n' })
  t.equal((await run(['up', '--database', `sqlite:${cwd}/app.db`], { cwd })).code, 0)
  const read = await filesOf(['up', '--database', `sqlite:${cwd}/app.db`])
  t.same(
    read.filter((file) => /mysql|postgres|apply|text\.cjs|catalogue|dump/.test(file)),
    [],
  )
})

/** The files of the package as npm packs them, without any other package around. */
function installed(): string {
  const place = folder()
  for (const part of ['cli', 'lib'])
    cpSync(join(dist, part), join(place, 'node_modules/sqlmig/dist', part), { recursive: true })
  cpSync(join(dist, '..', 'package.json'), join(place, 'node_modules/sqlmig/package.json'))
  return place
}

t.test('the package has all that the command line and the library need', async (t) => {
  const manifest = JSON.parse(readFileSync(join(dist, '..', 'package.json'), 'utf8')) as {
    bin: { sqlmig: string }
    exports: Record<string, Record<string, string>>
    files: string[]
  }
  const named = [manifest.bin.sqlmig, ...Object.values(manifest.exports['.']!)].map((path) => path.replace('./', ''))
  for (const path of named) {
    t.ok(existsSync(join(dist, '..', path)), `${path} is built`)
    t.ok(
      manifest.files.some((folder) => path.startsWith(`${folder}/`)),
      `${path} is packed`,
    )
  }
})

t.test('the command line works without any package beside it; SQLite tells which one it lacks', async (t) => {
  const cwd = installed()
  const program = join(cwd, 'node_modules/sqlmig/dist/cli/sqlmig.cjs')
  const start = (args: readonly string[]) => run(args, { cwd, program })
  t.match((await start(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/)
  t.match((await start(['check', '--rules'])).stdout, /\w/)
  const sqlite = await start(['status', '--database', 'sqlite:app.db', '--json'])
  t.match(sqlite.json(), { error: { code: 'driver-missing', remedy: /npm install better-sqlite3/ } })
  for (const url of ['postgres://a@127.0.0.1:1/b', 'mysql://a@127.0.0.1:1/b']) {
    const refused = await start(['status', '--database', url, '--json'])
    t.match(refused.json(), { error: { code: 'connection' } }, `the driver for ${url} is there`)
  }
})

t.test('the library loads without a driver', async (t) => {
  const library = join(installed(), 'node_modules/sqlmig/dist/lib/index.js')
  const { up, SqlmigError } = (await import(pathToFileURL(library).href)) as typeof import('../../lib/index.ts')
  await t.rejects(up({ database: 'nothing' }), SqlmigError)
})

t.test('the licences of what is bundled come along', async (t) => {
  const text = readFileSync(join(dist, 'cli/THIRD-PARTY-LICENSES.txt'), 'utf8')
  for (const name of ['mysql2', 'postgres', 'iconv-lite', 'sade', 'mri', 'kleur', 'diff'])
    t.match(text, new RegExp(`^${name} \\d`, 'm'))
})

t.test('a pipe that is closed early, and a file, take what is printed', async (t) => {
  const cwd = folder()
  const first = await run(['help'], { cwd, onStdout: (_, child) => child.stdout?.destroy() })
  t.equal(first.code, 0)
  const full = await run(['help', 'up'], { cwd })
  t.match(full.stdout, /--lock-retries.*Everywhere.*Examples/s)
})
