/** What every case begins with. */
export const preamble = `
import enum
import sqlalchemy as sa
from sqlalchemy import *
from sqlalchemy import types
from sqlalchemy.dialects import postgresql, mysql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import FetchedValue, DefaultClause
m = MetaData()
for schema in (None, 's'):
    Table('o', m, Column('id', Integer, primary_key=True), Column('x', Integer), Column('y', Integer), schema=schema)

class Color(enum.Enum):
    red = 1
    green = 2
    rouge = 1

class Size(str, enum.Enum):
    S = 'small'
    L = 'large'

class GUID(types.TypeDecorator):
    impl = CHAR
    cache_ok = True
    def load_dialect_impl(self, dialect):
        if dialect.name == 'postgresql':
            return dialect.type_descriptor(postgresql.UUID())
        return dialect.type_descriptor(CHAR(32))

class Lower(types.TypeDecorator):
    impl = String

class Sized(types.TypeDecorator):
    impl = types.VARCHAR
    def __init__(self, size, **kw):
        self.size = size
        super().__init__(size * 2, **kw)

class Old(types.TypeDecorator):
    impl = types.Unicode
    def __init__(self, length=None):
        super(Old, self).__init__(length=length)

class Tiny(types.TypeDecorator):
    impl = types.Integer
    def load_dialect_impl(self, dialect):
        if dialect.name == 'mysql':
            return dialect.type_descriptor(mysql.TINYINT(1))
        return super().load_dialect_impl(dialect)

class Deeper(Sized):
    pass

class Point(types.UserDefinedType):
    cache_ok = True
    def __init__(self, srid=4326):
        self.srid = srid
    def get_col_spec(self, **kw):
        return 'POINT(%d)' % self.srid

class Small(types.UserDefinedType):
    def get_col_spec(self):
        return 'SMALL'

class Named(String):
    pass

class Ups(types.TypeDecorator):
    impl = JSON

class Spelled(types.TypeEngine):
    pass

@compiles(Spelled, 'postgresql')
def spelled_pg(type_, compiler, **kw):
    return 'SPELLED'

@compiles(Spelled)
def spelled(type_, compiler, **kw):
    return 'SPELLED_' + compiler.dialect.name.upper()
`

