/** Line and column of offsets. Code points beyond the BMP take two places in a JS string and one column. */
export class Lines {
  readonly #starts: number[] = [0]
  readonly #pairs: number[] = []

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1)
    if (!/[\ud800-\udbff]/.test(text)) return
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code >= 0xd800 && code < 0xdc00) this.#pairs.push(at)
    }
  }

  line(offset: number): number {
    return below(this.#starts, offset + 1)
  }

  column(offset: number, line: number): number {
    const start = this.#starts[line - 1] ?? 0
    if (this.#pairs.length === 0) return offset - start + 1
    return offset - start + 1 - (below(this.#pairs, offset) - below(this.#pairs, start))
  }
}

/** How many of the sorted numbers are below the limit. */
function below(sorted: readonly number[], limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < limit) low = middle + 1
    else high = middle
  }
  return low
}
