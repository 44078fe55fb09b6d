import type { RunEvent, SqlmigError } from '../lib/index.ts'
import { batchText, EventLines, FileProgress } from './events.ts'
import type { Showing } from './failure.ts'
import { failureFields, failureLines } from './failure.ts'
import type { Flags } from './options.ts'
import { isTerminal, print, tell, terminal } from './output.ts'
import type { Paint } from './paint.ts'
import { painter, wantsColour } from './paint.ts'
import { Progress } from './progress.ts'
import { visible, visibleLine } from './width.ts'

export type Document = Readonly<Record<string, unknown>>

/** Everything that a command shows goes through here. */
export class Report {
  /** For the lines of text that tell what happens. */
  readonly paint: Paint
  readonly json: boolean
  private readonly quiet: boolean
  private readonly toStderr: boolean
  private readonly onError: Paint
  private readonly progress = new Progress(terminal)
  private readonly files = new FileProgress()
  private readonly events: EventLines
  private scrub: (text: string) => string = (text) => text

  /** @param data stdout is kept for what was asked for, and all else goes to stderr: for SQL, ids, texts */
  constructor(flags: Flags, data: boolean) {
    this.json = flags.json === true
    this.quiet = flags.quiet === true
    this.toStderr = this.json || data
    const colour = flags.color !== false
    this.onError = painter(wantsColour(terminal, process.env, colour))
    this.paint = this.toStderr ? this.onError : painter(wantsColour({ isTTY: isTerminal(1) }, process.env, colour))
    this.events = new EventLines(this.paint, (text) => this.scrub(text))
  }

  /** From now on this is taken out of all texts that come from a driver. */
  hide(scrub: (text: string) => string): void {
    this.scrub = scrub
  }

  /** A driver's text as it may be shown. */
  scrubbed(text: string): string {
    return this.scrub(text)
  }

  working(label: string): void {
    if (!this.quiet) this.progress.start(label)
  }

  heard(event: RunEvent): void {
    const line = this.events.line(event)
    if (line !== undefined) this.line(line)
    if (event.type === 'start') this.working(visible(event.id))
    if (event.type === 'waiting') this.working('waiting')
    if (event.type === 'batch') this.progress.update(batchText(event))
    if (event.type === 'reading') this.working(`reading ${visible(event.id)}`)
    if (event.type === 'progress' || event.type === 'reading') this.progress.update(this.files.text(event, Date.now()))
  }

  /** A line that tells what happens. */
  line(text: string): void {
    if (this.quiet) return
    this.progress.erase()
    if (this.toStderr) tell(text)
    else print(text)
  }

  /** What was found wrong: the lines of a command that succeeds in failing. */
  findings(lines: readonly string[]): void {
    for (const text of lines) {
      if (this.quiet) this.urgent(text)
      else this.line(text)
    }
  }

  /** A line that a person has to see whatever else is hidden. */
  urgent(text: string): void {
    this.progress.erase()
    tell(text)
  }

  /** What was asked for, for a pipe; with `--json` it is in the document. */
  data(text: string): void {
    this.progress.stop()
    if (this.json || text === '') return
    // a file may hold escape sequences: a pipe gets them as they are, a terminal does not obey them
    print(isTerminal(1) ? text.split('\n').map(visibleLine).join('\n') : text)
  }

  document(document: Document): void {
    this.progress.stop()
    if (this.json) print(JSON.stringify(document))
  }

  /**
   * Tells an error, and gives the exit code.
   * @param around the rest of the document that `--json` prints
   */
  error(error: SqlmigError, around: Document = {}): number {
    this.progress.stop()
    const showing: Showing = {
      paint: this.onError,
      width: (terminal.isTTY && terminal.columns) || 120,
      scrub: this.scrub,
    }
    for (const line of failureLines(error, showing)) tell(line)
    this.document({ ...around, error: failureFields(error, this.scrub) })
    return error.exit
  }

  /** An error that nobody foresaw. */
  bug(error: unknown): number {
    this.progress.stop()
    const message = this.scrub(error instanceof Error ? error.message : String(error))
    const debug = process.env.SQLMIG_DEBUG === '1'
    const remedy = `this is a mistake in sqlmig: please report it${debug ? '' : ' with what SQLMIG_DEBUG=1 adds to this message'}`
    tell(`${this.onError.red(this.onError.bold('error:'))} ${visible(message)}`)
    tell(`  ${this.onError.cyan('hint:')} ${remedy}`)
    if (debug && error instanceof Error) tell(this.scrub(error.stack ?? ''))
    const empty = { file: null, line: null, column: null, state: null }
    this.document({ error: { code: 'bug', message, ...empty, remedy, server: null } })
    return 1
  }

  end(): void {
    this.progress.stop()
  }
}