const types = `
Integer | Integer() | SmallInteger | BigInteger() | INT | INTEGER() | BIGINT | SMALLINT()
String(30) | String(length=30, collation='C') | String() | Unicode(20) | UnicodeText() | Text | Text(100) | VARCHAR(7) | NVARCHAR(8) | CHAR(3) | NCHAR(4) | TEXT(10) | CLOB()
Numeric | Numeric(10, 2) | Numeric(precision=8, scale=3, asdecimal=False) | NUMERIC(5) | DECIMAL(12, 4) | Float | Float(53) | Float(precision=10) | FLOAT() | REAL()
Boolean | Boolean() | BOOLEAN() | Boolean(create_constraint=True, name='ck_b') | Boolean(create_constraint=True)
Date | DATE() | DateTime | DateTime(timezone=True) | DateTime(True) | DATETIME() | TIMESTAMP() | TIMESTAMP(timezone=True) | Time | Time(timezone=True) | TIME() | Interval | Interval(native=False) | Interval(second_precision=3)
LargeBinary | LargeBinary(100) | BLOB() | BINARY(16) | VARBINARY(20) | PickleType() | JSON | JSON(none_as_null=True)
Enum('a', 'b', name='ab') | Enum('a', 'bcd', name='ab', native_enum=False) | Enum('a', 'b', name='ab', native_enum=False, create_constraint=True) | Enum('a', name='e', native_enum=False, length=20) | Enum(Color) | Enum(Size) | Enum(Size, values_callable=lambda e: [x.value for x in e], name='size') | Enum(Color, name='colour', create_constraint=True) | Enum('x', name='e', schema='s') | Enum(Color, native_enum=False)
postgresql.UUID() | postgresql.UUID(as_uuid=True) | postgresql.JSONB() | postgresql.JSONB(astext_type=Text()) | postgresql.JSON() | postgresql.ARRAY(Integer) | postgresql.ARRAY(String(5), dimensions=2) | ARRAY(Text()) | postgresql.ARRAY(item_type=Integer()) | postgresql.TSVECTOR() | postgresql.INET() | postgresql.CIDR | postgresql.MACADDR() | postgresql.BYTEA() | postgresql.HSTORE() | postgresql.HSTORE(text_type=Text()) | postgresql.BIT(3) | postgresql.BIT(varying=True) | postgresql.INTERVAL(fields='DAY TO SECOND', precision=2) | postgresql.TIMESTAMP(timezone=True, precision=3) | postgresql.TIMESTAMP(True) | postgresql.TIME(precision=2) | postgresql.DOUBLE_PRECISION() | postgresql.DOUBLE_PRECISION(precision=53) | postgresql.MONEY() | postgresql.OID() | postgresql.INT4RANGE() | postgresql.TSTZRANGE | postgresql.ENUM('a', 'b', name='pe') | postgresql.ENUM('a', name='pe', create_type=False) | postgresql.ENUM(Color, name='pc') | postgresql.ENUM(Color) | postgresql.REGCLASS() | postgresql.NUMERIC(3) | postgresql.VARCHAR(9)
mysql.INTEGER(11) | mysql.INTEGER(display_width=11, unsigned=True) | mysql.BIGINT(20, unsigned=True) | mysql.TINYINT(1) | mysql.TINYINT(display_width=1) | mysql.SMALLINT(6) | mysql.MEDIUMINT() | mysql.VARCHAR(255, charset='utf8', collation='utf8_bin') | mysql.VARCHAR(10) | mysql.TEXT() | mysql.TEXT(collation='utf8_bin') | mysql.LONGTEXT() | mysql.MEDIUMTEXT(charset='utf8mb4') | mysql.TINYTEXT | mysql.LONGBLOB() | mysql.MEDIUMBLOB | mysql.DATETIME(fsp=6) | mysql.TIMESTAMP(fsp=3) | mysql.TIME(fsp=2) | mysql.DATETIME() | mysql.DECIMAL(10, 2) | mysql.DECIMAL(precision=10, scale=2, unsigned=True) | mysql.DOUBLE() | mysql.DOUBLE(asdecimal=True) | mysql.DOUBLE(precision=10, scale=2) | mysql.FLOAT(8, 2) | mysql.FLOAT() | mysql.REAL() | mysql.ENUM('a', 'b') | mysql.ENUM('a', "it's", charset='utf8') | mysql.ENUM(Color) | mysql.SET('a', 'b') | mysql.YEAR() | mysql.YEAR(4) | mysql.BIT(1) | mysql.JSON() | mysql.CHAR(36) | mysql.CHAR(2, charset='ascii') | mysql.NVARCHAR(5) | mysql.BINARY(3) | mysql.NUMERIC(5, 1)
sqlite.JSON() | sqlite.DATETIME() | sqlite.DATE() | sqlite.TIME() | sqlite.BOOLEAN() | sqlite.NUMERIC(3)
String(10).with_variant(mysql.VARCHAR(10, charset='utf8'), 'mysql') | JSON().with_variant(postgresql.JSONB(), 'postgresql') | BigInteger().with_variant(sqlite.INTEGER(), 'sqlite') | Text().with_variant(mysql.LONGTEXT(), 'mysql').with_variant(String(9), 'sqlite') | postgresql.UUID(as_uuid=True).with_variant(CHAR(36), 'sqlite').with_variant(CHAR(36), 'mysql') | Lower(5).with_variant(Text(), 'sqlite')
GUID() | GUID | Lower(8) | Lower | Lower(length=12) | Sized(4) | Deeper(3) | Old(5) | Old() | Tiny() | Point() | Point(3857) | Small() | Small | Named(12) | Named() | Ups() | Spelled() | sa.types.NullType()
postgresql.ARRAY(GUID()) | postgresql.ARRAY(Enum('a', name='inner')) | postgresql.ARRAY(Lower(4))
`

