import { hasDirective } from '../chain/examine.ts'
import { ownPragma } from './foreign-keys.ts'
import type { Unit } from './messages.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'

/** How long migrations go into one transaction, in milliseconds: it keeps other writers waiting, and a crash takes all of it. */
const longest = 200
/** A file of more bytes has a transaction of its own. */
const largestFile = 64 * 1024
/** In a database of fewer bytes no statement takes long, unless it makes its own rows. */
const smallDatabase = 8 * 1024 * 1024

/** A transaction that migrations have in common, each with its savepoint, where it is the COMMIT that takes the time. */
export class SharedTransaction {
  /** Migrations in it that are whole. */
  whole = 0
  private readonly run: Run
  private readonly apart: boolean
  /** By the client's clock, in milliseconds. */
  private since: number | undefined
  /** The migration at hand shares it with none. */
  private isOwn = false
  /** The migration at hand has its savepoint. */
  private isSaved = false

  /** @param apart each migration has one of its own */
  constructor(run: Run, apart: boolean) {
    this.run = run
    this.apart = apart
  }

  get isOpen(): boolean {
    return this.since !== undefined
  }

  /** True where another one has to be opened for a migration. */
  async endsBefore(step: PlanStep): Promise<boolean> {
    this.isOwn = this.apart || wantsItsOwn(step) || (await this.mayTakeLong(step))
    return !this.isOpen || this.isOwn
  }

  /** True where no other migration is to come into it. */
  get isDue(): boolean {
    return this.isOwn || Date.now() - this.since! >= longest
  }

  opened(at: number): void {
    this.since = at
  }

  closed(): void {
    this.since = undefined
  }

  /** Follows what took effect. */
  follow(units: readonly Unit[]): void {
    for (const { role } of units) {
      if (role === 'savepoint') this.isSaved = true
      else if (role === 'commit') this.whole = 0
      else if (role === 'release') {
        this.isSaved = false
        this.whole++
      }
    }
  }

  /**
   * Commits the migrations that are whole, after one that failed. False where they are lost with it: `ON CONFLICT ROLLBACK`,
   * `RAISE(ROLLBACK)` and a full disk end all of a transaction.
   */
  async keep(): Promise<boolean> {
    const { session, dialect } = this.run
    const { savepoint, commit } = dialect.transaction
    if (!savepoint || !session.inTransaction?.()) return false
    try {
      await session.exec([...(this.isSaved ? [savepoint.rollback, savepoint.release] : []), commit])
      return true
    } catch {
      return false
    }
  }

  /** What others have done is not to wait for a migration that takes its time. */
  private async mayTakeLong({ file }: PlanStep): Promise<boolean> {
    if (file.size > largestFile || file.pace === 'open') return true
    if (file.pace === 'quick') return false
    const { session, dialect } = this.run
    const [told] = await session.query(dialect.transaction.savepoint!.size)
    return Number(told?.bytes) > smallDatabase
  }
}

/** True where the migration needs what is to be had only before a transaction, or a time-out of its own. */
function wantsItsOwn(step: PlanStep): boolean {
  return ownPragma(step) !== undefined || hasDirective(step.file, 'lock-timeout')
}
