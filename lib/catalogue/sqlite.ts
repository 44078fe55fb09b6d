import type { CatalogueReader } from './read.ts'

export const readSqlite: CatalogueReader = async () => []
