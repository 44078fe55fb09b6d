import t from 'tap'
import { compile } from '../../lib/compiler/compile.ts'
import { tableFrom } from '../../lib/importer/sqlalchemy/read-schema.ts'
import { emptySchema } from '../../lib/schema/table.ts'
import type { Target } from '../../lib/schema/target.ts'
import { readScript } from './schema-script.ts'

const target: Target = { dialect: 'postgres', sqlalchemy: '2.0' }

/** The lines inside CREATE TABLE. */
function table(script: string, name: string, on: Target = target): readonly string[] {
  const { vm, value, log } = readScript(script, on)
  if (log.length > 0) return log
  const { statements, problems } = compile({ kind: 'createTable', table: tableFrom(vm, value(name)) }, emptySchema, on)
  if (problems.length > 0) return problems.map(({ reason }) => reason)
  const create = statements.find((s) => s.startsWith('CREATE TABLE'))!
  return [...create.split('\n').map((line) => line.trim().replace(/,$/, '')), ...statements.filter((s) => s !== create)]
}

t.test('mapped_column and type hints say together what a column is', async (t) => {
  const script = `
import datetime, enum, uuid
from typing import Optional, List, Annotated
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

class Base(DeclarativeBase):
    type_annotation_map = {bytes: String(99)}

intpk = Annotated[int, mapped_column(primary_key=True)]

class Kind(enum.Enum):
    a = 1

class Stamps:
    created: Mapped[datetime.datetime] = mapped_column(sort_order=-1)

class User(Stamps, Base):
    __tablename__ = 'users'
    id: Mapped[intpk]
    name: Mapped[str]
    nick: Mapped[Optional[str]]
    age: Mapped[int | None] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(String(30), nullable=True)
    mail: Mapped[Annotated[str, mapped_column(String(50), unique=True)]]
    parent_id: Mapped[Optional[int]] = mapped_column(ForeignKey('users.id'))
    key: Mapped[uuid.UUID]
    kind: Mapped["Kind"]
    raw: Mapped[bytes]
    children: Mapped[List["User"]] = relationship()
    renamed: Mapped[str] = mapped_column('other', String)
    plain = mapped_column(String(3))
`
  t.same(table(script, 'User'), [
    'CREATE TABLE users (',
    'created TIMESTAMP WITHOUT TIME ZONE NOT NULL',
    'id SERIAL NOT NULL',
    'name VARCHAR NOT NULL',
    'nick VARCHAR',
    'age INTEGER',
    'title VARCHAR(30)',
    'mail VARCHAR(50) NOT NULL',
    'parent_id INTEGER',
    'key UUID NOT NULL',
    'kind kind NOT NULL',
    'raw VARCHAR(99) NOT NULL',
    'other VARCHAR NOT NULL',
    'plain VARCHAR(3)',
    'PRIMARY KEY (id)',
    'UNIQUE (mail)',
    'FOREIGN KEY (parent_id) REFERENCES users (id)',
    ')',
    "CREATE TYPE kind AS ENUM ('a')",
    'CREATE INDEX ix_users_age ON users (age)',
  ])
})

t.test('a hint that stands for no type is told by name', async (t) => {
  const script = `
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from app import Money
class Base(DeclarativeBase): pass
class T(Base):
    __tablename__ = 't'
    id: Mapped[int] = mapped_column(primary_key=True)
    price: Mapped[Money]
`
  t.match(table(script, 'T'), [/no type is known for the type hint Money/])
})

t.test('SQLModel tables follow their hints and fields', async (t) => {
  const script = `
import uuid
from datetime import datetime
from decimal import Decimal
from typing import Optional, List
import sqlalchemy as sa
from sqlmodel import Field, SQLModel, Relationship, Column, JSON

class HeroBase(SQLModel):
    name: str = Field(index=True)
    secret: Optional[str] = None

class Hero(HeroBase, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    team_id: Optional[uuid.UUID] = Field(default=None, foreign_key='team.id', ondelete='CASCADE')
    age: int = 3
    code: str = Field(max_length=7, unique=True)
    born: datetime
    cash: Decimal = Field(max_digits=8, decimal_places=2)
    data: dict = Field(default={}, sa_column=Column(JSON, nullable=False))
    team: Optional["Team"] = Relationship(back_populates='heroes')
`
  t.same(table(script, 'Hero'), [
    'CREATE TABLE hero (',
    'name VARCHAR NOT NULL',
    'secret VARCHAR',
    'id SERIAL NOT NULL',
    'team_id UUID',
    'age INTEGER NOT NULL',
    'code VARCHAR(7) NOT NULL',
    'born TIMESTAMP WITHOUT TIME ZONE NOT NULL',
    'cash NUMERIC(8, 2) NOT NULL',
    'data JSON NOT NULL',
    'PRIMARY KEY (id)',
    'FOREIGN KEY (team_id) REFERENCES team (id) ON DELETE CASCADE',
    'UNIQUE (code)',
    ')',
    'CREATE INDEX ix_hero_name ON hero (name)',
  ])
})

t.test('Flask-SQLAlchemy names tables itself and has the names of SQLAlchemy', async (t) => {
  const script = `
from flask_sqlalchemy import SQLAlchemy
db = SQLAlchemy()
links = db.Table('links', db.Column('a', db.Integer, db.ForeignKey('blog_post.id')))
class BlogPost(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(80), nullable=False)
    tags = db.relationship('Tag', secondary=links)
`
  t.same(table(script, 'BlogPost'), [
    'CREATE TABLE blog_post (',
    'id SERIAL NOT NULL',
    'title VARCHAR(80) NOT NULL',
    'PRIMARY KEY (id)',
    ')',
  ])
  t.same(table(script, 'links')[1], 'a INTEGER')
})
