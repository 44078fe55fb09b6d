import type { RunEvent } from '../lib/index.ts'
import { humane } from '../lib/index.ts'
import { placeText } from './failure.ts'
import type { Paint } from './paint.ts'
import { pad } from './table.ts'
import { visible } from './width.ts'

const cells = 10

type ProgressEvent = Extract<RunEvent, { type: 'progress' | 'reading' }>

/** Of smaller files it is not worth telling how far they are, in bytes. */
const large = 1e6

/** How far a file got, by what was read of it: ███░… 37 %, 12 s left, 21 MB/s, 74 of 200 MB. */
export class FileProgress {
  private first: { readonly event: ProgressEvent; readonly at: number } | undefined

  /** @param now in milliseconds */
  text(event: ProgressEvent, now: number): string {
    const { first } = this
    if (event.id !== first?.event.id || event.type !== first.event.type || event.bytes < first.event.bytes)
      this.first = { event, at: now }
    const { bytes, total } = event
    if (total < large) return ''
    const share = Math.min(1, bytes / total)
    const parts = [`${bar(share)} ${Math.floor(share * 100)} %`]
    const since = this.first!
    const passed = now - since.at
    const done = bytes - since.event.bytes
    if (passed >= 500 && done > 0) {
      parts.push(`${humane(((total - bytes) * passed) / done)} left`, `${mega((done * 1000) / passed)} MB/s`)
    }
    return `${[...parts, `${mega(bytes)} of ${mega(total)} MB`].join(', ')},`
  }
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)
}

function bar(share: number): string {
  const full = Math.floor(share * cells)
  return '█'.repeat(full) + '░'.repeat(cells - full)
}

/** How far a statement got that runs in batches, what counts most first: ███░… 37 %, 1 min 43 s left, 61k rows/s, 3.7M of ~10M. */
export function batchText({ rows, total, perSecond, leftMs }: Extract<RunEvent, { type: 'batch' }>): string {
  const rate = `${short(perSecond)} rows/s`
  if (total === undefined) return `${short(rows)} rows, ${rate},`
  const share = Math.min(1, rows / total)
  const left = leftMs === undefined ? '' : ` ${humane(leftMs)} left,`
  return `${bar(share)} ${Math.floor(share * 100)} %,${left} ${rate}, ${short(rows)} of ~${short(total)},`
}

/** 940, 61k, 3.7M */
function short(number: number): string {
  const [size, unit] = number < 1e4 ? [1, ''] : number < 1e6 ? [1e3, 'k'] : [1e6, 'M']
  const value = number / size
  return `${value < 10 && size > 1 ? value.toFixed(1) : Math.round(value)}${unit}`
}

/** Tells what a run does as lines, one for each event that a person wants to hear of. */
export class EventLines {
  private idWidth = 0
  private readonly paint: Paint
  private readonly scrub: (text: string) => string

  constructor(paint: Paint, scrub: (text: string) => string) {
    this.paint = paint
    this.scrub = scrub
  }

  /** undefined where there is nothing to say. */
  line(event: RunEvent): string | undefined {
    const { paint } = this
    switch (event.type) {
      case 'connected':
        return `${paint.bold(visible(event.database))} ${paint.dim(`(${this.text(event.server)}, ${visible(event.from)})`)}`
      case 'plan':
        this.idWidth = Math.max(0, ...event.pending.map((id) => id.length))
        return undefined
      case 'start':
        if (event.resumedAt === undefined) return undefined
        return this.labelled(paint.yellow, 'resuming', `${event.id} at statement ${event.resumedAt}`)
      case 'applied':
        return this.labelled(paint.green, 'applied', this.timed(event.id, event.durationMs))
      case 'skipped':
        return this.labelled(
          paint.dim,
          'skipped',
          `statement ${event.statement} (${placeText(event.at)}), since this does not hold: ${this.text(event.why)}`,
        )
      case 'retry':
        return this.labelled(
          paint.yellow,
          'retry',
          `${event.id}: ${this.text(event.message)}; try ${event.attempt + 1} ${event.awaitsLock ? `when nobody is in the way, at the latest in ${humane(event.pauseMs)}` : `in ${humane(event.pauseMs)}`}`,
        )
      case 'waiting':
        return this.labelled(
          paint.yellow,
          'waiting',
          `for another sqlmig that is at work in this database${event.holder ? ` (${this.text(event.holder)})` : ''}`,
        )
      case 'note':
        return this.labelled(
          paint.cyan,
          'note',
          `${event.at ? `${placeText(event.at)}: ` : ''}${this.text(event.message)}`,
        )
      case 'reading':
      case 'progress':
      case 'batch':
        return undefined
    }
  }

  private timed(id: string, milliseconds: number): string {
    return `${pad(visible(id), this.idWidth)}  ${this.paint.dim(humane(milliseconds))}`
  }

  private text(text: string): string {
    return visible(this.scrub(text).replace(/\s*\n\s*/g, '; '))
  }

  private labelled(colour: (text: string) => string, label: string, text: string): string {
    return `  ${colour(label.padEnd(8))} ${text}`
  }
}
