import type { Dialect } from './dialect.ts'
import type { DialectName } from './dialect-name.ts'
import { mysql } from './mysql.ts'
import { postgres } from './postgres.ts'
import { sqlite } from './sqlite.ts'

export const dialects: Readonly<Record<DialectName, Dialect>> = { postgres, mysql, sqlite }
