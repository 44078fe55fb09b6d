import type { AppliedMigration, RunEvent, UpOptions, UpResult } from '../lib/index.ts'
import { humane, MigrationError, parseUrl, up as runUp, SqlmigError } from '../lib/index.ts'
import type { Call } from './call.ts'
import { abortable } from './interrupt.ts'
import { spareMemory } from './memory.ts'
import type { Flags } from './options.ts'
import { databaseOptions, duration, on, text, usage, whole } from './options.ts'
import type { Document } from './report.ts'

/** `up`: a line for each migration, and the account of it whether it ends well or not. */
export async function up({ flags, report }: Call): Promise<number> {
  const options = upOptions(flags)
  const account = new Account(options.dryRun ?? false)
  const onEvent = (event: RunEvent): void => {
    account.heard(event)
    spareMemory(event)
    report.heard(event)
  }
  const started = Date.now()
  report.working('connecting')
  try {
    const stopping = () => report.urgent('stopping after the current statement is rolled back…')
    const result = await abortable(stopping, (signal) => runUp({ ...options, signal, onEvent }))
    for (const line of closing(result, Date.now() - started)) report.line(line)
    report.document({ ...result })
    return 0
  } catch (error) {
    if (!(error instanceof SqlmigError) || !account.connected) throw error
    return report.error(error, account.failed(error, report.scrubbed(error.message)))
  }
}

function upOptions(flags: Flags): UpOptions {
  const given = {
    lockWait: duration(flags, 'lock-wait'),
    lockTimeout: duration(flags, 'lock-timeout'),
    lockRetries: whole(flags, 'lock-retries', 0),
    batchTarget: batchTarget(flags),
  }
  return {
    ...databaseOptions(flags),
    to: text(flags, 'to'),
    steps: whole(flags, 'steps', 1),
    dryRun: on(flags, 'dry-run'),
    atomic: on(flags, 'atomic'),
    outOfOrder: on(flags, 'out-of-order'),
    blockingSql: on(flags, 'verbose'),
    ...(given.lockWait === undefined ? {} : { lockWait: given.lockWait }),
    ...(given.lockTimeout === undefined ? {} : { lockTimeout: given.lockTimeout }),
    ...(given.batchTarget === undefined ? {} : { batchTarget: given.batchTarget }),
    ...(given.lockRetries === undefined ? {} : { lockRetries: given.lockRetries }),
  }
}

function batchTarget(flags: Flags): number | undefined {
  const milliseconds = duration(flags, 'batch-target')
  if (milliseconds === 0)
    throw usage('--batch-target takes a duration, not nothing', 'for example: --batch-target 500ms')
  return milliseconds
}

function closing({ applied, pending, dry_run }: UpResult, milliseconds: number): string[] {
  if (dry_run && pending.length > 0) {
    return [
      ...pending.map((id) => `  pending  ${id}`),
      `${migrations(pending.length)} would be applied; nothing was run`,
    ]
  }
  if (applied.length === 0) return ['nothing to apply']
  return [`${migrations(applied.length)} applied in ${humane(milliseconds)}`]
}

function migrations(count: number): string {
  return `${count} ${count === 1 ? 'migration' : 'migrations'}`
}

/** What became of a run, heard from its events: a run that fails gives nothing else. */
class Account {
  connected = false
  private database = ''
  private readonly applied: AppliedMigration[] = []
  private pending: readonly string[] = []
  private readonly dryRun: boolean

  constructor(dryRun: boolean) {
    this.dryRun = dryRun
  }

  heard(event: RunEvent): void {
    if (event.type === 'connected') {
      this.connected = true
      this.database = event.database
    } else if (event.type === 'plan') this.pending = event.pending
    else if (event.type === 'applied') {
      const { id, statements, durationMs, rows } = event
      this.applied.push({ id, statements, duration_ms: durationMs, rows })
      this.pending = this.pending.filter((other) => other !== id)
    }
  }

  /** The document of a run that failed; the report adds the error itself. */
  failed(error: SqlmigError, message: string): Document {
    const { database, applied, pending, dryRun } = this
    const { dialect } = parseUrl(database)
    return { database, dialect, applied, pending, failed: failedFields(error, message), dry_run: dryRun }
  }
}

function failedFields(error: SqlmigError, message: string): Document {
  const { at, code, server } = error
  const migration = error instanceof MigrationError ? error : undefined
  return {
    id: migration?.id ?? null,
    file: at?.file ?? null,
    line: at?.line ?? null,
    column: at?.column ?? null,
    statement: migration?.statement ?? null,
    code: server ?? code,
    message,
  }
}
