import { cellsOf, visible } from './width.ts'

interface Cell {
  readonly text: string
  readonly width: number
}

const tabStop = 4

/**
 * A source line with a caret under a column, in two lines, cut around the caret where it is wider than the terminal.
 * @param column in code points, from 1
 */
export function codeFrame(source: string, line: number, column: number | undefined, width: number): string[] {
  const number = String(line).padStart(3)
  const room = Math.max(20, width - number.length - 5)
  const cells = cellsIn(source.replace(/\r?\n?$/, ''))
  const caret = cells.slice(0, (column ?? 1) - 1).reduce(sum, 0)
  const cut = cutAround(cells, caret, room)
  const framed = `  ${number} │ ${cut.text}`.trimEnd()
  if (column === undefined) return [framed]
  return [framed, `  ${' '.repeat(number.length)} │ ${' '.repeat(cut.caret)}^`]
}

function cellsIn(source: string): Cell[] {
  let at = 0
  return Array.from(source, (character) => {
    const cell = cell1(character, at)
    at += cell.width
    return cell
  })
}

function cell1(character: string, at: number): Cell {
  if (character === '\t') {
    const width = tabStop - (at % tabStop)
    return { text: ' '.repeat(width), width }
  }
  const text = visible(character)
  return { text, width: text === character ? cellsOf(character) : text.length }
}

function sum(total: number, cell: Cell): number {
  return total + cell.width
}

/** The part of a line that has the caret in it, with … where something is left out. */
function cutAround(cells: readonly Cell[], caret: number, room: number): { text: string; caret: number } {
  const total = cells.reduce(sum, 0)
  if (Math.max(total, caret + 1) <= room) return { text: cells.map(({ text }) => text).join(''), caret }
  const from = Math.max(0, Math.min(caret - Math.floor(room / 2), total + 1 - room))
  let at = 0
  let [text, before] = ['', 0]
  for (const cell of cells) {
    const end = at + cell.width
    // a place at either end is kept for the …
    const fits = at >= from + (from > 0 ? 1 : 0) && end <= from + room - 1
    if (fits) text += cell.text
    if (fits && end <= caret) before += cell.width
    at = end
  }
  const [left, right] = [from > 0 ? '…' : '', total > from + room - 1 ? '…' : '']
  return { text: left + text + right, caret: left.length + before }
}
