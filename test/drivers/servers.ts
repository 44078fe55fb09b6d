import type { OpenOptions, Session } from '../../lib/drivers/driver.ts'
import { ServerError } from '../../lib/drivers/driver.ts'
import { openSession } from '../../lib/drivers/open.ts'
import type { Target } from '../../lib/drivers/target.ts'
import { parseUrl } from '../../lib/drivers/url.ts'
import { SqlmigError } from '../../lib/errors.ts'

export const writing: OpenOptions = { readOnly: false, connectTimeout: 10_000 }
export const reading: OpenOptions = { readOnly: true, connectTimeout: 10_000 }

/** The server that an environment variable names; says loudly where none is. */
export function server(variable: string, what: string): Target | undefined {
  const url = process.env[variable]
  if (url) return parseUrl(url)
  console.log(`NOT TESTED: ${what} (${variable} is not set)`)
  return undefined
}

/** A database of this test's own on that server. */
export async function ownDatabase(target: Target, name: string): Promise<Target & { drop(): Promise<void> }> {
  const database = `${name}_${process.pid}`
  const ask = async (sql: string) => {
    const session = await openSession(target, { ...writing, maintenance: true })
    await session.exec([sql]).finally(() => session.close())
  }
  await ask(`DROP DATABASE IF EXISTS ${database}`)
  await ask(`CREATE DATABASE ${database}`)
  return { ...target, database, drop: () => ask(`DROP DATABASE IF EXISTS ${database}`) }
}

export async function serverError(work: Promise<unknown>): Promise<ServerError> {
  const error = await failure(work)
  if (error instanceof ServerError) return error
  throw new Error('a ServerError was expected', { cause: error })
}

export async function sqlmigError(work: Promise<unknown>): Promise<SqlmigError> {
  const error = await failure(work)
  if (error instanceof SqlmigError) return error
  throw new Error('a SqlmigError was expected', { cause: error })
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('the work was expected to fail')
}

export async function withSession<T>(target: Target, options: OpenOptions, work: (session: Session) => Promise<T>) {
  const session = await openSession(target, options)
  return work(session).finally(() => session.close())
}
