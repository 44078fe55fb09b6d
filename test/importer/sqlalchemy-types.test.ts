import t from 'tap'
import { typeFrom } from '../../lib/importer/sqlalchemy/read-type.ts'
import type { Target } from '../../lib/schema/target.ts'
import type { TypeSpec } from '../../lib/schema/type-spec.ts'
import { type Around, readScript } from './schema-script.ts'

const imports = `
import enum
import sqlalchemy as sa
from sqlalchemy import types
from sqlalchemy.dialects import postgresql, mysql, sqlite, mssql
`

function typeOf(
  expression: string,
  target: Target = { dialect: 'postgres' },
  before = '',
  around: Around = {},
): TypeSpec {
  const { vm, value, log } = readScript(`${imports}\n${before}\nx = ${expression}`, target, around)
  if (log.length > 0) throw new Error(log.join('\n'))
  return typeFrom(vm, value('x'))
}

t.test('a type is the same from whichever module and way it is taken', async (t) => {
  for (const way of ['sa.String(30)', 'types.String(length=30)', 'sa.types.String(30)', 'sa.sql.sqltypes.String(30)'])
    t.same(typeOf(way), { kind: 'String', args: { length: 30 } }, way)
  t.same(typeOf('sa.Integer'), { kind: 'Integer' })
  t.same(typeOf('sa.INT()'), { kind: 'INTEGER' })
  t.same(typeOf('sa.dialects.postgresql.JSONB(astext_type=sa.Text())'), { kind: 'JSONB', origin: 'postgres' })
  t.same(typeOf('postgresql.ARRAY(sa.String(5), dimensions=2)').args, {
    item: { kind: 'String', args: { length: 5 } },
    dimensions: 2,
  })
  t.same(typeOf('postgresql.base.UUID(as_uuid=True)'), { kind: 'UUID', origin: 'postgres' })
  t.same(typeOf('mysql.INTEGER(display_width=11, unsigned=True)'), {
    kind: 'INTEGER',
    origin: 'mysql',
    args: { displayWidth: 11, unsigned: true },
  })
  t.same(typeOf('mysql.BOOLEAN()'), { kind: 'BOOLEAN' })
})
