import type { ModuleParts } from '../modules.ts'
export const schemaModules: ModuleParts = {}
