import { arrowPath, boxOf, type Card, type CardLine, drawCard } from './card.ts'
import { type Html, html, nothing } from './html.ts'
import { layered } from './layout.ts'
import { counted } from './names.ts'
import { shortType } from './rows.ts'
import type { Mark, MarkedColumn, TableChange } from './table-changes.ts'

/** More tables than this are a list. */
export const mostTables = 40

/** What one migration does to the tables: those that it touches, and by name those that its new keys refer to. */
export function changePicture(changes: readonly TableChange[]): Html {
  const own = new Set(changes.map(({ key }) => key))
  const links = changes.flatMap(({ key, links: all, mark }) =>
    all.filter((link) => link.mark !== 'same' || own.has(link.to)).map((link) => ({ from: key, ...link, whole: mark })),
  )
  const strangers = [...new Set(links.map(({ to }) => to))].filter((key) => !own.has(key))
  const cards = [...changes.map(cardOf), ...strangers.map(strangerOf)]
  if (cards.length > mostTables) return changeList(changes)
  const boxes = new Map(cards.map((card) => [card.id, boxOf(card)]))
  const { at, width, height } = layered([...boxes.values()], links, 1040)
  const arrows = links.flatMap((link) => {
    const [from, to] = [at.get(link.from), at.get(link.to)]
    if (!from || !to) return []
    const line = lineOf(cards.find(({ id }) => id === link.from)!, link.columns[0])
    const path = arrowPath({
      from: { at: from, box: boxes.get(link.from)!, line },
      to: { at: to, box: boxes.get(link.to)! },
    })
    return [
      html`<path class="link ${link.whole === 'added' && link.mark === 'added' ? 'same' : link.mark}" d="${path}"/>`,
    ]
  })
  const drawn = cards.map((card) => drawCard(card, at.get(card.id)!, boxes.get(card.id)!))
  return svg({ width, height, label: `${summary(changes)}.`, body: html`${arrows}${drawn}` })
}

export interface Drawing {
  readonly width: number
  readonly height: number
  /** How high it is at other moments; without a script it is never so. */
  readonly whole?: number
  readonly label: string
  readonly body: Html
  readonly id?: string
}

/** A picture in a box of its own that scrolls where it is wider than the page. */
export function svg({ width, height, whole = height, label, body, id }: Drawing): Html {
  const [w, h] = [Math.ceil(width) + 36, Math.ceil(height) + 4]
  const named = id === undefined ? nothing : html` id="${id}" data-low="${h}" data-high="${Math.ceil(whole) + 4}"`
  return html`<div class="picture" tabindex="0" role="group" aria-label="Picture; it can be scrolled"><svg${named} role="img" aria-label="${label}" width="${w}" height="${h}" viewBox="-2 -2 ${w} ${h}">${body}</svg></div>`
}

/** `makes form, site; adds lead.score; removes old`. */
export function summary(changes: readonly TableChange[]): string {
  const parts = changes.flatMap(partsOf)
  const verbs = [...new Set(parts.map(({ verb }) => verb))]
  return verbs
    .map((verb) => {
      const names = parts.filter((part) => part.verb === verb).map(({ name }) => name)
      return `${verb} ${names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')}`
    })
    .join('; ')
}

interface Part {
  readonly verb: string
  readonly name: string
}

/** A table as a whole, or the few parts of it that are touched. */
function partsOf({ key, mark, was, columns, lines }: TableChange): readonly Part[] {
  if (mark === 'added') return [{ verb: 'makes', name: key }]
  if (mark === 'removed') return [{ verb: 'removes', name: key }]
  if (was !== undefined) return [{ verb: 'renames', name: `${was} to ${key}` }]
  const touched = columns.filter((column) => column.mark !== 'same')
  const others = lines.filter((line) => line.mark !== 'same')
  if (touched.length > 0 && touched.length < 4)
    return touched.map((column) => ({ verb: actions[column.mark], name: `${key}.${column.row.name}` }))
  const [only] = others
  if (touched.length > 0 || others.length !== 1 || !only) return [{ verb: 'changes', name: key }]
  const kind = /^(?:unique index|index|unique|check|primary key|exclude)/.exec(only.text)?.[0] ?? 'foreign key'
  return [{ verb: `${actions[only.mark]} ${kind} on`, name: key }]
}

const actions: Readonly<Record<Mark, string>> = { same: 'keeps', added: 'adds', removed: 'drops', changed: 'changes' }

function cardOf({ key, mark, was, columns, lines, links, unknown }: TableChange): Card {
  const foreign = new Set(links.flatMap(({ columns: own }) => own))
  const shown = mark === 'changed' ? columns.filter((column) => column.mark !== 'same' || column.row.primary) : columns
  const left = columns.length - shown.length
  const isDrawn = (text: string) => mark === 'added' && /^(?:primary key )?\(/.test(text)
  return {
    id: key,
    title: was === undefined ? key : `${key} (was ${was})`,
    mark,
    uncertain: unknown !== undefined,
    lines: [
      ...shown.flatMap((column) => columnLines(column, foreign)),
      ...(left === 0 ? [] : [note(`… ${counted(left, 'more column')}`)]),
      ...lines
        .filter((line) => line.mark !== 'same' && !isDrawn(line.text))
        .map(
          (line): CardLine => ({
            mark: mark === 'added' ? 'same' : line.mark,
            key: undefined,
            name: line.text,
            detail: '',
          }),
        ),
      ...(unknown === undefined ? [] : [note(`not known in full: ${unknown}`)]),
    ],
  }
}

function columnLines({ mark, row, was }: MarkedColumn, foreign: ReadonlySet<string>): readonly CardLine[] {
  const key = row.primary ? 'primary' : foreign.has(row.name) ? 'foreign' : undefined
  const detail = `${shortType(row.type)}${row.nullable ? '?' : ''}${row.unique ? ' unique' : ''}`
  return [{ mark, key, name: row.name, detail }, ...(was === undefined ? [] : [note(`   was ${was}`)])]
}

function note(name: string): CardLine {
  return { mark: 'note', key: undefined, name, detail: '' }
}

function strangerOf(key: string): Card {
  return { id: key, title: key, mark: 'same', uncertain: false, lines: [] }
}

function lineOf({ lines }: Card, column: string | undefined): number {
  return lines.findIndex(({ name, mark }) => name === column && mark !== 'note')
}

const verbs = { added: '+', removed: '−', changed: '~' } as const

function changeList(changes: readonly TableChange[]): Html {
  const items = changes.map(({ key, mark, columns }) => {
    const touched = columns.filter((column) => column.mark !== 'same').map(({ row, mark }) => `${mark} ${row.name}`)
    const what = mark === 'changed' ? touched.join(', ') : counted(columns.length, 'column')
    return html`<li><b class="sign ${mark}">${verbs[mark]}</b> <code>${key}</code> <span class="soft">${what}</span></li>`
  })
  return html`<p class="soft">${counted(changes.length, 'table')}: too many for a picture that could be read.</p><ul class="columns">${items}</ul>`
}
