export interface ToolFile {
  readonly path: string
  readonly text: string
}
export type ToolKind = 'sql' | 'dbmate' | 'goose' | 'golang-migrate' | 'sql-migrate' | 'flyway'
export interface ToolMigration {
  readonly source: string
  readonly kind: ToolKind
  readonly version: string
  readonly timestamp?: string
  readonly order: readonly (bigint | string)[]
  readonly slug: string
  readonly sql: string
  readonly firstLine: number
  readonly noTransaction: boolean
  readonly hadDowngrade: boolean
  readonly problems: readonly { readonly line: number; readonly reason: string }[]
}
export function readToolFiles(files: readonly ToolFile[]): {
  readonly migrations: readonly ToolMigration[]
  readonly left: readonly ToolFile[]
} {
  return { migrations: [], left: files }
}
