import type { DialectName } from '../dialects/dialect-name.ts'
import type { Open, OpenOptions, Session } from './driver.ts'
import { scrubbed } from './scrubbed.ts'
import type { Target } from './target.ts'

// Loaded on first use: most projects have one kind of database, and better-sqlite3 may not even be installed.
const drivers: Readonly<Record<DialectName, () => Promise<{ readonly open: Open }>>> = {
  postgres: () => import('./postgres.ts'),
  mysql: () => import('./mysql.ts'),
  sqlite: () => import('./sqlite.ts'),
}

export async function openSession(target: Target, options: OpenOptions): Promise<Session> {
  const { open } = await drivers[target.dialect]()
  return scrubbed(await open(target, options), target)
}
