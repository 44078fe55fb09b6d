import type { Group } from './case.ts'
import { alterations } from './cases/alter.ts'
import { batches } from './cases/batch.ts'
import { data } from './cases/data.ts'
import { constraints, indexes, naming } from './cases/keys.ts'
import { tables } from './cases/tables.ts'
import { foreignTypes, newTypes, types } from './cases/types.ts'
import { wild } from './cases/wild.ts'

export const groups: readonly Group[] = [
  types,
  foreignTypes,
  newTypes,
  tables,
  alterations,
  constraints,
  naming,
  indexes,
  batches,
  data,
  wild,
]
