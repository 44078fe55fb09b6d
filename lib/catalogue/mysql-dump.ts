import type { DumpStatement } from './dump.ts'
import type { Catalogue } from './model.ts'

export function dumpMysql(_catalogue: Catalogue): readonly DumpStatement[] {
  return []
}
