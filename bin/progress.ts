import { humane } from '../lib/index.ts'

/** Milliseconds before anything is shown: what is quick needs no progress. */
const patience = 1000
/** Milliseconds between two pictures. */
const often = 100
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** What a stream has to have for it. */
interface Stream {
  readonly isTTY?: boolean
  readonly columns: number
  write(text: string): unknown
}

/** One line on a terminal that tells what takes so long, and leaves no trace. */
export class Progress {
  private readonly stream: Stream
  private timer: NodeJS.Timeout | undefined
  private label = ''
  private detail = ''
  private since = 0
  private turn = 0
  private drawn = 0
  private shown = false

  constructor(stream: Stream) {
    this.stream = stream
  }

  start(label: string): void {
    if (!this.stream.isTTY || (this.timer && label === this.label)) return
    this.label = label
    this.detail = ''
    this.since = Date.now()
    this.timer ??= setInterval(() => this.draw(), often).unref()
  }

  update(detail: string): void {
    this.detail = detail
    // a driver that never waits lets no timer run
    if (Date.now() - this.drawn >= often) this.draw()
  }

  /** Makes room for a line of text. */
  erase(): void {
    if (this.shown) this.stream.write('\r\x1b[K')
    this.shown = false
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.erase()
  }

  private draw(): void {
    this.drawn = Date.now()
    const elapsed = this.drawn - this.since
    if (!this.timer || elapsed < patience) return
    this.turn = (this.turn + 1) % frames.length
    const text = [frames[this.turn], this.label, this.detail, humane(elapsed)].filter(Boolean).join(' ')
    this.stream.write(`\r\x1b[K${text.slice(0, (this.stream.columns || 80) - 1)}`)
    this.shown = true
  }
}
