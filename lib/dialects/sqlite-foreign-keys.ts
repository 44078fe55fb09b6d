import type { ForeignKeySql } from './dialect.ts'

export const foreignKeys: ForeignKeySql = {
  off: 'PRAGMA foreign_keys = OFF',
  on: 'PRAGMA foreign_keys = ON',
  declared: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND sql LIKE '%references%' LIMIT 1",
  // by hand, too
  declares: /references|writable_schema/i,
  violations: 'SELECT "table" AS child, rowid AS id, parent FROM pragma_foreign_key_check',
  cascades: `SELECT DISTINCT m.name AS child, k."table" AS parent
FROM pragma_foreign_keys e CROSS JOIN sqlite_master m CROSS JOIN pragma_foreign_key_list(m.name) k
WHERE e.foreign_keys = 1 AND m.type = 'table' AND k.on_delete = 'CASCADE'`,
  triggers: 'SELECT name, tbl_name AS "table", sql FROM sqlite_master WHERE type = \'trigger\'',
  tables: "SELECT name FROM sqlite_master WHERE type = 'table'",
}