const columns = `
Column('x', Integer, primary_key=True)
Column('x', Integer(), primary_key=True, autoincrement=False)
Column('x', BigInteger, primary_key=True, autoincrement=True)
Column('x', SmallInteger, primary_key=True)
Column('x', String(5), primary_key=True)
Column('x', Integer, ForeignKey('o.id'), primary_key=True)
Column('x', Integer, ForeignKey('o.id'), primary_key=True, autoincrement='ignore_fk')
Column('x', Integer, primary_key=True, default=5)
Column('x', Integer, primary_key=True, server_default='5')
Column('x', Integer, primary_key=True, server_default=FetchedValue())
Column('x', Integer, Sequence('s'), primary_key=True)
Column('x', Integer, Sequence('s', optional=True), primary_key=True)
Column('x', Integer, Identity(), primary_key=True)
Column('x', Integer, Identity(always=True, start=42, increment=3, cycle=True))
Column('x', Integer, Identity(start=1), nullable=True)
Column('x', GUID(), primary_key=True)
Column('x', Numeric(10, 0), primary_key=True)
Column('x', Integer, nullable=False)
Column('x', Integer, nullable=True, primary_key=True)
Column('x', Integer, unique=True)
Column('x', Integer, index=True)
Column('x', Integer, index=True, unique=True)
Column('x', String(5), server_default='a')
Column('x', String(5), server_default="it's")
Column('x', String(5), server_default='')
Column('x', Integer, server_default=text('0'))
Column('x', Boolean, server_default=sa.true())
Column('x', Boolean, server_default=sa.false(), nullable=False)
Column('x', Boolean, server_default=sa.sql.expression.true())
Column('x', DateTime, server_default=func.now())
Column('x', DateTime, server_default=func.current_timestamp())
Column('x', DateTime, server_default=sa.func.now(), server_onupdate=sa.func.now(), onupdate=func.now())
Column('x', DateTime, server_default=text('CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP'))
Column('x', JSON, server_default=text("'{}'"))
Column('x', Integer, server_default=DefaultClause('3'))
Column('x', Integer, server_default=DefaultClause(text('3')))
Column('x', Integer, server_default=FetchedValue())
Column('x', String(9), server_default=Size.S)
Column('x', Enum(Size), server_default=Size.L.name)
Column('x', Integer, server_default=Sequence('s').next_value())
Column('x', Integer, default=3, doc='d', info={'a': 1})
Column('x', Integer, key='other', index=True)
Column('x', Integer, comment='about x')
Column('x', type_=String(4), nullable=False)
Column(name='x', type_=Integer)
Column('x', Integer, ForeignKey('o.id'))
Column('x', ForeignKey('s.o.id'), type_=Integer) if False else Column('x', Integer, ForeignKey('s.o.id'))
Column('x', Integer, ForeignKey('o.id', name='fk_x', ondelete='CASCADE', onupdate='SET NULL'))
Column('x', Integer, ForeignKey('o.id', deferrable=True, initially='DEFERRED', match='FULL'))
Column('x', Integer, ForeignKey(m.tables['o'].c.id))
Column('x', Integer, CheckConstraint('x > 5', name='ck_x'))
Column('x', Integer, CheckConstraint('x > 5'), nullable=False)
Column('x', Integer, Computed('a + 1', persisted=True))
Column('x', Integer, Computed(text('a * 2')))
Column('x', Integer, quote=True)
Column('x', sa.String(3), sqlite_on_conflict_not_null='FAIL', nullable=False)
`

