import type { Group } from './case.ts'
import { tables } from './cases/tables.ts'
import { foreignTypes, newTypes, types } from './cases/types.ts'

export const groups: readonly Group[] = [types, foreignTypes, newTypes, tables]
