import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { SqlmigError } from '../errors.ts'

/** Where a database's URL can come from. */
export interface UrlSources {
  /** `--database` */
  readonly database?: string | undefined
  /** `--env-file`; by default `.env` in the working folder, where there is one. */
  readonly envFile?: string | undefined
  readonly env?: Readonly<Record<string, string | undefined>>
}

export interface FoundUrl {
  readonly url: string
  /** For people: `--database`, `DATABASE_URL in .env`, … */
  readonly from: string
}

/**
 * Finds the database's URL: `--database`, else DATABASE_URL, else POSTGRES_URL or MYSQL_URL; the environment wins over
 * the file. There is no other fallback.
 * @throws SqlmigError `no-database`, `file-access`
 */
export function findUrl(sources: UrlSources): FoundUrl {
  const found = findNamedUrl(sources)
  if (found) return found
  throw new SqlmigError('no-database', 'no database is named', {
    remedy:
      'give --database URL, or set DATABASE_URL in the environment or in .env (postgres://, mysql://, sqlite:FILE)',
  })
}

/**
 * The same, or undefined where none is named anywhere.
 * @throws SqlmigError `no-database` where two are; `file-access`
 */
export function findNamedUrl(sources: UrlSources): FoundUrl | undefined {
  if (sources.database) return { url: sources.database, from: '--database' }
  const { env = process.env, envFile } = sources
  const file = readEnvFile(envFile)
  const find = (name: string): FoundUrl | undefined => {
    if (env[name]) return { url: env[name], from: `${name} in the environment` }
    return file[name] ? { url: file[name], from: `${name} in ${envFile ?? '.env'}` } : undefined
  }
  return find('DATABASE_URL') ?? single(find('POSTGRES_URL'), find('MYSQL_URL'))
}

function single(postgres: FoundUrl | undefined, mysql: FoundUrl | undefined): FoundUrl | undefined {
  if (!postgres || !mysql) return postgres ?? mysql
  throw new SqlmigError('no-database', `two databases are named: ${postgres.from} and ${mysql.from}`, {
    remedy: 'say which one with --database URL or DATABASE_URL',
  })
}

function readEnvFile(name: string | undefined): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(name ?? '.env', 'utf8'))
  } catch (cause) {
    if (name === undefined && (cause as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new SqlmigError(
      'file-access',
      `the file "${name ?? '.env'}" cannot be read: ${(cause as NodeJS.ErrnoException).code}`,
      {
        remedy: 'name a file that can be read with --env-file',
        cause,
      },
    )
  }
}
