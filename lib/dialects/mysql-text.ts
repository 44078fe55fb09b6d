import { singleQuoted } from './names.ts'

/** A literal, whatever its characters, and whatever character set and modes the session has been set to. */
export function text(value: string): string {
  return /^[\x20-\x7e]*$/.test(value) && !value.includes('\\')
    ? singleQuoted(value)
    : `CONVERT(X'${Buffer.from(value).toString('hex')}' USING utf8mb4)`
}
