import type { DialectName } from '../dialects/dialect-name.ts'
import type { Schema, Table } from '../schema/table.ts'
import { arrowPath, boxOf, type Card, type CardLine, drawLine, drawTitle, heightOf, rounded } from './card.ts'
import { svg } from './change-picture.ts'
import { type Html, html, nothing } from './html.ts'
import { type Box, type Link, layered, type Placed, type Point } from './layout.ts'
import { columnRows, keyLinks, shortType } from './rows.ts'

/** The schema at some moment, and the number of that moment. */
export interface Moment {
  readonly step: number
  readonly schema: Schema
}

/** A thing that is in the picture from one step on, up to another where it goes. */
interface Span<T> {
  readonly from: number
  readonly to: number | undefined
  readonly value: T
}

/**
 * One picture for all moments: a table stays where it is as long as there is one, and each part knows from which step to
 * which it is there. What is seen without a script is the last moment.
 */
export function historyPicture(moments: readonly Moment[], dialect: DialectName, label: string): Html {
  const last = moments.at(-1)?.step ?? 0
  const tables = versionsOf(moments)
  const cards = new Map(
    Array.from(tables, ([key, spans]) => [
      key,
      spans.map((span) => ({ ...span, value: cardOf(key, span.value, dialect) })),
    ]),
  )
  const boxes = new Map(Array.from(cards, ([key, spans]) => [key, largest(spans.map(({ value }) => boxOf(value)))]))
  const links = linkSpans(tables)
  const { at, width, height, whole } = arranged(
    [...boxes.values()],
    links.map(({ value }) => value),
    moments,
  )
  const place = (key: string) => ({ at: at.get(key)!, box: boxes.get(key)! })
  const arrows = links.flatMap(({ value, ...span }) => arrow(value, span, cards, place, last))
  const drawn = Array.from(cards, ([key, spans]) => table(spans, place(key), last))
  return svg({ width, height, whole, label, body: html`${arrows}${drawn}`, id: 'schema-picture' })
}

/** The tables that there are at the end, by themselves; below them those that are gone by then. */
function arranged(
  boxes: readonly Box[],
  links: readonly Link[],
  moments: readonly Moment[],
): Placed & { readonly whole: number } {
  const stays = ({ id }: Box) => Object.hasOwn(moments.at(-1)?.schema.tables ?? {}, id)
  const end = layered(boxes.filter(stays), links, 1090)
  const gone = layered(
    boxes.filter((box) => !stays(box)),
    links,
    1090,
  )
  const below = Array.from(gone.at, ([id, { x, y }]) => [id, { x, y: y + end.height + 48 }] as const)
  const whole = below.length === 0 ? end.height : end.height + 48 + gone.height
  return { at: new Map([...end.at, ...below]), width: Math.max(end.width, gone.width), height: end.height, whole }
}

/** The last moments, as many of them as one picture can hold: it has a place for each table that there ever was in them. */
export function lastMoments(moments: readonly Moment[], mostTables: number): readonly Moment[] {
  const seen = new Set<string>()
  for (let at = moments.length - 1; at >= 0; at--) {
    for (const key of Object.keys(moments[at]!.schema.tables)) seen.add(key)
    if (seen.size > mostTables) return moments.slice(Math.min(at + 1, moments.length - 1))
  }
  return moments
}

function versionsOf(moments: readonly Moment[]): ReadonlyMap<string, readonly Span<Table>[]> {
  const spans = new Map<string, Span<Table>[]>()
  let before: Schema['tables'] = {}
  for (const { step, schema } of moments) {
    const now = schema.tables
    for (const key of Object.keys(before)) if (now[key] !== before[key]) close(spans.get(key)!, step)
    for (const [key, value] of Object.entries(now)) {
      if (before[key] === value) continue
      const own = spans.get(key) ?? []
      spans.set(key, own)
      own.push({ from: step, to: undefined, value })
    }
    before = now
  }
  return spans
}

function close<T>(spans: Span<T>[], to: number): void {
  spans.push({ ...spans.pop()!, to })
}

function cardOf(key: string, table: Table, dialect: DialectName): Card {
  const foreign = new Set(keyLinks(table).flatMap(({ columns }) => columns))
  const lines = columnRows(table, dialect).map(
    ({ name, type, nullable, primary, unique }): CardLine => ({
      mark: 'same',
      key: primary ? 'primary' : foreign.has(name) ? 'foreign' : undefined,
      name,
      detail: `${shortType(type)}${nullable ? '?' : ''}${unique && !primary ? ' unique' : ''}`,
    }),
  )
  const doubt: readonly CardLine[] =
    table.unknown === undefined ? [] : [{ mark: 'note', key: undefined, name: 'not known in full', detail: '' }]
  return { id: key, title: key, mark: 'same', uncertain: table.unknown !== undefined, lines: [...lines, ...doubt] }
}

function largest(boxes: readonly Box[]): Box {
  const most = (of: (box: Box) => number) => Math.max(...boxes.map(of))
  return { id: boxes[0]!.id, width: most(({ width }) => width), height: most(({ height }) => height) }
}

