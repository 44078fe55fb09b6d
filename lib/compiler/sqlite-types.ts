import { commonTypes, enumAsVarchar } from './common-types.ts'
import type { TypeWriters } from './type-names.ts'

const moment =
  (name: string): TypeWriters[string] =>
  ({ formatIsText = true }) =>
    formatIsText ? name : `${name}_CHAR`

/** SQLiteTypeCompiler: nearly all is as common as can be. */
export const sqliteTypes: TypeWriters = {
  ...commonTypes,
  DATETIME: moment('DATETIME'),
  DATE: moment('DATE'),
  TIME: moment('TIME'),
  ENUM: enumAsVarchar,
}
