/** A history as an application's might be after years: tables, columns, indexes, foreign keys, batches and data. */

type Step = (table: Table, other: Table, number: number) => { readonly up: string; readonly down: string }

/** A table as the history has made it so far. */
interface Table {
  readonly name: string
  /** Added since, the newest last. */
  readonly columns: string[]
  readonly indexes: string[]
}

function createTable(number: number, tables: readonly Table[]): { table: Table; up: string; down: string } {
  const name = `${words[number % words.length]!}_${number}`
  const owner = tables[(number * 7) % Math.max(1, tables.length)]
  const key = owner && [
    `        sa.Column('${owner.name}_id', sa.Integer(), nullable=True),`,
    `        sa.ForeignKeyConstraint(['${owner.name}_id'], ['${owner.name}.id'], name='fk_${name}_owner', ondelete='CASCADE'),`,
  ]
  const up = `    op.create_table(
        '${name}',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=100), nullable=False),
        sa.Column('email', sa.String(length=200), nullable=True),
        sa.Column('state', sa.Enum('new', 'open', 'done', name='${name}_state'), nullable=False),
        sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column('active', sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column('created_at', sa.DateTime(), nullable=False, server_default=sa.func.now()),
${(key ?? []).map((line) => `${line}\n`).join('')}        sa.PrimaryKeyConstraint('id', name='pk_${name}'),
        sa.UniqueConstraint('name', 'email', name='uq_${name}_name_email'),
    )
    op.create_index('ix_${name}_email', '${name}', ['email'], unique=False)`
  const down = `    op.drop_index('ix_${name}_email', table_name='${name}')\n    op.drop_table('${name}')`
  return { table: { name, columns: [], indexes: [] }, up, down }
}

const words = ['customer', 'invoice', 'payment', 'lead', 'shipment', 'ticket', 'campaign', 'product']
const types = [
  'sa.Integer()',
  'sa.String(length=50)',
  'sa.Text()',
  'sa.DateTime(timezone=True)',
  'sa.JSON()',
  'sa.Float()',
]

const addColumn: Step = (table, _other, n) => {
  const column = `extra_${n}`
  table.columns.push(column)
  return {
    up: `    op.add_column('${table.name}', sa.Column('${column}', ${types[n % types.length]}, nullable=True))`,
    down: `    op.drop_column('${table.name}', '${column}')`,
  }
}

const addIndexed: Step = (table, _other, n) => {
  const index = `ix_${table.name}_code_${n}`
  table.indexes.push(index)
  return {
    up: `    op.add_column('${table.name}', sa.Column('code_${n}', sa.String(length=20), nullable=True))
    op.create_index(op.f('${index}'), '${table.name}', ['code_${n}'], unique=${n % 2 ? 'True' : 'False'})`,
    down: `    op.drop_index(op.f('${index}'), table_name='${table.name}')
    op.drop_column('${table.name}', 'code_${n}')`,
  }
}

const dropIndex: Step = (table, other, n) => {
  const index = table.indexes.pop()
  if (index === undefined) return addIndexed(table, other, n)
  return {
    up: `    op.drop_index('${index}', table_name='${table.name}')`,
    down: `    op.create_index('${index}', '${table.name}', ['${index.slice(index.lastIndexOf('code_'))}'])`,
  }
}

const foreignKey: Step = (table, other, n) => ({
  up: `    with op.batch_alter_table('${table.name}') as batch_op:
        batch_op.add_column(sa.Column('related_${n}', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_${table.name}_${n}', '${other.name}', ['related_${n}'], ['id'])`,
  down: `    with op.batch_alter_table('${table.name}') as batch_op:
        batch_op.drop_constraint('fk_${table.name}_${n}', type_='foreignkey')
        batch_op.drop_column('related_${n}')`,
})

const widen: Step = (table, _other, n) => ({
  up: `    with op.batch_alter_table('${table.name}', schema=None) as batch_op:
        batch_op.alter_column('email', existing_type=sa.String(length=${200 + n}), type_=sa.String(length=${201 + n}), existing_nullable=True)`,
  down: `    with op.batch_alter_table('${table.name}', schema=None) as batch_op:
        batch_op.alter_column('email', existing_type=sa.String(length=${201 + n}), type_=sa.String(length=${200 + n}), existing_nullable=True)`,
})

const dropColumn: Step = (table, other, n) => {
  const column = table.columns.shift()
  if (column === undefined) return addColumn(table, other, n)
  return {
    up: `    with op.batch_alter_table('${table.name}') as batch_op:\n        batch_op.drop_column('${column}')`,
    down: `    op.add_column('${table.name}', sa.Column('${column}', sa.Text(), nullable=True))`,
  }
}

const backfill: Step = (table, _other, n) => ({
  up: `    # those that nobody has touched
    op.execute("UPDATE ${table.name} SET state = 'done' WHERE amount > ${n} AND active = false")
    op.execute("UPDATE ${table.name} SET email = lower(email) WHERE email IS NOT NULL")`,
  down: '    pass',
})

const update: Step = (table, _other, n) => ({
  up: `    ${table.name} = sa.table('${table.name}', sa.column('id', sa.Integer), sa.column('amount', sa.Numeric))
    op.execute(${table.name}.update().where(${table.name}.c.id == ${n}).values(amount=${n % 97}))`,
  down: '    pass',
})

const insert: Step = (table, _other, n) => ({
  up: `    rows = sa.table('${table.name}', sa.column('name', sa.String), sa.column('state', sa.String))
    op.bulk_insert(rows, [{'name': f'first {kind}', 'state': 'new'} for kind in ('a', 'b', '${n}')])`,
  down: `    op.execute("DELETE FROM ${table.name} WHERE name LIKE 'first %'")`,
})

const steps: readonly Step[] = [
  addColumn,
  addIndexed,
  foreignKey,
  addColumn,
  backfill,
  widen,
  addIndexed,
  update,
  dropColumn,
  insert,
  addColumn,
  dropIndex,
]

/** Names of files and their texts: the same for the same count. */
export function alembicHistory(count: number): ReadonlyMap<string, string> {
  const tables: Table[] = []
  const files = new Map<string, string>()
  let previous: string | undefined
  for (let number = 0; number < count; number++) {
    const revision = (0x1000_0000_0000 + number * 0x9e37_79b1).toString(16).slice(-12)
    const { up, down } = change(number, tables)
    const date = new Date(Date.UTC(2018, 0, 1) + number * 86_400_000).toISOString().slice(0, 19).replace('T', ' ')
    const slug = `step_${number}`
    files.set(`${revision}_${slug}.py`, script({ revision, previous, date, up, down, title: slug.replace('_', ' ') }))
    previous = revision
  }
  return files
}

function change(number: number, tables: Table[]): { readonly up: string; readonly down: string } {
  // each fifth script makes a table
  if (number % 5 === 0) {
    const { table, up, down } = createTable(number, tables)
    tables.push(table)
    return { up, down }
  }
  const table = tables[(number * 13) % tables.length]!
  const other = tables[(number * 29 + 1) % tables.length]!
  return steps[number % steps.length]!(table, other, number)
}

interface Script {
  readonly revision: string
  readonly previous: string | undefined
  readonly date: string
  readonly title: string
  readonly up: string
  readonly down: string
}

function script({ revision, previous, date, title, up, down }: Script): string {
  const parent = previous === undefined ? 'None' : `'${previous}'`
  return `"""${title}

Revision ID: ${revision}
Revises: ${previous ?? ''}
Create Date: ${date}.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '${revision}'
down_revision = ${parent}
branch_labels = None
depends_on = None


def upgrade():
${up}


def downgrade():
${down}
`
}
