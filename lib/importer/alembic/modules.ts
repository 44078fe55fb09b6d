import type { ModuleParts } from '../modules.ts'
export const alembicModules: ModuleParts = {}
