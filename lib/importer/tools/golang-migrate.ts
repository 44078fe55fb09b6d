import { readStamp } from '../history/names.ts'
import { baseName, folderOf, type ToolFile } from './tool-file.ts'

/** `N_name.up.sql` and `N_name.down.sql` (golang-migrate's source, source/parse.go; MIGRATIONS.md). */
export interface GolangName {
  readonly version: bigint
  readonly rest: string
  readonly direction: 'up' | 'down'
  /** The same for both files of a version. */
  readonly pair: string
}

/** A time with a `_` within is no version: two files of a day would share it. */
export function golangName({ path }: ToolFile): GolangName | undefined {
  const name = baseName(path)
  const [, digits, rest = '', direction] = /^(\d+)_(.*)\.(up|down)\.sql$/.exec(name) ?? []
  if (digits === undefined) return undefined
  if (digits.length === 8 && /^\d{6}_/.test(rest) && readStamp(name).stamp !== undefined) return undefined
  const version = BigInt(digits)
  return { version, rest, direction: direction as GolangName['direction'], pair: `${folderOf(path)}${version}` }
}
