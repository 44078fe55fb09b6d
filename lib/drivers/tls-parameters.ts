import { SqlmigError } from '../errors.ts'
import type { Tls } from './target.ts'

type Mode = Tls['mode']

// PostgreSQL: libpq, "SSL Mode Descriptions"; MySQL: "--ssl-mode"; `skip-verify` and `preferred` are Go's.
// `true` comes from drivers (node-postgres, mysql2, asyncpg) for which it means a verified server.
const modes: Readonly<Record<string, Mode>> = {
  disable: 'off',
  disabled: 'off',
  false: 'off',
  0: 'off',
  off: 'off',
  no: 'off',
  none: 'off',
  allow: 'prefer',
  prefer: 'prefer',
  preferred: 'prefer',
  require: 'require',
  required: 'require',
  'no-verify': 'require',
  'skip-verify': 'require',
  accept_invalid_certs: 'require',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
  'verify-identity': 'verify-full',
  strict: 'verify-full',
  true: 'verify-full',
  1: 'verify-full',
  on: 'verify-full',
  yes: 'verify-full',
}

const modeNames = ['sslmode', 'ssl-mode', 'ssl_mode', 'sslaccept', 'ssl', 'tls', 'usessl']
const caNames = ['sslrootcert', 'ssl-ca', 'ssl_ca', 'sslca', 'ssl_ca_certs']
const certNames = ['sslcert', 'ssl-cert', 'ssl_cert']
const keyNames = ['sslkey', 'ssl-key', 'ssl_key']

/** TLS as a URL's parameters ask for it; `prefer`, the clients' own default, where they do not. */
export function tlsOf(query: Readonly<Record<string, string>>, local: boolean): Tls {
  const root = first(query, caNames)
  const ca = root === 'system' ? undefined : root
  const files = { ca, cert: first(query, certNames), key: first(query, keyNames) }
  const asked = askedMode(query) ?? (root === 'system' ? 'verify-full' : undefined)
  const mode = asked ?? (ca === undefined ? 'prefer' : 'verify-ca')
  // libpq speaks no TLS over a Unix socket; and with a root certificate its `require` means `verify-ca`.
  if (local) return { mode: 'off' }
  return { mode: mode === 'require' && ca !== undefined ? 'verify-ca' : mode, ...given(files) }
}

function askedMode(query: Readonly<Record<string, string>>): Mode | undefined {
  const name = modeNames.find((one) => query[one] !== undefined)
  if (name === undefined) return undefined
  const value = (query[name] ?? '').toLowerCase().trim()
  if (value.startsWith('{')) return /"?rejectunauthorized"?\s*:\s*false/.test(value) ? 'require' : 'verify-full'
  // In JDBC `useSSL=true` does not verify.
  if (name === 'usessl' && modes[value] === 'verify-full') return 'require'
  const mode = Object.hasOwn(modes, value) ? modes[value] : modes[value.replaceAll('_', '-')]
  if (mode !== undefined) return mode
  throw new SqlmigError('bad-url', `the URL's parameter "${name}" has a value that is not known`, {
    remedy: 'use sslmode=disable, prefer, require, verify-ca or verify-full',
  })
}

function first(query: Readonly<Record<string, string>>, names: readonly string[]): string | undefined {
  return names.map((name) => query[name]).find((value) => value !== undefined && value !== '')
}

function given(files: { ca?: string | undefined; cert?: string | undefined; key?: string | undefined }): Partial<Tls> {
  return Object.fromEntries(Object.entries(files).filter(([, path]) => path !== undefined))
}
