import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** `npm run bench`, or `npm run bench -- NAME … [--peers]`: each in a process of its own, one after the other. */

const names = ['start', 'tiny', 'link', 'history', 'inserts', 'copy', 'import', 'locks', 'catalogue', 'backfill']

const peers = process.argv.includes('--peers')
const asked = process.argv.slice(2).filter((argument) => argument !== '--peers')
const strange = asked.find((name) => !names.includes(name))
if (strange !== undefined) {
  console.error(`there is no benchmark "${strange}": ${names.join(', ')}`)
  process.exit(2)
}
const env = { ...process.env, ...(peers && { SQLMIG_BENCH_PEERS: '1' }) }
const codes = (asked.length > 0 ? asked : names).map((name) => {
  const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url))
  return spawnSync(process.execPath, [file], { stdio: 'inherit', env }).status
})
process.exit(codes.every((code) => code === 0) ? 0 : 1)
