import { type Html, html, nothing, withoutSecrets } from './html.ts'
import type { Box, Point } from './layout.ts'
import type { Mark } from './table-changes.ts'

/** A line of a table in a picture. */
export interface CardLine {
  readonly mark: Mark | 'note'
  readonly key: 'primary' | 'foreign' | undefined
  readonly name: string
  /** Stands at the right. */
  readonly detail: string
}

/** A table in a picture. */
export interface Card {
  readonly id: string
  readonly title: string
  readonly mark: Mark
  /** It is not known in full, and drawn so. */
  readonly uncertain: boolean
  readonly lines: readonly CardLine[]
}

const head = 30
const row = 20
const foot = 7
const letter = 7.3
const longestName = 34
/** Of what has nothing at its right. */
const longestLine = 64
const longestDetail = 26

export function boxOf({ id, title, lines }: Card): Box {
  const wide = (text: string, most: number) => Math.min(cells(text), most) * letter
  const widest = lines.map(
    ({ name, detail, mark }) =>
      wide(name, mostOf({ mark, detail })) + (detail === '' ? 0 : 14 + wide(detail, longestDetail)),
  )
  const width = Math.max(130, wide(title, 44) * 1.08 + 34, ...widest.map((text) => text + 46))
  return { id, width: Math.ceil(width), height: heightOf(lines.length) }
}

function mostOf({ mark, detail }: Pick<CardLine, 'mark' | 'detail'>): number {
  return mark === 'note' || detail === '' ? longestLine : longestName
}

export function heightOf(lines: number): number {
  return lines === 0 ? head : head + lines * row + foot
}

/** The middle of a line, from the top of the card. */
export function middleOf(line: number): number {
  return line < 0 ? head / 2 : head + line * row + row / 2 + 2
}

export function drawCard(card: Card, { x, y }: Point, { width, height }: Pick<Box, 'width' | 'height'>): Html {
  const kind = `card ${card.mark}${card.uncertain ? ' uncertain' : ''}`
  const lines = card.lines.map((line, at) => drawLine(line, at, width))
  return html`<g class="${kind}" transform="translate(${rounded(x)} ${rounded(y)})"><rect class="box" width="${width}" height="${height}" rx="7"/>${drawTitle(card, width)}${lines}</g>`
}

export function drawTitle({ title, mark }: Pick<Card, 'title' | 'mark'>, width: number): Html {
  const sign = signs[mark]
  const line = html`<path class="rule" d="M0 ${head}H${width}"/>`
  return html`<text class="name" x="12" y="20">${sign === '' ? '' : `${sign} `}${cut(title, 44)}</text>${line}`
}

const signs: Readonly<Record<CardLine['mark'], string>> = { same: '', added: '+', removed: '−', changed: '~', note: '' }

/**
 * @param timing attributes that say when it is there
 * @param state more classes
 */
export function drawLine(line: CardLine, at: number, width: number, timing: Html = nothing, state = ''): Html {
  const { mark, key, name, detail } = line
  const y = head + at * row + 16
  const back =
    mark === 'same' || mark === 'note'
      ? nothing
      : html`<rect x="1" y="${y - 14}" width="${width - 2}" height="${row}"/>`
  const sign = signs[mark] === '' ? nothing : html`<text x="9" y="${y}">${signs[mark]}</text>`
  const glyph = key === undefined ? nothing : html`<use href="#key-${key}" x="19" y="${y - 9}"/>`
  const most = mostOf(line)
  const text = html`<text x="${mark === 'note' ? 12 : 34}" y="${y}">${cut(name, most)}</text>`
  const right =
    detail === '' ? nothing : html`<text class="type" x="${width - 10}" y="${y}">${cut(detail, longestDetail)}</text>`
  const whole = isCut(name, most) || isCut(detail, longestDetail)
  const title = whole ? html`<title>${name} ${detail}</title>` : nothing
  return html`<g class="${mark}${state}"${timing}>${title}${back}${sign}${glyph}${text}${right}</g>`
}

/** How wide a text is in a font whose letters are all the same: Chinese and the like take two places. */
function cells(text: string): number {
  let count = 0
  for (const character of text) count += character.codePointAt(0)! >= 0x1100 ? 2 : 1
  return count
}

function isCut(text: string, most: number): boolean {
  return cells(text) > most
}

export function cut(whole: string, most: number): string {
  // a password that is cut off would not be known as one
  const text = withoutSecrets(whole)
  if (!isCut(text, most)) return text
  let kept = ''
  for (const character of text) {
    if (cells(kept + character) >= most) break
    kept += character
  }
  return `${kept}…`
}

export function rounded(number: number): number {
  return Math.round(number * 10) / 10
}

export interface Arrow {
  readonly from: { readonly at: Point; readonly box: Box; readonly line: number }
  readonly to: { readonly at: Point; readonly box: Box }
}

/** The way of an arrow from a line of a card to the head of another. */
export function arrowPath({ from, to }: Arrow): string {
  const y1 = from.at.y + middleOf(from.line)
  const y2 = to.at.y + middleOf(-1)
  const left = { from: from.at.x, to: to.at.x }
  const right = { from: from.at.x + from.box.width, to: to.at.x + to.box.width }
  if (left.from - right.to >= 20) return curve(left.from, y1, right.to + 1, y2, -1, -1)
  if (left.to - right.from >= 20) return curve(right.from, y1, left.to - 1, y2, 1, 1)
  // one above the other, or the same one
  const out = Math.max(right.from, right.to) + 26
  const [a, b, c, d] = [right.from, y1, right.to + 1, y2].map(rounded)
  return `M${a} ${b}C${rounded(out)} ${b} ${rounded(out)} ${d} ${c} ${d}`
}

function curve(x1: number, y1: number, x2: number, y2: number, leave: number, arrive: number): string {
  const bend = Math.min(90, Math.max(28, Math.abs(x2 - x1) / 2))
  const [a, b, c, d, e, f] = [x1, y1, x1 + leave * bend, x2 - arrive * bend, x2, y2].map(rounded)
  return `M${a} ${b}C${c} ${b} ${d} ${f} ${e} ${f}`
}
