import t from 'tap'
import { renderType } from '../../lib/compiler/type-names.ts'
import { columnFrom } from '../../lib/importer/sqlalchemy/read-schema.ts'
import { typeFrom } from '../../lib/importer/sqlalchemy/read-type.ts'
import { boundValue } from '../../lib/importer/sqlalchemy/user-type.ts'
import type { Target } from '../../lib/schema/target.ts'
import { rawType, type TypeSpec } from '../../lib/schema/type-spec.ts'
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

t.test('a type of the application is asked for by its full name, never guessed', async (t) => {
  const before = 'from app.types import JSONField\nimport app.fields'
  const reason = /the type app.types.JSONField is not known; give it with --types or --source/
  t.throws(() => typeOf('JSONField()', { dialect: 'sqlite' }, before), reason)
  t.throws(() => typeOf('JSONField', { dialect: 'sqlite' }, before), reason)
  t.throws(() => typeOf('app.fields.Money(2)', { dialect: 'sqlite' }, before), /the type app.fields.Money is not known/)
  t.same(typeOf('G()', { dialect: 'sqlite' }, 'class G(sa.types.TypeDecorator[str]):\n    impl = sa.CHAR(32)').args, {
    length: 32,
  })
  t.throws(() => typeOf('sa.String(JSONField)', { dialect: 'sqlite' }, before), /from app.types import JSONField/)
})

t.test('a column keeps why its type is not known, and the rest of it', async (t) => {
  const script = `${imports}\nfrom app.types import JSONField\nx = sa.Column('data', JSONField(), nullable=False)`
  const { vm, value } = readScript(script, { dialect: 'sqlite' })
  t.match(columnFrom(vm, value('x')), {
    name: 'data',
    nullable: false,
    type: { kind: 'Unknown', args: { text: /app.types.JSONField is not known/ } },
  })
})

t.test('what --types says of a type is written as it stands, dialect by dialect', async (t) => {
  const types = new Map([
    ['app.types.JSONField', { postgres: 'jsonb', sqlite: 'TEXT' }],
    ['script.Mine', { postgres: 'mine' }],
  ])
  const before = 'from app.types import JSONField'
  t.same(typeOf('JSONField(1)', { dialect: 'postgres' }, before, { types }), rawType('jsonb'))
  t.same(typeOf('JSONField', { dialect: 'sqlite' }, before, { types }), rawType('TEXT'))
  t.throws(
    () => typeOf('JSONField', { dialect: 'mysql' }, before, { types }),
    /--types says nothing of app.types.JSONField on mysql/,
  )
  const own = 'class JSONField(sa.types.TypeDecorator):\n    impl = sa.Text'
  const source = { 'app.types': `import sqlalchemy as sa\n${own}` }
  t.same(typeOf('JSONField()', { dialect: 'postgres' }, before, { types, source }), rawType('jsonb'))
  t.same(typeOf('JSONField()', { dialect: 'postgres' }, before, { source }), { kind: 'Text' })
})

t.test('a type decorator that asks the application is not known', async (t) => {
  const before = `
from app.settings import backend
class Smart(sa.types.TypeDecorator):
    impl = sa.Text
    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(backend.type_for(dialect.name))
class Foreign(backend.Base):
    pass
`
  t.throws(() => typeOf('Smart()', { dialect: 'sqlite' }, before), /load_dialect_impl of Smart/)
  t.throws(() => typeOf('Foreign()', { dialect: 'sqlite' }, before), /Foreign is not known/)
})

t.test('isinstance of types and columns is settled', async (t) => {
  const asks = `${imports}
s = sa.String(5)
class Mine(sa.types.TypeDecorator):
    impl = sa.Text
answers = [isinstance(s, sa.String), isinstance(s, sa.Integer), isinstance(sa.Text(), sa.String),
  isinstance(postgresql.JSONB(), sa.JSON), isinstance(sa.JSON(), postgresql.JSONB), isinstance(s, sa.types.TypeEngine),
  isinstance(Mine(), sa.types.TypeDecorator), isinstance(sa.Column('a', s).type, sa.String),
  isinstance(sa.Column('a', s), sa.Column), isinstance(sa.UniqueConstraint('a'), sa.ForeignKeyConstraint)]
facts = [s.length, sa.Enum('a', 'b', name='e').enums, str(sa.String(7)), sa.Enum('a', name='e').name,
  sa.Numeric(8, 2).scale, str(mysql.INTEGER(unsigned=True)), sa.DateTime().timezone]
`
  const { vm, value, log } = readScript(asks, { dialect: 'sqlite' })
  t.same(log, [])
  t.equal(vm.shown(value('answers')), '[True, False, True, True, False, True, True, True, True, False]')
  t.equal(vm.shown(value('facts')), "[5, ['a', 'b'], 'VARCHAR(7)', 'e', 2, 'INTEGER UNSIGNED', False]")
})

