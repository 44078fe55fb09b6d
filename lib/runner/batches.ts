import { withSource } from '../chain/source-line.ts'
import { SqlmigError } from '../errors.ts'
import type { BatchDirective, Bound } from '../text/batches.ts'
import { boundsIn } from '../text/batches.ts'
import type { Lexis } from '../text/lexis.ts'
import type { Statement } from '../text/split.ts'
import { BatchKey, type KeyValues, type Range } from './batch-key.ts'
import { type BatchMark, markShown, readMark, writeMark } from './batch-mark.ts'
import { BatchPace } from './batch-pace.ts'
import { count } from './failure.ts'

import type { Journal } from './journal.ts'
import { type PlanStep, standsBefore } from './plan.ts'
import type { Run } from './run.ts'

/** A statement that runs in batches, and what the journal keeps before it and of it. */
export interface Batched {
  readonly statement: Statement
  readonly directive: BatchDirective
  readonly lexis: Lexis
  /** Hashes of the tokens up to the statement, and up to its end. */
  readonly before: string
  readonly through: string
}

type Next = Range | undefined

/**
 * Runs one statement range by range of a key. Each range is committed together with the journal's mark of it, and the
 * message that does so asks for the next range too: a batch costs one round trip, and where it is cut off, it and its
 * mark are there or are not. Nothing may be open in the journal.
 */
export class Batches {
  private readonly run: Run
  private readonly step: PlanStep
  private readonly journal: Journal
  private readonly batched: Batched
  private readonly bounds: readonly Bound[]
  private readonly pace: BatchPace
  private rows = 0
  private through: KeyValues | undefined
  /** Where this run began, for guesses at how much is left. */
  private first: number | undefined

  constructor(run: Run, step: PlanStep, journal: Journal, batched: Batched) {
    this.run = run
    this.step = step
    this.journal = journal
    this.batched = batched
    const { statement, directive, lexis } = batched
    this.bounds = boundsIn(statement.text, directive, lexis)
    this.pace = new BatchPace(directive.size, run.settings.batchTarget)
  }

  async go(): Promise<void> {
    const { statement } = this.batched
    this.refuseLoose()
    this.resume()
    const key = await this.key()
    this.pace.begin(this.rows, await this.estimate())
    let next = key.range(await this.ask(key))
    this.first = next && key.measure(next.from)
    let batches = 0
    for (; next; batches++) {
      const rows = next.full ? this.pace.asked : await this.rest(key)
      next = await this.batch(key, next, rows)
    }
    // no row was left where the last batch had thought to find some, or none at all
    if (this.journal.position.done < statement.ordinal) {
      this.journal.mark(this.done())
      await this.journal.send()
    }
    const { table } = this.batched.directive
    const message = `statement ${statement.ordinal}: ${count(this.rows, 'row')} of ${table.at(-1)!.text} in ${batches === 1 ? '1 batch' : `${batches} batches`}`
    this.run.emit({ type: 'note', message, at: this.at() })
  }

  /** Runs one range, and gives the next. */
  private async batch(key: BatchKey, range: Range, rows: number): Promise<Next> {
    const { journal, pace, batched } = this
    const { statement, directive } = batched
    const { sql, original } = key.bind(statement.text, this.bounds, range)
    const through = key.shown(range.to)
    journal.batch(sql, statement, {
      original,
      isLast: range.last,
      about: `in the batch of ${directive.text} from ${key.shown(range.from)} to ${through}`,
    })
    this.rows += rows
    this.through = range.to
    journal.mark(range.last ? this.done() : this.marked(through))
    if (!range.last) this.question(key)
    const { retries } = journal
    pace.start()
    const answer = await journal.send()
    pace.took(journal.retries > retries)
    this.run.emit({
      type: 'batch',
      id: this.step.file.id,
      statement: statement.ordinal,
      ...pace.progress(this.rows, this.share(key, range)),
    })
    return range.last ? undefined : key.range(answer)
  }

  private share(key: BatchKey, { to, end }: Range): number | undefined {
    const [first, now, last] = [this.first, key.measure(to), key.measure(end)]
    if (first === undefined || now === undefined || last === undefined || last <= first) return undefined
    return (now - first) / (last - first)
  }

