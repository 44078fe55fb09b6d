import { existsSync, rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { dialects } from '../dialects/dialects.ts'
import { ServerError } from '../drivers/driver.ts'
import { openSession } from '../drivers/open.ts'
import type { Target } from '../drivers/target.ts'
import { SqlmigError } from '../errors.ts'
import type { DatabaseOptions } from './context.ts'
import { targetOf } from './context.ts'

export interface WaitResult {
  readonly database: string
  readonly waited_ms: number
}

/** Pause between two tries, in milliseconds. */
const waitPause = 250

/**
 * Waits until the server answers; a database that does not exist yet is an answer too.
 * @param options.timeout in milliseconds; 60 s by default
 * @throws SqlmigError `connection` with the last reason when the time is over; `authentication` at once
 */
export async function wait(
  options: DatabaseOptions & { readonly timeout?: number | undefined } = {},
): Promise<WaitResult> {
  const { target } = targetOf(options)
  const start = Date.now()
  const deadline = start + (options.timeout ?? 60_000)
  for (;;) {
    const left = Math.max(1000, deadline - Date.now())
    const error = await refusal(target, Math.min(left, options.connectTimeout ?? 10_000))
    if (!error) return { database: target.display, waited_ms: Date.now() - start }
    if (error.code !== 'connection' || Date.now() + waitPause >= deadline) throw error
    await delay(waitPause, undefined, options.signal ? { signal: options.signal } : {})
  }
}

async function refusal(target: Target, connectTimeout: number): Promise<SqlmigError | undefined> {
  try {
    const session = await openSession(target, { readOnly: target.dialect !== 'sqlite', connectTimeout })
    await session.close()
    return undefined
  } catch (error) {
    if (!(error instanceof SqlmigError)) throw error
    return error.code === 'unknown-database' && target.dialect !== 'sqlite' ? undefined : error
  }
}

export interface CreateResult {
  readonly database: string
  /** False where it was there already. */
  readonly created: boolean
}

/** Makes the database itself, where it is not there. */
export async function createDatabase(options: DatabaseOptions = {}): Promise<CreateResult> {
  const { target } = targetOf(options)
  if (!dialects[target.dialect].databases) return createFile(target)
  if (await exists(target, options)) return { database: target.display, created: false }
  await maintain(target, options, dialects[target.dialect].databases!.create(named(target)))
  return { database: target.display, created: true }
}

async function createFile(target: Target): Promise<CreateResult> {
  const created = !existsSync(target.database)
  const session = await openSession(target, { readOnly: false, connectTimeout: 0 })
  await session.exec(['PRAGMA user_version = 0']) // a write makes the file
  await session.close()
  return { database: target.display, created }
}

export interface DropResult {
  readonly database: string
  /** False where there was none. */
  readonly dropped: boolean
}

/** Removes the database itself, with all that is in it. Whoever calls this has asked. */
export async function dropDatabase(options: DatabaseOptions = {}): Promise<DropResult> {
  const { target } = targetOf(options)
  const { databases } = dialects[target.dialect]
  if (!databases) return dropFile(target)
  if (!(await exists(target, options))) return { database: target.display, dropped: false }
  await maintain(target, options, databases.drop(named(target)))
  return { database: target.display, dropped: true }
}

function dropFile(target: Target): DropResult {
  const dropped = existsSync(target.database)
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(target.database + suffix, { force: true })
  return { database: target.display, dropped }
}

function named(target: Target): string {
  if (target.database) return target.database
  throw new SqlmigError('no-database', 'the URL names no database', { remedy: 'end it with the name: …/NAME' })
}

async function exists(target: Target, options: DatabaseOptions): Promise<boolean> {
  try {
    const session = await openSession(target, { readOnly: true, connectTimeout: options.connectTimeout ?? 10_000 })
    await session.close()
    return true
  } catch (error) {
    if (error instanceof SqlmigError && error.code === 'unknown-database') return false
    throw error
  }
}

export async function maintain(target: Target, options: DatabaseOptions, sql: string): Promise<void> {
  const session = await openSession(target, {
    readOnly: false,
    maintenance: true,
    connectTimeout: options.connectTimeout ?? 10_000,
  })
  try {
    await session.exec([sql])
  } catch (error) {
    if (!(error instanceof ServerError)) throw error
    throw new SqlmigError('statement', `the server refuses: ${error.message} (${error.code})`, {
      state: 'nothing was changed',
      remedy: 'see to what the message names (other sessions in the database, missing privileges), then run again',
      server: error.code,
      cause: error,
    })
  } finally {
    await session.close()
  }
}
