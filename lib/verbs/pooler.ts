import { postgres } from '../dialects/postgres.ts'
import type { Session } from '../drivers/driver.ts'
import { ServerError } from '../drivers/driver.ts'
import type { Target } from '../drivers/target.ts'
import { SqlmigError } from '../errors.ts'

/** Parameters that a session without a pooler would have been started with, by their names in a URL. */
const settings: Readonly<Record<string, string>> = {
  search_path: 'search_path',
  schema: 'search_path',
  role: 'role',
  timezone: 'timezone',
  statement_timeout: 'statement_timeout',
  lock_timeout: 'lock_timeout',
}

/**
 * Makes sure that a pooler keeps a transaction together, and that what the URL asks for has reached the server.
 * @throws SqlmigError `unsupported`
 */
export async function checkPooler(session: Session, target: Target): Promise<void> {
  try {
    await session.exec(['BEGIN'])
  } catch (error) {
    if (error instanceof ServerError && /statement pooling/.test(error.message)) throw byStatement(error)
    throw error
  }
  const unheard: string[] = []
  for (const [name, value] of asked(target)) if (!(await holds(session, name, value))) unheard.push(name)
  await session.exec(['ROLLBACK'])
  if (unheard.length > 0) throw notPassedOn(unheard)
}

function asked({ parameters }: Target): [string, string][] {
  const given = Object.entries(parameters).flatMap(([name, value]): [string, string][] => {
    const setting = settings[name]
    return setting === undefined ? [] : [[setting, value]]
  })
  const options = parameters.options ?? ''
  const switches = options.matchAll(/(?:^|\s)(?:-c\s*|--)([\w.-]+)=((?:\\.|\S)*)/g)
  return [
    ...given,
    ...Array.from(switches, ([, name, value]): [string, string] => [
      name!.replaceAll('-', '_'),
      value!.replace(/\\(.)/g, '$1'),
    ]),
  ]
}

/** The server writes a setting its own way (5s, 5000): what it is now is compared with what it would become. */
async function holds(session: Session, name: string, value: string): Promise<boolean> {
  const setting = postgres.text(name)
  const [now] = await session.query(`SELECT pg_catalog.current_setting(${setting}, true) AS value`)
  const [then] = await session.query(`SELECT pg_catalog.set_config(${setting}, ${postgres.text(value)}, true) AS value`)
  return now?.value === then?.value
}

function byStatement(cause: ServerError): SqlmigError {
  return new SqlmigError(
    'unsupported',
    'the pooler gives each statement a session of its own: no transaction is possible',
    {
      state: 'nothing was run',
      remedy:
        'connect to PostgreSQL itself, or to a pool whose mode is transaction or session (pool_mode of PgBouncer)',
      server: cause.code,
      cause,
    },
  )
}

function notPassedOn(names: readonly string[]): SqlmigError {
  return new SqlmigError('unsupported', `the pooler does not pass on what the URL asks for: ${names.join(', ')}`, {
    state: 'nothing was run',
    remedy:
      'connect to PostgreSQL itself, or give the setting to the user (ALTER ROLE … SET …) and take it out of the URL',
  })
}
