import { performance } from 'node:perf_hooks'

/** A batch is at most so many times larger, or smaller, than its directive says. */
const widest = 100

/** How large the next batch is, how fast the rows go by, and how long that will take yet. */
export class BatchPace {
  /** Rows of the range that was asked for last. */
  asked: number
  private readonly size: number
  private readonly target: number | undefined
  private wanted: number
  /** Rows of the batch under way. */
  private running = 0
  private before = 0
  private total: number | undefined
  private begun = 0
  private started = 0

  /** @param target milliseconds that a batch is to take */
  constructor(size: number, target: number | undefined) {
    this.size = size
    this.target = target
    this.asked = size
    this.wanted = size
  }

  /** @param before rows that are done already */
  begin(before: number, total: number | undefined): void {
    this.before = before
    this.total = total
    this.begun = performance.now()
  }

  /** The size of the range that is asked for now. */
  ask(): number {
    this.running = this.asked
    this.asked = this.wanted
    return this.asked
  }

  start(): void {
    this.started = performance.now()
  }

  /** A batch is done; one that had to wait for a lock tells nothing of its size. */
  took(waited: boolean): void {
    if (this.target === undefined || waited) return
    const milliseconds = Math.max(1, performance.now() - this.started)
    const factor = Math.min(2, Math.max(0.5, this.target / milliseconds))
    const least = Math.ceil(this.size / widest)
    this.wanted = Math.max(least, Math.min(this.size * widest, Math.round(this.running * factor)))
  }

  /** @param share of the keys that were to do when this run began, where they are numbers */
  progress(rows: number, share: number | undefined) {
    const seconds = Math.max(0.001, (performance.now() - this.begun) / 1000)
    const perSecond = (rows - this.before) / seconds
    const total = this.about(rows, share)
    const leftMs = total === undefined || perSecond === 0 ? undefined : ((total - rows) / perSecond) * 1000
    return { rows, total, perSecond, leftMs }
  }

  /** Statistics are old: where there are none, or more rows than they say, the keys tell, as if they had no gaps. */
  private about(rows: number, share: number | undefined): number | undefined {
    if (this.total !== undefined && this.total > rows) return this.total
    return share === undefined || share <= 0 ? undefined : this.before + Math.round((rows - this.before) / share)
  }
}
