import { mkdirSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Of Node 22.1 and newer. */
interface Caching {
  readonly enableCompileCache?: (directory: string) => unknown
}

/**
 * Lets V8 keep what it compiles of the files that are loaded from now on, where Node can. In the user's own cache: Node's
 * default is a folder in the temporary one, where others may have been first.
 */
export function keepCompiled(): void {
  const { enableCompileCache } = nodeModule as Caching
  if (enableCompileCache === undefined) return
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const own = join(caches, 'sqlmig')
  // Node tries for ever to make a folder whose parents it cannot make (seen in /proc): it gets one that is there
  if (isThere(caches) && isThere(own)) enableCompileCache(own)
}

function isThere(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 })
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST'
  }
}
