// @ts-check
// Makes dist/cli/ out of bin/: the command line as a few files instead of hundreds, what a command does not need in
// files that it does not read. Node starts CommonJS faster than ES modules, but esbuild splits only the latter: so it
// splits first, and then turns each file into CommonJS.
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, 'dist', 'cli')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const target = 'node20.12'

const { outputFiles, metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['bin/sqlmig.ts'],
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  mainFields: ['module', 'main'],
  target,
  // native, and optional: it is looked for when a URL asks for SQLite
  external: ['better-sqlite3'],
  define: { SQLMIG_VERSION: JSON.stringify(version) },
  minifySyntax: true,
  write: false,
  metafile: true,
  logLevel: 'warning',
})

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
for (const { path, text } of outputFiles) writeFileSync(cjsPath(path), await asCommonJs(text))
writeFileSync(join(out, 'THIRD-PARTY-LICENSES.txt'), notices(packagesIn(metafile)))
chmodSync(join(out, 'sqlmig.cjs'), 0o755)

/** @param {string} path */
function cjsPath(path) {
  return join(out, basename(path).replace(/\.js$/, '.cjs'))
}

/**
 * @param {string} code an ES module
 * @returns {Promise<string>}
 */
async function asCommonJs(code) {
  // without dynamic imports `import()` becomes a `require` within a promise
  const result = await transform(code, { format: 'cjs', platform: 'node', target, supported: { 'dynamic-import': false } })
  return lazyBuiltins(result.code.replace(/(require\("\.\/[\w-]+)\.js"\)/g, '$1.cjs")'))
}

/**
 * Loads Node's own modules when they are used: `node:crypto` and `node:tls` alone take longer than a `--version`.
 * @param {string} code
 */
function lazyBuiltins(code) {
  const builtin = /^var (\w+) = (?:__toESM\()?(require\("(?:node:)?([\w/]+)"\))(?:, 1)?\)?;$/gm
  let found = false
  const lazy = code.replace(builtin, (line, variable, load, name) => {
    if (!builtinModules.includes(name)) return line
    found = true
    return `var ${variable} = __lazy(() => ${load});`
  })
  // a default import is the module itself
  const helper = 'var __lazy = (load) => new Proxy({}, { get: (_, name) => (name === "default" ? load() : load()[name]) });'
  if (!found) return code
  return lazy.startsWith('#!') ? lazy.replace('\n', `\n${helper}\n`) : `${helper}\n${lazy}`
}

/**
 * The folders of the packages that went into the bundle.
 * @param {import('esbuild').Metafile} metafile
 */
function packagesIn({ outputs }) {
  const files = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs))
  const folders = files.map((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0])
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort()
}

/**
 * What the licences of bundled packages ask to be kept with them.
 * @param {readonly string[]} folders
 */
function notices(folders) {
  const texts = folders.map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${licenceText(folder, manifest)}`
  })
  return `The files beside this one hold code of these packages.\n\n${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

/**
 * @param {string} folder
 * @param {{ license?: string }} manifest
 */
function licenceText(folder, { license = '' }) {
  const name = readdirSync(join(root, folder)).find((file) => /^(licen[cs]e|copying)(\.\w+)?$/i.test(file))
  if (name !== undefined) return readFileSync(join(root, folder, name), 'utf8').trim()
  // the author gave it to the public domain, and asks for nothing
  if (license === 'Unlicense') return 'https://unlicense.org'
  throw new Error(`${folder} is bundled, and has no licence file: its notice has to come from elsewhere`)
}
