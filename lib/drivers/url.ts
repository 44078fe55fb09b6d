import type { DialectName } from '../dialects/dialect-name.ts'
import { SqlmigError } from '../errors.ts'
import { anySpelling, decode, isShort } from './percent.ts'
import { sqliteTarget } from './sqlite-url.ts'
import type { Target } from './target.ts'
import { tlsOf } from './tls-parameters.ts'

const dialects: Readonly<Record<string, DialectName>> = {
  postgres: 'postgres',
  postgresql: 'postgres',
  mysql: 'mysql',
  mariadb: 'mysql',
  sqlite: 'sqlite',
}

/** Reads a database URL, SQLAlchemy's forms included; throws `bad-url`, never telling the password. */
export function parseUrl(url: string): Target {
  const text = url.trim()
  if (text === ':memory:') return sqliteTarget(text)
  // `postgresql+psycopg2`: the part after "+" is SQLAlchemy's choice of a Python driver.
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9]*)(?:\+[a-z0-9_]+)?:(.*)$/is.exec(text) ?? []
  const dialect = Object.hasOwn(dialects, scheme.toLowerCase()) ? dialects[scheme.toLowerCase()] : undefined
  if (dialect === undefined) throw unknownScheme(text, scheme)
  if (dialect === 'sqlite') return sqliteTarget(rest)
  return serverTarget(dialect, scheme.toLowerCase(), rest)
}

/** The text without the target's password: raw, percent-encoded, or in base64 alone or with the user before it. */
export function scrub(text: string, target: Target): string {
  const { user, password } = target
  // A password that equals a name shown anyway is not told by that name, and scrubbing it would make errors unreadable.
  if (!password || [target.user, target.database, target.host].includes(password)) return text
  const plain = text.replace(anySpelling(password), '***')
  if (isShort(password)) return plain
  const encoded = [password, `${user ?? ''}:${password}`].flatMap(inBase64)
  return encoded.reduce((left, form) => left.replaceAll(form, '***'), plain)
}

function inBase64(text: string): readonly string[] {
  const bytes = Buffer.from(text)
  return [bytes.toString('base64'), bytes.toString('base64url')]
}

/** A text that a person wrote, without the passwords of URLs that stand in it: up to the last "@", since they may hold one. */
export function withoutPasswords(text: string): string {
  return text.replace(/(\/\/[^\s:@/]*:)(?!\d*(?:[/\s]|$)).*@/g, '$1***@')
}

function serverTarget(dialect: DialectName, scheme: string, rest: string): Target {
  const parts = rest.startsWith('//') ? split(rest.slice(2)) : undefined
  if (parts === undefined) throw badUrl(`the ${scheme} URL cannot be read`, serverRemedy(scheme))
  const query = queryOf(parts.query)
  const host = decode(parts.host.replace(/^\[|\]$/g, '')) || query.host || query.hostaddr
  const socket = socketOf(query, host)
  const place = {
    host: socket === undefined ? (host ?? 'localhost') : undefined,
    port: portOf(parts.port || query.port),
    socket,
    user: decodeIn(parts.user) ?? query.user,
    database: decode(parts.database) || query.dbname || query.database || '',
  }
  const password = decodeIn(parts.password) ?? query.password ?? query.passwd
  const tls = tlsOf(query, socket !== undefined)
  return { dialect, ...place, password, tls, parameters: parametersOf(query), display: show(scheme, place) }
}

interface Parts {
  readonly user: string | undefined
  readonly password: string | undefined
  readonly host: string
  readonly port: string
  readonly database: string
  readonly query: string
}

// host, port, path and query; a query is told from a password's "?" by its well-formed names.
const place =
  /^(\[[^\]/?#@]*\]|[^:/?#@[\],\s]*)(?::(\d*))?(?:\/([^/?@]*)\/?)?(?:\?(|[\w.-]+(?:=[^&]*)?(?:&[\w.-]+(?:=[^&]*)?)*&?))?$/s

/**
 * As RFC 3986 section 3.2 has it where that gives a sensible host and path; else people forgot to encode their
 * password, and the separator is the last "@" that something sensible follows.
 */
function split(text: string): Parts | undefined {
  const authority = /^[^/?#]*/.exec(text)?.[0] ?? ''
  const standard = splitAt(text, authority.lastIndexOf('@'))
  if (standard !== undefined) return standard
  const separators = [...text.matchAll(/@/g)].map((match) => match.index).reverse()
  const found = separators.map((at) => splitAt(text, at)).filter((parts) => parts !== undefined)
  // An "@" in a parameter has no database after it.
  return found.find((parts) => parts.database !== '') ?? found[0]
}

function splitAt(text: string, at: number): Parts | undefined {
  const match = place.exec(text.slice(at + 1))
  if (match === null) return undefined
  const [, host = '', port = '', database = '', query = ''] = match
  const [, user, password] = at < 0 ? [] : (/^([^:]*)(?::(.*))?$/s.exec(text.slice(0, at)) ?? [])
  return { user: user || undefined, password, host, port, database, query }
}

function queryOf(text: string): Record<string, string> {
  const pairs = text.split('&').filter((pair) => pair !== '')
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? []
      return [name.toLowerCase(), decode(value.replaceAll('+', ' '))]
    }),
  )
}

function socketOf(query: Record<string, string>, host: string | undefined): string | undefined {
  const named = query.unix_socket ?? query.socket ?? query.socketpath ?? query.unix_sock
  if (named) return named
  return [query.host, host].find((name) => name?.startsWith('/'))
}

function portOf(text: string | undefined): number | undefined {
  if (!text) return undefined
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65536) return port
  throw badUrl('the URL names a port that is not between 1 and 65535', 'correct the port')
}

const consumed = /^(host|hostaddr|port|user|dbname|database|socket|unix_socket|unix_sock|socketpath)$/
const secret = /pass|pwd|secret|token|key|^ssl|^tls|^usessl/

function parametersOf(query: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([name]) => !consumed.test(name) && !secret.test(name)))
}

type Place = Pick<Target, 'host' | 'port' | 'socket' | 'user' | 'database'>

function show(scheme: string, { host, port, socket, user, database }: Place): string {
  const name = host?.includes(':') ? `[${host}]` : (host ?? '')
  const authority = `${user === undefined ? '' : `${encodeURIComponent(user)}@`}${name}${port ? `:${port}` : ''}`
  return `${scheme}://${authority}/${encodeURIComponent(database)}${socket === undefined ? '' : `?host=${socket}`}`
}

function decodeIn(text: string | undefined): string | undefined {
  return text === undefined ? undefined : decode(text)
}

function unknownScheme(text: string, scheme: string): SqlmigError {
  if (text === '') return badUrl('the database URL is empty', 'give a URL such as postgres://user@host/database')
  const known = 'postgres://, postgresql://, mysql://, mariadb://, sqlite:'
  if (scheme.length < 2) return badUrl('this is not a database URL', `start it with one of ${known}`)
  if (scheme.toLowerCase() === 'jdbc') return badUrl('JDBC URLs are not read', 'leave out "jdbc:"')
  return badUrl(`the URL's scheme "${scheme}" is not known`, `start it with one of ${known}`)
}

function serverRemedy(scheme: string): string {
  return (
    `write ${scheme}://user:password@host:port/database; in the user and the password write ` +
    '"@" as %40, ":" as %3A, "/" as %2F, "?" as %3F, "#" as %23 and "%" as %25'
  )
}

function badUrl(message: string, remedy: string): SqlmigError {
  return new SqlmigError('bad-url', message, { remedy })
}
