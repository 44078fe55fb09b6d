import t from 'tap'
import { typeFromCall } from '../../lib/schema/type-call.ts'
import { type } from '../../lib/schema/type-spec.ts'

t.test('a call of a type class becomes data', async (t) => {
  t.same(typeFromCall({ kind: 'String', positional: [30] }), { kind: 'String', args: { length: 30 } })
  t.same(typeFromCall({ kind: 'Numeric', positional: [10, 2], keywords: { asdecimal: false } }).args, {
    precision: 10,
    scale: 2,
  })
  t.same(typeFromCall({ kind: 'Enum', positional: ['a', 'b'], keywords: { name: 'ab', native_enum: false } }).args, {
    values: ['a', 'b'],
    name: 'ab',
    nativeEnum: false,
  })
  t.same(typeFromCall({ kind: 'INTEGER', origin: 'mysql', positional: [11], keywords: { unsigned: true } }), {
    kind: 'INTEGER',
    origin: 'mysql',
    args: { displayWidth: 11, unsigned: true },
  })
  t.same(typeFromCall({ kind: 'ARRAY', positional: [type('Integer')], keywords: { dimensions: 2 } }).args, {
    item: { kind: 'Integer' },
    dimensions: 2,
  })
  t.same(typeFromCall({ kind: 'Integer' }), { kind: 'Integer' })
  t.same(typeFromCall({ kind: 'TIMESTAMP', origin: 'postgres', positional: [true, 3] }).args, {
    timezone: true,
    precision: 3,
  })
  t.same(typeFromCall({ kind: 'Float', positional: [53] }).args, { precision: 53 })
  t.same(typeFromCall({ kind: 'FLOAT', origin: 'mysql', positional: [8, 2] }).args, { precision: 8, scale: 2 })
})
