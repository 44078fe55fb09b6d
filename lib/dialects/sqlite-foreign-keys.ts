import type { ForeignKeySql } from './dialect.ts'

export const foreignKeys: ForeignKeySql = {
  off: 'PRAGMA foreign_keys = OFF',
  on: 'PRAGMA foreign_keys = ON',
  violations: 'SELECT "table" AS child, rowid AS id, parent FROM pragma_foreign_key_check',
  cascades: `SELECT DISTINCT m.name AS child, k."table" AS parent
FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) k, pragma_foreign_keys e
WHERE m.type = 'table' AND k.on_delete = 'CASCADE' AND e.foreign_keys = 1`,
  triggers: 'SELECT name, tbl_name AS "table", sql FROM sqlite_master WHERE type = \'trigger\'',
  tables: "SELECT name FROM sqlite_master WHERE type = 'table'",
}
