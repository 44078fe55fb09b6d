import type { Report } from '../../lib/pages/report.ts'
import { reportOf, richReport } from './reports.ts'

/** Whatever ends an attribute, an element, a comment, a script or a style, and calls alert. */
export const hostile =
  "\"><img src=x onerror=alert(1)><script>alert(2)</script></style></textarea></title><svg onload=alert(3)>' onmouseover='alert(4)' x='--></script>{{alert(5)}}<a href=\"javascript:alert(6)\">&lt;img src=x onerror=alert(7)&gt;\u202e\u0000"

/** The report with the hostile text at the end of every text in it, and in the names of tables and columns. */
export function hostileReport(): Report {
  const quoted = `"${hostile.replaceAll('"', '""').replaceAll('\u0000', '')}"`
  const drawn = reportOf([
    {
      id: hostile,
      sql: `CREATE TABLE ${quoted} (${quoted} integer PRIMARY KEY, "a" varchar(20) DEFAULT '${hostile.replaceAll("'", "''")}');`,
    },
    {
      id: `${hostile}2`,
      sql: `CREATE TABLE other (id integer REFERENCES ${quoted} (${quoted}));\nCREATE INDEX ${quoted} ON other (id);`,
    },
    {
      id: `${hostile}3`,
      sql: `ALTER TABLE ${quoted} RENAME COLUMN "a" TO ${quoted.replace('img', 'b')};\nCREATE VIEW ${quoted} AS SELECT 1;\nALTER TABLE ${quoted.replace('img', 'i')} ADD COLUMN x integer;`,
    },
  ])
  const rich = richReport()
  const migrations = [...rich.migrations.map(({ step, ...rest }) => ({ ...poisoned(rest), step })), ...drawn.migrations]
  return { ...poisoned({ ...rich, migrations: [] }), dialect: rich.dialect, at: rich.at, migrations }
}

/** States are our own words; all else may come from anywhere. */
function poisoned<T>(value: T, key = ''): T {
  if (typeof value === 'string') return (['state', 'dialect'].includes(key) ? value : value + hostile) as T
  if (Array.isArray(value)) return value.map((one) => poisoned(one, key)) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poisoned(one, name)])) as T
}
