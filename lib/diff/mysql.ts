import type { Catalogue } from '../catalogue/model.ts'
import type { Change, Renames } from './changes.ts'

export function changeMysql(_actual: Catalogue, _expected: Catalogue, _renames: Renames): readonly Change[] {
  return []
}
