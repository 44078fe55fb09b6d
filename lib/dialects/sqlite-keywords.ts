/**
 * Words of SQLite whose case is only a manner of writing. A word that is not here keeps its case in the checksum: it may
 * be a name, and names can be told apart by case.
 */
export const sqliteKeywords: ReadonlySet<string> = new Set(
  `
abort action add after all alter always analyze and as asc attach autoincrement avg before begin between bigint
blob boolean by cascade case cast char check clob coalesce collate column commit conflict constraint count
create cross current current_date current_time current_timestamp database date datetime decimal default
deferrable deferred delete desc detach distinct do double drop each else end escape except exclude exclusive
exists explain fail false filter first float following for foreign from full generated glob group groups having
if ignore immediate in index indexed initially inner insert instead int integer intersect into is isnull join
key last left like limit match materialized max min natural no nocase not nothing notnull null nulls numeric of
offset on or order others outer over partition plan pragma preceding precision primary query raise range real
recursive references regexp reindex release rename replace restrict returning right rollback row rowid rows
savepoint select set smallint strict sum table temp temporary text then ties time timestamp tinyint to
transaction trigger true unbounded union unique update using vacuum values varchar view virtual when where
window with without
`
    .trim()
    .split(/\s+/),
)
