import { SqlmigError } from '../errors.ts'

/** How far the batches of a statement got, as the ledger keeps it. */
export interface BatchMark {
  /** The key as the directive named it. */
  readonly by: string
  /** The last key that is done: a text for each of its columns. */
  readonly through: readonly string[]
  /** The same for people. */
  readonly shown: string
  /** Rows gone through. */
  readonly rows: number
  /** Hash of the tokens up to the statement's end. */
  readonly tokens: string
}

/** @throws SqlmigError `ledger-format` where the text is no such mark */
export function readMark(text: string): BatchMark {
  try {
    const mark = JSON.parse(text) as BatchMark
    const { by, through, shown, rows, tokens } = mark
    const texts = [by, shown, tokens, ...through]
    if (through.length > 0 && typeof rows === 'number' && texts.every((one) => typeof one === 'string')) return mark
  } catch {
    // told below
  }
  throw new SqlmigError('ledger-format', 'the ledger holds a batch position that cannot be read', {
    state: 'nothing was run now',
    remedy: 'find out who else writes to the ledger; "sqlmig resolve" says how far the file got',
  })
}

export function writeMark(mark: BatchMark): string {
  return JSON.stringify(mark)
}

/** `lead.id 370000`: how far, for people. */
export function markShown({ by, shown }: Pick<BatchMark, 'by' | 'shown'>): string {
  return `${by} ${shown}`
}
