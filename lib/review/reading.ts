import { NotUnderstood } from '../ddl/not-understood.ts'
import { Reader } from '../ddl/reader.ts'
import type { Step } from './rule.ts'

/** Reads a statement's tokens; undefined where it says something that the reading does not understand. */
export function reading<T>({ text, dialect, lexis }: Step, read: (reader: Reader) => T): T | undefined {
  try {
    return read(new Reader(text, { dialect, lexis }))
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    return undefined
  }
}
