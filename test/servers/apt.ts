import { spawn } from 'node:child_process'
import { locate } from './programs.ts'

let queue: Promise<unknown> = Promise.resolve()
let updated = false

/** Installs packages where that is possible, which is as root on Debian and its like; says whether it did. */
export function installPackages(...names: readonly string[]): Promise<boolean> {
  const possible = process.getuid?.() === 0 && locate('apt-get') !== undefined
  if (!possible) return Promise.resolve(false)
  // one after the other: dpkg has one lock
  const installed = queue.then(() => install(names))
  queue = installed
  return installed
}

async function install(names: readonly string[]): Promise<boolean> {
  console.log(`servers: installing ${names.join(', ')} with apt`)
  if (!updated) await apt('update')
  updated = true
  return apt('install', '-y', '--no-install-recommends', ...names)
}

async function apt(...args: readonly string[]): Promise<boolean> {
  // RUNLEVEL keeps packages from starting servers of their own: tests start theirs
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  const options = ['-qq', '-o', 'DPkg::Lock::Timeout=300']
  const child = spawn('apt-get', [...options, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let output = ''
  child.stderr.on('data', (text) => (output += text))
  const code = await new Promise((resolve) => child.once('error', resolve).once('close', resolve))
  if (code !== 0) console.log(`servers: apt-get ${args.join(' ')} failed\n${output.trimEnd()}`)
  return code === 0
}
