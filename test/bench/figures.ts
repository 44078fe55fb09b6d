/** What is made of measurements: medians, spreads, ratios, and tables for a README. */

export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** Of an even number of values the mean of the two in the middle. */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('nothing was measured')
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
  return { median, least: sorted[0]!, most: sorted.at(-1)! }
}

/** Three digits that say something: 0.0412, 1.25, 34.8, 1203. */
export function figure(value: number): string {
  if (value === 0) return '0'
  const before = Math.floor(Math.log10(Math.abs(value))) + 1
  return value.toFixed(Math.min(4, Math.max(0, 3 - before)))
}

/** `least–most`; nothing where there is but one value. */
export function range({ least, most }: Spread): string {
  return least === most ? '' : `${figure(least)}–${figure(most)}`
}

/** A Markdown table; numbers stand at the right of their columns. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return [line(head), `|${rule.join('|')}|`, ...rows.map(line)].join('\n')
}
