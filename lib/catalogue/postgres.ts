import type { CatalogueReader } from './read.ts'

export const readPostgres: CatalogueReader = async () => []
