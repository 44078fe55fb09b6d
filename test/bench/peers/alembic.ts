import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { locate } from '../../servers/programs.ts'
import { type Contender, everywhere, type Migration, write } from '../contenders.ts'

const environment = (url: string) => `
from alembic import context
from sqlalchemy import create_engine
with create_engine(${JSON.stringify(url)}).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`

const script = ({ id }: Migration, previous: Migration | undefined) => `
from alembic import op
revision = '${id}'
down_revision = ${previous ? `'${previous.id}'` : 'None'}
def upgrade():
    op.execute("""`

/** As it is installed, with psycopg2 and PyMySQL; each migration in a transaction, its SQL by op.execute. */
export function alembic(): Contender {
  const file = locate('alembic')
  if (file === undefined) throw new Error('there is no alembic (apt: alembic python3-psycopg2 python3-pymysql)')
  return {
    name: 'Alembic',
    kinds: everywhere,
    lay(chain, folder, { url }) {
      for (const [index, migration] of chain.entries()) {
        const head = script(migration, chain[index - 1])
        write(join(folder, 'alembic', 'versions', `${migration.id}.py`), head, migration.sql(), '""")\n')
      }
      layOut(folder, url)
      return { file, args: ['upgrade', 'head'], cwd: folder }
    },
    version: { file, args: ['--version'] },
    status(folder, { url }) {
      layOut(folder, url)
      return { file, args: ['current'], cwd: folder }
    },
  }
}

function layOut(folder: string, url: string): void {
  mkdirSync(join(folder, 'alembic', 'versions'), { recursive: true })
  write(join(folder, 'alembic', 'env.py'), environment(sqlalchemyUrl(url)))
  write(join(folder, 'alembic.ini'), '[alembic]\nscript_location = alembic\n')
}

function sqlalchemyUrl(url: string): string {
  if (url.startsWith('sqlite:')) return url.replace('sqlite:', 'sqlite:///')
  return url.replace(/^postgres(ql)?:/, 'postgresql+psycopg2:').replace(/^(mysql|mariadb):/, 'mysql+pymysql:')
}
