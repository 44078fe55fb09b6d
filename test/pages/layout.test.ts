import fc from 'fast-check'
import t from 'tap'
import { type Box, type Link, layered } from '../../lib/pages/layout.ts'

const box = (id: string, width = 150, height = 100): Box => ({ id, width, height })

t.test('what others refer to stands left of them, all along a line of references', async (t) => {
  const links = [
    { from: 'c', to: 'b' },
    { from: 'b', to: 'a' },
  ]
  const { at } = layered([box('c'), box('a'), box('b')], links, 1000)
  t.ok(at.get('a')!.x + 150 < at.get('b')!.x)
  t.ok(at.get('b')!.x + 150 < at.get('c')!.x)
})

t.test('what is not linked fills the width before it goes down', async (t) => {
  const { at, width } = layered(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => box(id)),
    [],
    600,
  )
  t.equal(new Set(Array.from(at.values(), ({ y }) => y)).size, 2)
  t.ok(width <= 600)
})

t.test('nothing to place has no size', async (t) => {
  t.match(layered([], [], 100), { width: 0, height: 0 })
})

const graphs = fc.integer({ min: 1, max: 24 }).chain((count) =>
  fc.record({
    boxes: fc.array(
      fc.record({ width: fc.integer({ min: 60, max: 400 }), height: fc.integer({ min: 30, max: 600 }) }),
      {
        minLength: count,
        maxLength: count,
      },
    ),
    links: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 40 }),
  }),
)

t.test('boxes never lie on each other, rings and self references or not, and all are within the picture', async (t) => {
  fc.assert(
    fc.property(graphs, ({ boxes, links }) => {
      const named = boxes.map((size, at): Box => ({ id: String(at), ...size }))
      const all = links.map(([from, to]): Link => ({ from: String(from), to: String(to) }))
      const { at, width, height } = layered(named, all, 1000)
      const placed = named.map((one) => ({ ...one, ...at.get(one.id)! }))
      const inside = placed.every(
        (b) => b.x >= 0 && b.y >= -0.01 && b.x + b.width <= width + 0.01 && b.y + b.height <= height + 0.01,
      )
      const apart = placed.every((a, index) =>
        placed
          .slice(index + 1)
          .every((b) => a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y),
      )
      return inside && apart
    }),
  )
  t.pass()
})
