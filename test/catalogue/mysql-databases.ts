import type { Test } from 'tap'
import { type DumpStatement, dumpOf } from '../../lib/catalogue/dump.ts'
import type { Catalogue } from '../../lib/catalogue/model.ts'
import { type ReadOptions, readCatalogue } from '../../lib/catalogue/read.ts'
import type { Session } from '../../lib/drivers/driver.ts'
import { openSession } from '../../lib/drivers/open.ts'
import { parseUrl } from '../../lib/drivers/url.ts'
import { writing } from '../drivers/servers.ts'
import { freshDatabase, type Kind } from '../servers/databases.ts'

export const everything: ReadOptions = { without: [], grants: false }

/** A new database, what it is called, and a session of lib/ in it. */
export interface Schema {
  readonly name: string
  readonly url: string
  readonly session: Session
  read(options?: ReadOptions): Promise<Catalogue>
}

/** A database of a server with these statements run in it. */
export async function schemaOf(t: Test, kind: Kind, statements: readonly string[]): Promise<Schema> {
  const { url } = await freshDatabase(kind, t)
  const session = await openSession(parseUrl(url), writing)
  t.teardown(() => session.close())
  for (const statement of statements) await session.exec([statement])
  const name = new URL(url).pathname.slice(1)
  return { name, url, session, read: (options = everything) => readCatalogue(session, 'mysql', kind, options) }
}

export const sqlOf = (catalogue: Catalogue): readonly string[] => dumpOf(catalogue).map(({ sql }: DumpStatement) => sql)