const tables = `
Table('t', m, Column('a', Integer), PrimaryKeyConstraint('a', name='pk_t'))
Table('t', m, Column('a', Integer, primary_key=True), Column('b', Integer, primary_key=True))
Table('t', m, Column('a', Integer, primary_key=True), Column('b', Integer, primary_key=True, autoincrement=True))
Table('t', m, Column('a', Integer), Column('b', Integer), PrimaryKeyConstraint('b', 'a'))
Table('t', m, Column('a', Integer), Column('b', Integer), UniqueConstraint('a', 'b', name='uq'))
Table('t', m, Column('a', Integer), UniqueConstraint('a', deferrable=True, initially='DEFERRED'))
Table('t', m, Column('a', Integer), CheckConstraint('a > 1', 'ck_a'))
Table('t', m, Column('a', Integer), CheckConstraint(text('a > 1'), name='ck_a'))
Table('t', m, Column('a', Integer), Column('b', Integer), ForeignKeyConstraint(['a', 'b'], ['o.x', 'o.y'], name='fk', ondelete='CASCADE'))
Table('t', m, Column('a', Integer), ForeignKeyConstraint(['a'], ['s.o.x']))
Table('t', m, Column('a', Integer), Index('ix_a', 'a'))
Table('t', m, Column('a', Integer), Index('ix_a', 'a', unique=True))
Table('t', m, Column('a', Integer), Column('b', Integer), Index('ix_ab', 'a', text('b DESC')))
Table('t', m, Column('a', Integer), Index('ix_a', 'a', postgresql_where=text('a > 0'), sqlite_where=text('a > 0')))
Table('t', m, Column('a', String(9)), Index('ix_a', 'a', postgresql_using='gin', mysql_using='btree'))
Table('t', m, Column('a', String(9)), Index('ix_a', 'a', postgresql_ops={'a': 'text_pattern_ops'}))
Table('t', m, Column('a', String(9)), Column('b', Integer), Index('ix_a', 'a', postgresql_include=['b']))
Table('t', m, Column('a', String(9)), Index('ix_a', 'a', mysql_length=5))
Table('t', m, Column('a', String(9)), Column('b', String(9)), Index('ix_a', 'a', 'b', mysql_length={'a': 4}, postgresql_with={'fillfactor': 50}))
Table('t', m, Column('a', String(9)), Index('ix_a', 'a', mysql_prefix='FULLTEXT'))
Table('t', m, Column('a', String(9)), Index('ix_low', text('lower(a)')))
Table('t', m, Column('a', Integer), schema='s')
Table('t', MetaData(schema='s'), Column('id', Integer), Column('o', Integer, ForeignKey('t.id')))
Table('t', m, Column('a', Integer), mysql_engine='InnoDB')
Table('t', m, Column('a', Integer), mysql_charset='utf8mb4')
Table('t', m, Column('a', Integer, primary_key=True), sqlite_autoincrement=True)
Table('t', m, Column('a', Integer), postgresql_partition_by='RANGE (a)', sqlite_with_rowid=False)
Table('t', m, Column('a', Integer), prefixes=['TEMPORARY'], comment='about t', info={})
Table('t', MetaData(naming_convention={'pk': 'pk_%(table_name)s', 'uq': 'uq_%(table_name)s_%(column_0_name)s', 'ix': 'ix_%(table_name)s_%(column_0_N_name)s', 'fk': 'fk_%(table_name)s_%(referred_table_name)s', 'ck': 'ck_%(table_name)s_%(constraint_name)s'}), Column('a', Integer, primary_key=True), Column('b', Integer, unique=True), Column('c', Integer, ForeignKey('t.a')), Column('d', Boolean(name='boo')), Column('e', Integer, index=True), CheckConstraint('a > 1', name='big'))
Table('t', m, Column('id', Integer, primary_key=True), Column('parent', Integer, ForeignKey('t.id')))
Table('t', m, Column('a', Integer), postgresql.ExcludeConstraint(('a', '='), using='gist', name='ex'))
Table('t', m, Column('a', Integer), postgresql.ExcludeConstraint((text('b'), '&&'), where=text('a > 1')))
Table('t', m, *[Column(n, Integer) for n in 'abc'], *[UniqueConstraint('a')])
`

const scripts = [
  "t = Table('t', m, Column('a', Integer)); Index('ix_late', t.c.a)",
  "t = Table('t', m, Column('a', Integer)); t.append_constraint(UniqueConstraint('a', name='late'))",
  "t = Table('t', m, Column('a', Integer)); t.append_column(Column('b', Text))",
  "t = Table('t', m, Column('a', Integer), Column('b', Text)); UniqueConstraint(t.c.a, t.c.b, name='u')",
  "o = Table('p', m, Column('id', Integer, primary_key=True)); t = Table('t', m, Column('a', Integer, ForeignKey(o.c.id)))",
  "o = Table('t', m, Column('id', Integer, primary_key=True)); t = o.to_metadata(MetaData(), schema='x')",
  "from sqlalchemy.ext.mutable import MutableDict; t = Table('t', m, Column('a', MutableDict.as_mutable(Ups)), Column('b', MutableDict.as_mutable(JSON)))",
  "o = Column('a', Integer, nullable=False); t = Table('t', m, o.copy(), Column('b', o.type))",
]

