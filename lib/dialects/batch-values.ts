import { SqlmigError } from '../errors.ts'

/** A text out of the ledger that is to stand in SQL as it is, for which it must look as it was written. */
export function exact(value: string, pattern: RegExp): string {
  if (pattern.test(value)) return value
  throw new SqlmigError('ledger-format', 'the ledger holds a batch position that sqlmig has not written', {
    state: 'nothing was run now',
    remedy: 'find out who else writes to the ledger; "sqlmig resolve" says how far the file got',
  })
}

export const number = /^-?\d+(?:\.\d+)?$/
export const hexadecimal = /^(?:[0-9A-F]{2})*$/
