import type { Row, Session } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'

/** Privileges on a whole database without any of which a server lists nothing of a kind, and says nothing of that. */
const needed: readonly { readonly things: string; readonly oneOf: readonly string[] }[] = [
  { things: 'tables', oneOf: ['SELECT'] },
  { things: 'triggers', oneOf: ['TRIGGER'] },
  { things: 'events', oneOf: ['EVENT'] },
  {
    things: 'routines',
    oneOf: ['EXECUTE', 'CREATE ROUTINE', 'ALTER ROUTINE', 'SHOW_ROUTINE', 'SHOW CREATE ROUTINE'],
  },
]

/** Refuses a session from which a part of the schema may be hidden: it would seem not to be there. */
export async function assertSeesAll(session: Session, database: string): Promise<void> {
  const held = (await session.query('SHOW GRANTS')).flatMap((row) => privilegesIn(row, database))
  if (held.includes('ALL PRIVILEGES')) return
  for (const { things, oneOf } of needed) {
    if (oneOf.some((privilege) => held.includes(privilege))) continue
    const privilege = oneOf[0]
    throw new SqlmigError('no-privilege', `the server may hide ${things} of ${database}: ${privilege} is not granted`, {
      remedy: `grant SELECT, SHOW VIEW, TRIGGER, EVENT and the right to see routines on the database to this user, or use another`,
    })
  }
}

/** What one line of SHOW GRANTS gives on a whole database or on all. */
function privilegesIn(row: Row, database: string): readonly string[] {
  const [, list, scope] =
    /^GRANT (.+?) ON (\*\.\*|`(?:[^`]|``)+`\.\*|'[^']+'\.\*) TO /.exec(String(Object.values(row)[0])) ?? []
  if (list === undefined || !covers(scope!, database)) return []
  return list.split(', ')
}

/** A grant names databases by a pattern as LIKE has it. */
function covers(scope: string, database: string): boolean {
  if (scope === '*.*') return true
  const pattern = scope
    .slice(1, -3)
    .replaceAll('``', '`')
    .replace(/\\([_%])|[_%]|[.*+?^${}()|[\]\\]/g, (found, escaped?: string) => {
      if (escaped !== undefined) return escaped
      return found === '_' ? '.' : found === '%' ? '.*' : `\\${found}`
    })
  return new RegExp(`^${pattern}$`, 'i').test(database)
}