  private question(key: BatchKey): void {
    const about = this.through
      ? `looking for the rows behind ${this.batched.directive.text} ${key.shown(this.through)}`
      : 'looking for its first rows'
    this.journal.question(key.next(this.through, this.pace.ask()), this.batched.statement, about)
  }

  private async ask(key: BatchKey): Promise<Awaited<ReturnType<Journal['send']>>> {
    this.question(key)
    return this.journal.send()
  }

  /** How many rows are left when they are fewer than a batch. */
  private async rest(key: BatchKey): Promise<number> {
    this.journal.question(key.count(this.through), this.batched.statement, 'counting its last rows')
    const [row] = await this.journal.send()
    return Number(row?.number ?? 0)
  }

  private done() {
    return { done: this.batched.statement.ordinal, running: null, prefix: this.batched.through }
  }

  private marked(shown: string) {
    const { statement, directive, before, through: tokens } = this.batched
    const mark: BatchMark = { by: directive.text, through: this.through!, shown, rows: this.rows, tokens }
    return { done: statement.ordinal - 1, running: null, prefix: before, batch: writeMark(mark) }
  }

  /** Goes on where a former run stopped. */
  private resume(): void {
    const { batch } = this.journal.position
    if (batch === undefined) return
    const mark = readMark(batch)
    const { statement, directive, through } = this.batched
    const { id, path } = this.step.file
    if (mark.by !== directive.text) throw otherKey(id, this.batched, mark, path)
    this.through = mark.through
    this.rows = mark.rows
    const edited =
      mark.tokens === through ? '' : '; it was edited since, and those rows are as its former text left them'
    const message = `statement ${statement.ordinal} goes on behind ${markShown(mark)}: ${count(mark.rows, 'row')} are done${edited}`
    this.run.emit({ type: 'note', message, at: this.at() })
  }

  private async key(): Promise<BatchKey> {
    const { directive, statement } = this.batched
    const { table, key } = directive
    this.journal.question(this.run.dialect.batches.inspect(table, key), statement, 'asking for its key')
    return BatchKey.of(this.run.dialect, directive, await this.journal.send(), this.step.file.path)
  }

  /** Statistics are a courtesy. */
  private async estimate(): Promise<number | undefined> {
    const query = this.run.dialect.batches.estimate(this.batched.directive.table)
    const rows = query === undefined ? [] : await this.run.session.query(query).catch(() => [])
    return rows[0]?.number === undefined ? undefined : Number(rows[0].number)
  }

  private refuseLoose(): void {
    const { statement, directive } = this.batched
    if (!this.run.loose.changedBy(statement)) return
    const error = new SqlmigError(
      'unsupported',
      'batches need tables whose rows can be rolled back, and this statement names one of another engine',
      {
        at: directive.place,
        remedy: 'convert the table to InnoDB, or run the statement without batch',
      },
    )
    throw withSource(error, this.step.file.path)
  }

  private at() {
    return { file: this.step.file.path, ...this.batched.statement.place }
  }
}

/** The error where a statement goes by another key than its batches that have run. */
export function otherKey(id: string, { statement, directive }: Batched, mark: BatchMark, path: string): SqlmigError {
  const { ordinal } = statement
  return new SqlmigError(
    'partial',
    `statement ${ordinal} of ${id} has run through ${markShown(mark)}, and goes by ${directive.text} now`,
    {
      at: { file: path, ...directive.place },
      state: standsBefore(ordinal),
      remedy: `put "by ${mark.by}" back and run "sqlmig up", or look at the database and say "sqlmig resolve ${id} --through ${ordinal - 1}" to begin the statement anew`,
    },
  )
}

/** The error where a statement is no longer there, or no longer in batches, of which some have run. */
export function noLongerBatched({ file }: PlanStep, ordinal: number, batch: string): SqlmigError {
  const mark = markShown(readMark(batch))
  return new SqlmigError(
    'partial',
    `statement ${ordinal} of ${file.id} has run in batches through ${mark}, and is not one that does now`,
    {
      at: { file: file.path },
      state: standsBefore(ordinal),
      remedy: `put the statement back ("sqlmig show ${file.id}" prints what ran) and run "sqlmig up", or look at the database and say "sqlmig resolve ${file.id} --through ${ordinal - 1}" to begin there anew`,
    },
  )
}