interface NamedLink extends Link {
  readonly column: string
}

function linkSpans(tables: ReadonlyMap<string, readonly Span<Table>[]>): readonly Span<NamedLink>[] {
  return Array.from(tables).flatMap(([key, spans]) => {
    const versions = spans.map(({ from, to, value }) => ({
      from,
      to,
      value: keyLinks(value).map((link) => JSON.stringify([link.columns[0] ?? '', link.to])),
    }))
    const all = new Set(versions.flatMap(({ value }) => value))
    return [...all].flatMap((text) => {
      const [column, to] = JSON.parse(text) as [string, string]
      const there = versions.map((version) => ({ ...version, value: version.value.includes(text) ? text : undefined }))
      return runs(there).map((span) => ({ ...span, value: { from: key, to, column } }))
    })
  })
}

/** Versions that say the same one after the other are one; those that say nothing are left out. */
function runs<T extends string>(spans: readonly Span<T | undefined>[]): readonly Span<T>[] {
  const merged: Span<T>[] = []
  for (const { from, to, value } of spans) {
    const last = merged.at(-1)
    if (value === undefined) continue
    if (last && last.to === from && last.value === value) merged.splice(-1, 1, { ...last, to })
    else merged.push({ from, to, value })
  }
  return merged
}

type Place = (key: string) => { readonly at: Point; readonly box: Box }

/** The line that an arrow begins at may move: then it is drawn for each place. */
function arrow(
  { from, to, column }: NamedLink,
  span: Omit<Span<unknown>, 'value'>,
  cards: ReadonlyMap<string, readonly Span<Card>[]>,
  place: Place,
  last: number,
): readonly Html[] {
  if (!cards.has(to)) return []
  const versions = cards
    .get(from)!
    .filter((card) => card.from >= span.from && (span.to === undefined || card.from < span.to))
  const lines = versions.map((version) => ({
    ...version,
    value: String(version.value.lines.findIndex(({ name }) => name === column)),
  }))
  return runs(lines).map(({ value, ...own }) => {
    const path = arrowPath({ from: { ...place(from), line: Number(value) }, to: place(to) })
    return html`<path class="link${state(own, last)}"${timing(own)} d="${path}"/>`
  })
}

function table(spans: readonly Span<Card>[], { at: { x, y }, box }: ReturnType<Place>, last: number): Html {
  const first = spans[0]!.value
  const frames = runs(
    spans.map((span) => ({ ...span, value: `${span.value.lines.length} ${span.value.uncertain}` })),
  ).map(({ value, ...span }) => {
    const [lines, uncertain] = value.split(' ')
    const kind = `box${uncertain === 'true' ? ' uncertain' : ''}${state(span, last)}`
    return html`<rect class="${kind}"${timing(span)} width="${box.width}" height="${heightOf(Number(lines))}" rx="7"/>`
  })
  const there = runs(spans.map((span) => ({ ...span, value: 'there' })))
  const titles = there.map(
    (span) => html`<g class="title${state(span, last)}"${timing(span)}>${drawTitle(first, box.width)}</g>`,
  )
  const steps = spans.map(({ from }) => from).join(' ')
  const touched = spans.some(({ from }) => from === last) && last > 0 ? ' touched' : ''
  return html`<g class="card same${touched}" data-c="${steps}" transform="translate(${rounded(x)} ${rounded(y)})">${frames}${titles}${rows(spans, box, last)}</g>`
}

function rows(spans: readonly Span<Card>[], { width }: Box, last: number): readonly Html[] {
  const most = Math.max(...spans.map(({ value }) => value.lines.length))
  return Array.from({ length: most }, (_, at) => {
    const texts = spans.map((span) => ({
      ...span,
      value: span.value.lines[at] && JSON.stringify(span.value.lines[at]),
    }))
    return runs(texts).map(({ value, ...span }) => {
      const line = JSON.parse(value) as CardLine
      const isNew = isNewLine(value, span.from, spans)
      return drawLine(
        line,
        at,
        width,
        html`${timing(span)}${isNew ? html` data-n` : nothing}`,
        state(span, last, isNew),
      )
    })
  }).flat()
}

/** A line that only moves up is not new; nor are those of a new table, which is marked itself. */
function isNewLine(text: string, from: number, spans: readonly Span<Card>[]): boolean {
  const before = spans.find(({ to }) => to === from)
  return !(before?.value.lines.some((line) => JSON.stringify(line) === text) ?? true)
}

function timing({ from, to }: Omit<Span<unknown>, 'value'>): Html {
  return html`${from === 0 ? nothing : html` data-f="${from}"`}${to === undefined ? nothing : html` data-t="${to}"`}`
}

/** Whether it is seen at the last step, and new there. */
function state({ from, to }: Omit<Span<unknown>, 'value'>, last: number, canBeNew = false): string {
  if (to !== undefined) return ' off'
  return canBeNew && from === last ? ' new' : ''
}