t.test('types of well-known packages are what their documentation says', async (t) => {
  const all: readonly (readonly [string, string, string, string, string])[] = [
    ['from sqlalchemy_utils import UUIDType', 'UUIDType()', 'UUID', 'BINARY(16)', 'BINARY(16)'],
    ['from sqlalchemy_utils.types.uuid import UUIDType', 'UUIDType(binary=False)', 'UUID', 'CHAR(32)', 'CHAR(32)'],
    ['from sqlalchemy_utils import EmailType', 'EmailType', 'VARCHAR(255)', 'VARCHAR(255)', 'VARCHAR(255)'],
    ['import sqlalchemy_utils', 'sqlalchemy_utils.types.json.JSONType()', 'JSON', 'TEXT', 'TEXT'],
    [
      'import sqlalchemy_utils',
      "sqlalchemy_utils.ChoiceType([('a', 'A')], impl=sa.Integer())",
      'INTEGER',
      'INTEGER',
      'INTEGER',
    ],
    ['import sqlmodel', 'sqlmodel.sql.sqltypes.AutoString()', 'VARCHAR', 'VARCHAR(255)', 'VARCHAR'],
    ['import sqlmodel', 'sqlmodel.AutoString(9)', 'VARCHAR(9)', 'VARCHAR(9)', 'VARCHAR(9)'],
    ['import sqlmodel', 'sqlmodel.sql.sqltypes.GUID()', 'UUID', 'CHAR(32)', 'CHAR(32)'],
    ['import fastapi_users_db_sqlalchemy as f', 'f.generics.GUID()', 'UUID', 'CHAR(36)', 'CHAR(36)'],
    [
      'from fastapi_users_db_sqlalchemy.generics import TIMESTAMPAware as T',
      'T(timezone=True)',
      'TIMESTAMP WITH TIME ZONE',
      'TIMESTAMP',
      'TIMESTAMP',
    ],
  ]
  for (const [before, expression, ...texts] of all) {
    const dialects = ['postgres', 'mysql', 'sqlite'] as const
    t.same(
      dialects.map((dialect) => renderType(typeOf(expression, { dialect }, before), { dialect })),
      texts,
      expression,
    )
  }
  t.match(typeOf('Vector(3)', { dialect: 'postgres' }, 'from pgvector.sqlalchemy import Vector'), rawType('VECTOR(3)'))
  t.throws(() => typeOf('Vector(3)', { dialect: 'sqlite' }, 'from pgvector.sqlalchemy import Vector'), /has no type/)
  const geo = 'from geoalchemy2 import Geometry'
  t.same(typeOf("Geometry('POINT', srid=4326, spatial_index=False)", { dialect: 'postgres' }, geo), {
    ...rawType('geometry(POINT,4326)'),
    converts: 'Geometry',
  })
  t.throws(() => typeOf("Geometry('POINT')", { dialect: 'postgres' }, geo), /adds an index/)
})

t.test('what a type of the script makes of a value is worked out, or not known', async (t) => {
  const script = `${imports}
import json
class Color(enum.Enum):
    red = 'r'
class Packed(sa.types.TypeDecorator):
    impl = sa.Text
    def process_bind_param(self, value, dialect):
        return json.dumps(value)
class Secret(sa.types.TypeDecorator):
    impl = sa.Text
    def process_bind_param(self, value, dialect):
        return encrypt_of_app(value)
from app import encrypt_of_app
packed, secret, plain = Packed(), Secret(), sa.Text()
color = sa.Enum(Color, values_callable=lambda e: [m.value for m in e], name='c')
value, member = {'a': 1}, Color.red
`
  const { vm, value } = readScript(script, { dialect: 'sqlite' })
  const bound = (type: string, of: string) => boundValue(vm, value(type), value(of))
  t.same(bound('packed', 'value'), { value: '{"a": 1}', type: { kind: 'Text' } })
  t.same(bound('color', 'member').value, 'r')
  t.equal(bound('plain', 'value').value, value('value'))
  t.throws(() => bound('secret', 'value'), /what the type Secret makes of a value/)
  t.match(typeFrom(vm, value('packed')), { kind: 'Text', converts: 'Packed' })
})
