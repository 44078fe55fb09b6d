import type { CatalogueReader } from './read.ts'

export const readMysql: CatalogueReader = async () => []
