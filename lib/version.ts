import { readFileSync } from 'node:fs'

/** Put in where the command line is bundled: it then has no `package.json` to look for. */
declare const SQLMIG_VERSION: string | undefined

let own: string | undefined

/** This package's version. */
export function version(): string {
  own ??= typeof SQLMIG_VERSION === 'string' ? SQLMIG_VERSION : readVersion()
  return own
}

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
