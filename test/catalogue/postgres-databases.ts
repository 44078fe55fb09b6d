import type { Test } from 'tap'
import { dumpOf } from '../../lib/catalogue/dump.ts'
import type { Catalogue } from '../../lib/catalogue/model.ts'
import { type ReadOptions, readCatalogue } from '../../lib/catalogue/read.ts'
import type { Session } from '../../lib/drivers/driver.ts'
import { openSession } from '../../lib/drivers/open.ts'
import { parseUrl } from '../../lib/drivers/url.ts'
import { writing } from '../drivers/servers.ts'
import { freshDatabase } from '../servers/databases.ts'

export const everything: ReadOptions = { without: [], grants: false }

/** A new database, and a session of lib/ in it. */
export interface Schema {
  readonly url: string
  readonly session: Session
  read(options?: ReadOptions): Promise<Catalogue>
}

/** A database of the server with these statements run in it. */
export async function schemaOf(t: Test, statements: readonly string[]): Promise<Schema> {
  const { url } = await freshDatabase('postgres', t)
  const session = await openSession(parseUrl(url), writing)
  t.teardown(() => session.close())
  for (const statement of statements) await session.exec([statement])
  const [row] = await session.query("select current_setting('server_version') as version")
  const server = `PostgreSQL ${row?.version}`
  return { url, session, read: (options = everything) => readCatalogue(session, 'postgres', server, options) }
}

export const sqlOf = (catalogue: Catalogue): readonly string[] => dumpOf(catalogue).map(({ sql }) => sql)
