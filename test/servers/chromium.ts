import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { installPackages } from './apt.ts'
import { locate } from './programs.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

function find(): string | undefined {
  return names.map((name) => locate(name)).find((path) => path !== undefined)
}

/** Why there is no browser here, for `skip`; undefined where there is one. */
export async function noChromium(): Promise<string | undefined> {
  if (find() ?? ((await installPackages('chromium')) && find())) return undefined
  const missing = 'NOT TESTED: the pages in a browser (install Chromium)'
  console.error(`!!! ${missing}`)
  return missing
}

const quiet =
  '--headless --hide-scrollbars --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --disable-dev-shm-usage'.split(
    ' ',
  )

/** Loads a page from a file of its own, and gives the document as it is once its scripts have run. */
export async function documentOf(
  page: string,
  scheme: 'light' | 'dark',
  flags: readonly string[] = [],
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlmig-chromium-'))
  const file = join(folder, 'page.html')
  writeFileSync(file, page)
  const own = [`--user-data-dir=${join(folder, 'profile')}`, '--window-size=1400,900', '--dump-dom']
  const preferred = `--blink-settings=preferredColorScheme=${scheme === 'dark' ? 0 : 1}`
  const args = [...quiet, ...own, preferred, ...flags, pathToFileURL(file).href]
  // its own process group, so that all of its processes end with it
  const child = spawn(find()!, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: true })
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), 120_000)
  try {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject))
    return text
  } finally {
    clearTimeout(timer)
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}
