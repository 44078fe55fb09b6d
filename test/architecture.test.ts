import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import t from 'tap'

// Who may import whom; a room that is not here may import nothing but itself.
const mayImport: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  version: [],
  text: ['errors'],
  dialects: ['text', 'errors'],
  drivers: ['dialects', 'errors'],
  chain: ['dialects', 'text', 'errors'],
  ledger: ['drivers', 'dialects', 'errors'],
  runner: ['chain', 'ledger', 'drivers', 'dialects', 'text', 'errors'],
  adoption: ['chain', 'drivers', 'dialects', 'text', 'errors'],
  pages: ['compiler', 'ddl', 'schema', 'dialects', 'text', 'errors'],
  verbs: [
    'pages',
    'adoption',
    'importer',
    'review',
    'catalogue',
    'diff',
    'ddl',
    'schema',
    'runner',
    'ledger',
    'chain',
    'drivers',
    'dialects',
    'text',
    'errors',
    'version',
  ],
  index: ['verbs', 'pages', 'review', 'adoption', 'runner', 'drivers', 'dialects', 'text', 'errors', 'version'],
  python: ['errors'],
  schema: ['dialects', 'text', 'errors'],
  compiler: ['schema', 'dialects', 'text', 'errors'],
  catalogue: ['drivers', 'dialects', 'text', 'errors'],
  diff: ['catalogue', 'dialects', 'text', 'errors'],
  ddl: ['schema', 'dialects', 'text', 'errors'],
  review: ['ddl', 'schema', 'dialects', 'text', 'errors'],
  importer: ['python', 'compiler', 'schema', 'ddl', 'chain', 'dialects', 'text', 'errors'],
}

/** Rooms without file system, network or clock. */
const pure = ['text', 'dialects', 'python', 'schema', 'compiler', 'ddl', 'diff', 'review', 'importer', 'pages']

interface Import {
  readonly file: string
  readonly from: string
  readonly typeOnly: boolean
}

const files = ['lib', 'bin'].flatMap((dir) =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(dir, name)),
)

function importsOf(file: string): Import[] {
  const source = readFileSync(file, 'utf8')
  const found = source.matchAll(/^(?:import|export)\s+(type\s)?[^'"]*?from '([^']+)'|\bimport\('([^']+)'\)/gm)
  return Array.from(found, ([, type, from, dynamic]) => ({
    file,
    from: (from ?? dynamic)!,
    typeOnly: type !== undefined,
  }))
}

function room(path: string): string {
  const [top, name] = normalize(path).split('/')
  return top === 'bin' ? 'bin' : name!.replace(/\.ts$/, '')
}

const imports = files.flatMap(importsOf)

t.test('the rooms import only downwards', async (t) => {
  const wrong = imports.filter(({ file, from }) => {
    if (!from.startsWith('.')) return false
    const own = room(file)
    const other = room(relative('.', join(dirname(file), from)))
    if (own === other) return false
    return own === 'bin' ? !['index', 'version'].includes(other) : !mayImport[own]?.includes(other)
  })
  t.same(
    wrong.map(({ file, from }) => `${file} imports ${from}`),
    [],
  )
})

t.test('each npm package has one importer', async (t) => {
  const importers = new Map<string, Set<string>>()
  for (const { file, from, typeOnly } of imports) {
    if (from.startsWith('.') || from.startsWith('node:') || typeOnly) continue
    importers.set(from, new Set([...(importers.get(from) ?? []), file]))
  }
  const shared = Array.from(importers, ([name, users]) => ({ name, users: [...users] })).filter(
    ({ users }) => users.length > 1,
  )
  t.ok(importers.size >= 3, 'the packages are seen at all')
  t.same(shared, [])
})

t.test('pure rooms know no file system, clock or network', async (t) => {
  const outside = imports.filter(
    ({ file, from }) => pure.includes(room(file)) && from.startsWith('node:') && from !== 'node:crypto',
  )
  const clocks = files.filter(
    (file) => pure.includes(room(file)) && /\bDate\.now\(|new Date\(\)|process\./.test(readFileSync(file, 'utf8')),
  )
  t.same([...outside.map(({ file, from }) => `${file} imports ${from}`), ...clocks], [])
})

t.test('only bin prints or ends the process', async (t) => {
  const printing = files.filter(
    (file) =>
      file.startsWith('lib') && /\bconsole\.|process\.(exit|stdout|stderr|exitCode)\b/.test(readFileSync(file, 'utf8')),
  )
  t.same(printing, [])
})
