import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Outside of the repository, kept for the next run. */
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sqlmig-bench')

/** As they were compared last; another version goes here. */
const versions: Readonly<Record<string, string>> = {
  dbmate: '2.36.0',
  knex: '3.3.0',
  'node-pg-migrate': '9.0.0',
  postgrator: '8.0.0',
  pg: '8.23.1',
  mysql2: '3.24.6',
}

/** The folder `node_modules` with all peers of npm. Where a version here has changed, it is another folder. */
export function npmPeers(): string {
  const packages = Object.entries(versions).map(([name, version]) => `${name}@${version}`)
  const folder = join(cache, `npm-${createHash('sha256').update(packages.join()).digest('hex').slice(0, 12)}`)
  const modules = join(folder, 'node_modules')
  if (existsSync(join(folder, 'complete'))) return modules
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact', ...packages], folder)
  shareSqlite(modules)
  writeFileSync(join(folder, 'complete'), '')
  return modules
}

// The driver that is built here already serves all: most of the time of a run in SQLite is SQLite's own.
function shareSqlite(modules: string): void {
  const own = dirname(dirname(fileURLToPath(import.meta.resolve('better-sqlite3'))))
  for (const name of ['better-sqlite3', 'bindings', 'file-uri-to-path']) {
    const target = join(dirname(own), name)
    if (existsSync(target) && !existsSync(join(modules, name))) symlinkSync(target, join(modules, name))
  }
}

/** A program out of a Debian package, unpacked without installing it. */
export function debianProgram(name: string, path: string): string {
  const folder = join(cache, `apt-${name}`)
  const program = join(folder, path)
  if (existsSync(program)) return program
  mkdirSync(folder, { recursive: true })
  run('apt-get', ['-q', 'download', name], folder)
  const packaged = readdirSync(folder).find((file) => file.endsWith('.deb'))
  if (packaged === undefined) throw new Error(`apt-get download ${name} brought nothing`)
  run('dpkg-deb', ['-x', packaged, '.'], folder)
  return program
}

function run(file: string, args: readonly string[], cwd: string): void {
  console.error(`bench: ${file} ${args.join(' ')}`)
  execFileSync(file, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], timeout: 300_000 })
}
