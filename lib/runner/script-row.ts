import type { Examined } from '../chain/examine.ts'
import type { NewRow } from '../ledger/write.ts'
import { bodyOf } from './confirm.ts'

/** What the ledger is told of a migration. */
export function rowOf(file: Examined, seq: number): Omit<NewRow, 'event'> {
  const { id, statements, checksum, tokens, path } = file
  return { seq, id, statements, done: statements, checksum, tokens, file: path, body: bodyOf(file) }
}
