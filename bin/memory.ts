import { setFlagsFromString } from 'node:v8'
import type { RunEvent } from '../lib/index.ts'

/** Of smaller files the garbage is not worth a thought. */
const large = 8e6
let isSpared = false

/**
 * While a big file goes through, V8 would let garbage grow to four times of what is in use before it looks for it in old
 * memory. Asked to mind the size it looks earlier, which costs little where next to nothing is in use. It heeds this flag
 * whenever it computes the next limit, so that it can be set late.
 */
export function spareMemory(event: RunEvent): void {
  if (isSpared || (event.type !== 'progress' && event.type !== 'reading') || event.total < large) return
  isSpared = true
  setFlagsFromString('--optimize-for-size')
}
