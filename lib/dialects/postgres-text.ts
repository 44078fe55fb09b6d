import { singleQuoted } from './names.ts'

/** A literal that means the same whatever standard_conforming_strings is. */
export function text(value: string): string {
  return value.includes('\\') ? `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'` : singleQuoted(value)
}
