/** A rectangle to be placed. */
export interface Box {
  readonly id: string
  readonly width: number
  readonly height: number
}

/** `from` refers to `to`. */
export interface Link {
  readonly from: string
  readonly to: string
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Placed {
  readonly at: ReadonlyMap<string, Point>
  readonly width: number
  readonly height: number
}

const gapAcross = 64
const gapDown = 22
const gapParts = 32

/**
 * Places boxes in columns, so that links lead from right to left: what others refer to stands left of them. What is not
 * linked at all fills the room below.
 * @param wide the width to stay within, where the boxes allow it
 */
export function layered(boxes: readonly Box[], links: readonly Link[], wide: number): Placed {
  const ids = new Set(boxes.map(({ id }) => id))
  const real = links.filter(({ from, to }) => from !== to && ids.has(from) && ids.has(to))
  const blocks = components(boxes, real).map((group) => drawn(group, real))
  const linked = blocks.filter(({ at }) => at.size > 1).sort((a, b) => b.height * b.width - a.height * a.width)
  const loose = blocks.filter(({ at }) => at.size === 1).sort((a, b) => b.height - a.height)
  return packed([...linked, ...loose], wide)
}

function components(boxes: readonly Box[], links: readonly Link[]): readonly (readonly Box[])[] {
  const parent = new Map(boxes.map(({ id }) => [id, id]))
  const root = (id: string): string => {
    const up = parent.get(id)!
    return up === id ? id : root(up)
  }
  for (const { from, to } of links) parent.set(root(from), root(to))
  const groups = new Map<string, Box[]>()
  for (const box of boxes) {
    const key = root(box.id)
    groups.set(key, [...(groups.get(key) ?? []), box])
  }
  return [...groups.values()]
}

/** One connected group, with its corner at 0, 0. */
function drawn(boxes: readonly Box[], links: readonly Link[]): Placed {
  const [only] = boxes
  if (boxes.length === 1 && only)
    return { at: new Map([[only.id, { x: 0, y: 0 }]]), width: only.width, height: only.height }
  const own = new Set(boxes.map(({ id }) => id))
  const inside = links.filter(({ from }) => own.has(from))
  const near = neighbours(inside)
  const ranks = rankOf(boxes, inside)
  const area = boxes.reduce((sum, { width, height }) => sum + (width + gapAcross) * (height + gapDown), 0)
  const tallest = Math.max(...boxes.map(({ height }) => height))
  const most = Math.max(tallest, Math.sqrt(area) * 0.85, 320)
  const columns = split(ordered(byRank(boxes, ranks), near), most)
  return coordinates(columns, near)
}

type Near = ReadonlyMap<string, readonly string[]>

function neighbours(links: readonly Link[]): Near {
  const near = new Map<string, string[]>()
  const put = (a: string, b: string) => near.set(a, [...(near.get(a) ?? []), b])
  for (const { from, to } of links) {
    put(from, to)
    put(to, from)
  }
  return near
}

/** How many links a box is away from what refers to nothing, by the longest way; a link that closes a ring does not count. */
function rankOf(boxes: readonly Box[], links: readonly Link[]): ReadonlyMap<string, number> {
  const targets = new Map<string, string[]>()
  for (const { from, to } of links) targets.set(from, [...(targets.get(from) ?? []), to])
  const ranks = new Map<string, number>()
  const open = new Set<string>()
  const visit = (id: string): number => {
    const known = ranks.get(id)
    if (known !== undefined) return known
    open.add(id)
    const before = (targets.get(id) ?? []).filter((to) => !open.has(to)).map(visit)
    open.delete(id)
    const rank = before.length === 0 ? 0 : Math.max(...before) + 1
    ranks.set(id, rank)
    return rank
  }
  for (const { id } of boxes) visit(id)
  return pulled(boxes, links, ranks)
}

/** What refers to nothing moves up to those that refer to it. */
function pulled(
  boxes: readonly Box[],
  links: readonly Link[],
  ranks: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const refers = new Set(links.map(({ from }) => from))
  const moved = new Map(ranks)
  for (const { id } of boxes) {
    if (refers.has(id)) continue
    const users = links.filter(({ to }) => to === id).map(({ from }) => ranks.get(from)!)
    moved.set(id, Math.max(0, Math.min(...users) - 1))
  }
  return moved
}

function byRank(boxes: readonly Box[], ranks: ReadonlyMap<string, number>): readonly (readonly Box[])[] {
  const columns: Box[][] = []
  for (const box of boxes) (columns[ranks.get(box.id)!] ??= []).push(box)
  return columns.filter((column) => column !== undefined)
}

/** Each column in the order of the middle of what its boxes are linked to, over and over. */
function ordered(columns: readonly (readonly Box[])[], near: Near): readonly (readonly Box[])[] {
  let now = columns
  for (let pass = 0; pass < 12; pass++) {
    const place = new Map(
      now.flatMap((column) => column.map(({ id }, at) => [id, (at + 0.5) / column.length] as const)),
    )
    const middle = ({ id }: Box) => {
      const others = (near.get(id) ?? []).map((other) => place.get(other)!)
      return others.length === 0 ? place.get(id)! : others.reduce((a, b) => a + b, 0) / others.length
    }
    const even = pass % 2 === 0
    now = now.map((column, at) =>
      (at % 2 === 0) === even ? [...column].sort((a, b) => middle(a) - middle(b)) : column,
    )
  }
  return now
}

/** A column that is too tall becomes several. */
function split(columns: readonly (readonly Box[])[], most: number): readonly (readonly Box[])[] {
  return columns.flatMap((column) => {
    const total = heightOf(column)
    const parts = Math.max(1, Math.round(total / most))
    const result: Box[][] = [[]]
    for (const box of column) {
      const last = result.at(-1)!
      if (last.length > 0 && result.length < parts && heightOf([...last, box]) > total / parts) result.push([box])
      else last.push(box)
    }
    return result
  })
}

function heightOf(column: readonly Box[]): number {
  return column.reduce((sum, { height }) => sum + height, 0) + gapDown * Math.max(0, column.length - 1)
}

function coordinates(columns: readonly (readonly Box[])[], near: Near): Placed {
  const height = Math.max(...columns.map(heightOf))
  const tops = new Map<string, number>()
  const sizes = new Map(columns.flat().map((box) => [box.id, box.height]))
  for (const column of columns) stack(column, (height - heightOf(column)) / 2, tops)
  for (let pass = 0; pass < 6; pass++) {
    for (const column of pass % 2 === 0 ? columns : columns.toReversed()) settle(column, near, tops, sizes)
  }
  const first = Math.min(...tops.values())
  const at = new Map<string, Point>()
  let x = 0
  for (const column of columns) {
    for (const { id } of column) at.set(id, { x, y: tops.get(id)! - first })
    x += Math.max(...column.map(({ width }) => width)) + gapAcross
  }
  const bottom = Math.max(...columns.flat().map(({ id, height }) => tops.get(id)! - first + height))
  return { at, width: x - gapAcross, height: bottom }
}

function stack(column: readonly Box[], from: number, tops: Map<string, number>): void {
  let y = from
  for (const { id, height } of column) {
    tops.set(id, y)
    y += height + gapDown
  }
}

/** Moves the boxes of a column towards the middle of what they are linked to, keeping their order and distance. */
function settle(
  column: readonly Box[],
  near: Near,
  tops: Map<string, number>,
  sizes: ReadonlyMap<string, number>,
): void {
  const centre = (id: string) => tops.get(id)! + sizes.get(id)! / 2
  const wanted = column.map(({ id, height }) => {
    const others = near.get(id) ?? []
    return others.reduce((sum, other) => sum + centre(other), 0) / others.length - height / 2
  })
  // blocks that touch move as one: the average of what their boxes want
  const blocks: Block[] = []
  let offset = 0
  column.forEach(({ height }, at) => {
    blocks.push({ from: at, sum: wanted[at]! - offset, count: 1 })
    offset += height + gapDown
    while (blocks.length > 1 && meanOf(blocks.at(-2)!) > meanOf(blocks.at(-1)!)) merge(blocks)
  })
  offset = 0
  let block = -1
  column.forEach(({ id, height }, at) => {
    if (blocks[block + 1]?.from === at) block++
    tops.set(id, meanOf(blocks[block]!) + offset)
    offset += height + gapDown
  })
}

/** Boxes that touch, from one of the column on; the sum of where they want the first one of all to be. */
interface Block {
  readonly from: number
  readonly sum: number
  readonly count: number
}

function merge(blocks: Block[]): void {
  const last = blocks.pop()!
  const before = blocks.pop()!
  blocks.push({ from: before.from, sum: before.sum + last.sum, count: before.count + last.count })
}

function meanOf({ sum, count }: Block): number {
  return sum / count
}

interface Laid {
  readonly block: Placed
  readonly x: number
  readonly y: number
}

/** Each where there is room for it nearest to the top, the large ones first. */
function packed(blocks: readonly Placed[], wide: number): Placed {
  const widest = Math.max(wide, ...blocks.map(({ width }) => width))
  const laid: Laid[] = []
  for (const block of blocks) laid.push(roomFor(block, laid, widest))
  const at = laid.flatMap(({ block, x, y }) =>
    Array.from(block.at, ([id, point]) => [id, { x: x + point.x, y: y + point.y }] as const),
  )
  const most = (of: (one: Laid) => number) => Math.max(0, ...laid.map(of))
  const width = most(({ x, block }) => x + block.width)
  return { at: new Map(at), width, height: most(({ y, block }) => y + block.height) }
}

function roomFor(block: Placed, laid: readonly Laid[], widest: number): Laid {
  const lefts = [0, ...laid.map(({ x, block: { width } }) => x + width + gapParts)].sort((a, b) => a - b)
  const tops = [0, ...laid.map(({ y, block: { height } }) => y + height + gapParts)].sort((a, b) => a - b)
  for (const y of tops) {
    const x = lefts.find(
      (left) => left + block.width <= widest && laid.every((other) => !touches({ block, x: left, y }, other)),
    )
    if (x !== undefined) return { block, x, y }
  }
  return { block, x: 0, y: tops.at(-1)! }
}

function touches(a: Laid, b: Laid): boolean {
  const across = a.x < b.x + b.block.width + gapParts && b.x < a.x + a.block.width + gapParts
  return across && a.y < b.y + b.block.height + gapParts && b.y < a.y + a.block.height + gapParts
}
