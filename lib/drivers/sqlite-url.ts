import { SqlmigError } from '../errors.ts'
import { decode } from './percent.ts'
import type { Target } from './target.ts'

/** What follows `sqlite:`. With slashes the path is SQLAlchemy's: three are relative, four absolute. */
export function sqliteTarget(rest: string): Target {
  const [, location = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(rest) ?? []
  const path = pathOf(location)
  const memory = ['', ':memory:'].includes(path) || /(^|&)mode=memory(&|$)/.test(query)
  if (path === '' && location !== '//' && location !== '///') throw unusable('the sqlite URL names no file')
  return at(memory ? ':memory:' : path)
}

function pathOf(location: string): string {
  const [, slashes = '', rest = ''] = /^(\/*)(.*)$/s.exec(location) ?? []
  const named = slashes.length === 2 ? rest : location.replace(/^\/\/\//, '')
  if (slashes.length === 2 && !['', ':memory:'].includes(rest)) {
    throw unusable('"sqlite://" with two slashes would name a host, and SQLite has none')
  }
  // SQLAlchemy's URI form: sqlite:///file:path?uri=true
  return decode(named.replace(/^file:/, '')).trim()
}

function at(path: string): Target {
  return {
    dialect: 'sqlite',
    display: path === ':memory:' ? 'sqlite::memory:' : `sqlite:${path}`,
    database: path,
    host: undefined,
    port: undefined,
    socket: undefined,
    user: undefined,
    password: undefined,
    tls: { mode: 'off' },
    parameters: {},
  }
}

function unusable(message: string): SqlmigError {
  const remedy =
    'write sqlite:relative/path.db, sqlite:/absolute/path.db, or sqlite:///relative/path.db as in SQLAlchemy'
  return new SqlmigError('bad-url', message, { remedy })
}