const declarative = `
from sqlalchemy.orm import relationship, declarative_base, declared_attr, column_property, deferred, validates
from sqlalchemy.ext.hybrid import hybrid_property
Base = declarative_base(metadata=m)
class Stamped:
    created = Column(DateTime, nullable=False)
    @declared_attr
    def owner(cls):
        return Column(Integer, ForeignKey('o.id'))
class Named_:
    @declared_attr
    def __tablename__(cls):
        return cls.__name__.lower() + 's'
`

const models = [
  "class t(Base):\n    __tablename__ = 'ts'\n    id = Column(Integer, primary_key=True)\n    name = Column('nom', String(5), nullable=False)",
  "class t(Base):\n    __tablename__ = 'ts'\n    id = Column(Integer, primary_key=True)\n    o_id = Column(ForeignKey('o.id'), type_=Integer) if False else Column(Integer, ForeignKey('o.id'))\n    o = relationship('O')",
  "class t(Base, Stamped):\n    __tablename__ = 'ts'\n    id = Column(Integer, primary_key=True)",
  'class t(Named_, Base):\n    id = Column(Integer, primary_key=True)\n    big = deferred(Column(Text))\n    two = column_property(Column(Integer, nullable=False))',
  "class t(Base):\n    __tablename__ = 'ts'\n    __table_args__ = (UniqueConstraint('a', 'b', name='u'), {'mysql_engine': 'InnoDB'})\n    a = Column(Integer, primary_key=True, autoincrement=False)\n    b = Column(Integer)",
  "class t(Base):\n    __tablename__ = 'ts'\n    __table_args__ = {'schema': 's', 'comment': 'c'}\n    a = Column(Integer, primary_key=True)",
  "class Abstract(Base):\n    __abstract__ = True\n    id = Column(Integer, primary_key=True)\nclass t(Abstract):\n    __tablename__ = 'ts'\n    b = Column(Integer, index=True)",
  "class P(Base):\n    __tablename__ = 'ps'\n    id = Column(Integer, primary_key=True)\nclass t(P):\n    __tablename__ = 'ts'\n    id = Column(Integer, ForeignKey('ps.id'), primary_key=True)\n    more = Column(Text)",
  "class t(Base):\n    __tablename__ = 'ts'\n    id = Column(Integer, primary_key=True)\nclass Sub(t):\n    extra = Column(Integer)",
  "class P(Base):\n    __tablename__ = 'ps'\n    id = Column(Integer, primary_key=True)\nclass t(Base):\n    __tablename__ = 'ts'\n    id = Column(Integer, ForeignKey(P.id), primary_key=True)",
  "class t(Base):\n    __table__ = Table('ts', m, Column('id', Integer, primary_key=True))",
  "class t(Base):\n    __tablename__ = 'ts'\n    id = Column(Integer, primary_key=True)\n    kind = Column(Enum(Color), default=Color.red)\n    @hybrid_property\n    def double(self):\n        return self.id * 2\n    @validates('kind')\n    def check(self, key, value):\n        return value",
  "class t(Base):\n    __tablename__ = 'ts'\n    id = Column(Integer, primary_key=True)\nIndex('ix_late', t.id)",
]

function split(text: string, by: string | RegExp): readonly string[] {
  return text
    .split(by)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** Python that leaves a table in `t`. */
export const cases: readonly string[] = [
  ...split(types, /\n| \| /).map((type) => `t = Table('t', m, Column('x', ${type}))`),
  ...split(columns, '\n').map((column) => `t = Table('t', m, ${column})`),
  ...split(tables, '\n').map((table) => `t = ${table}`),
  ...scripts,
  ...models.map((model) => declarative + model),
]
