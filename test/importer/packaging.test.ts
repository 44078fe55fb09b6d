import t from 'tap'
import { imported, revision } from './imported.ts'

function answer(condition: string): string {
  const source = revision(`op.execute("DELETE FROM yes" if ${condition} else "DELETE FROM no")`).replace(
    'import sqlalchemy as sa',
    'import sqlalchemy as sa\nimport alembic\nfrom packaging.version import Version, parse\nfrom packaging import version',
  )
  const { statements, todos } = imported(source, { dialect: 'postgres' })
  return [...statements.map((sql) => sql.replace('DELETE FROM ', '')), ...todos.map((todo) => `todo: ${todo}`)].join(
    '\n',
  )
}

t.test('versions are compared number by number', async (t) => {
  t.equal(answer("Version(alembic.__version__) >= Version('1.7.0')"), 'yes')
  t.equal(answer("version.parse(sa.__version__) < version.parse('1.4')"), 'no')
  t.equal(answer("Version('1.10') > Version('1.9.9')"), 'yes')
  t.equal(answer("Version('1.7') == parse('1.7.0') and not Version('1.7') != Version('v1.7')"), 'yes')
  t.equal(answer("Version('2.0.1').major == 2 and Version('2').release == (2,) and Version('2').micro == 0"), 'yes')
  t.equal(answer("str(Version('2.01')) == '2.1'"), 'yes')
})

t.test('versions that are no releases are not known', async (t) => {
  t.match(answer("Version('1.7rc1') < Version('1.7')"), /^todo: /)
  t.match(answer("Version('1!1.7') < Version('1.8')"), /^todo: /)
})
