import { displayWidth } from './width.ts'

/** Rows of cells as lines, each column as wide as its widest cell; nothing trails. */
export function columns(rows: readonly (readonly string[])[], gap = '  '): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, displayWidth(cell))
  }
  return rows.map((row) =>
    row
      .map((cell, index) => pad(cell, widths[index]!))
      .join(gap)
      .trimEnd(),
  )
}

export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}
