import t from 'tap'
import { requirementFiles, sqlalchemyOf } from '../../lib/importer/source-sqlalchemy.ts'

const texts: readonly (readonly [path: string, text: string, version: string | undefined])[] = [
  ['requirements.txt', 'SQLAlchemy==2.0.43\n', '2.0'],
  ['requirements.txt', 'flask\nsqlalchemy>=1.4,<2\n', '1.4'],
  ['requirements.txt', 'sqlalchemy>=1.4\n', undefined],
  ['requirements.txt', 'Flask-SQLAlchemy==3.0\nSQLAlchemy~=1.3.0\n', '1.3'],
  ['requirements.txt', 'Flask-SQLAlchemy==3.0\n', undefined],
  ['pyproject.toml', 'dependencies = [\n "sqlalchemy[asyncio]>=2.0.1,<3",\n "sqlalchemy-utils==0.41"]', '2.0'],
  ['pyproject.toml', 'sqlalchemy = "^1.4.3"', '1.4'],
  ['pyproject.toml', 'sqlalchemy = {extras = ["asyncio"], version = "^2.0"}', '2.0'],
  ['Pipfile.lock', '"sqlalchemy": {\n "hashes": ["a"],\n "version": "==1.3.20"}', '1.3'],
  ['uv.lock', '[[package]]\nname = "sqlalchemy"\nversion = "2.0.1"\n', '2.0'],
]

t.test("an application's requirements tell its SQLAlchemy, where they bound it", async (t) => {
  for (const [path, text, version] of texts) {
    t.match(path, requirementFiles)
    t.equal(sqlalchemyOf([{ path, text }]), version, text)
  }
})

t.test('the file that stands highest decides, a lock first', async (t) => {
  const old = { path: 'app/docs/requirements.txt', text: 'sqlalchemy==1.3.1' }
  const range = { path: 'app/pyproject.toml', text: 'sqlalchemy = "^1.4"' }
  const lock = { path: 'app/poetry.lock', text: 'name = "sqlalchemy"\nversion = "2.0.1"' }
  t.equal(sqlalchemyOf([old, range]), '1.4')
  t.equal(sqlalchemyOf([old, range, lock]), '2.0')
  t.equal(sqlalchemyOf([range, { path: 'app/setup.py', text: '"sqlalchemy==2.0.0"' }]), undefined)
})
