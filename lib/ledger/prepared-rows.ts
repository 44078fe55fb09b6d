import type { Dialect, PreparesSql } from '../dialects/dialect.ts'
import { seal } from './seal.ts'
import type { Author, NewRow } from './write.ts'
import { bodyValue, insertion } from './write.ts'

/** What differs from one applied migration to the next. */
export type AppliedRow = Omit<NewRow, 'event' | 'done' | 'note' | 'duration'>

/**
 * The rows of applied migrations, expected, written and sealed by statements that the server has parsed once: what they say is long,
 * and most of what a tiny migration would cost.
 */
export class PreparedRows {
  readonly prepare: readonly string[]
  readonly deallocate: readonly string[]
  private readonly dialect: Dialect
  private readonly prepares: PreparesSql
  private readonly names: Readonly<Record<'row' | 'seal' | 'check', string>>

  /** @param name that no other session behind a pooler may have */
  constructor(dialect: Dialect, prepares: PreparesSql, name: string, { table, author }: Writing) {
    this.dialect = dialect
    this.prepares = prepares
    this.names = { row: `sqlmig_row_${name}`, seal: `sqlmig_seal_${name}`, check: `sqlmig_check_${name}` }
    const { number, text, bytes } = prepares.types
    this.prepare = [
      prepares.prepare(this.names.row, [number, text, number, text, text, bytes, text], rowOf(dialect, table, author)),
      prepares.prepare(this.names.seal, [number], seal(dialect, table, '$1')),
      prepares.prepare(this.names.check, [number], prepares.check(table, '$1')),
    ]
    this.deallocate = Object.values(this.names).map((one) => prepares.deallocate(one))
  }

  /** Fails where the ledger's last row is not `seq`. */
  check(seq: number): string {
    return this.prepares.execute(this.names.check, [String(seq)])
  }

  write({ seq, id, statements, checksum, tokens, body, file }: AppliedRow): readonly string[] {
    const { dialect, prepares, names } = this
    const texts = [id, checksum, tokens, file.slice(-1000)].map(dialect.text)
    const [idText, checksumText, tokensText, fileText] = texts as [string, string, string, string]
    const values = [seq, idText, statements, checksumText, tokensText, bodyValue(dialect, body), fileText].map(String)
    return [prepares.execute(names.row, values), prepares.execute(names.seal, [String(seq)])]
  }
}

interface Writing {
  readonly table: string
  readonly author: Author
}

function rowOf(dialect: Dialect, table: string, author: Author): string {
  const { ledger } = dialect
  const by = [author.user, author.host, author.version].map(dialect.text)
  const duration = ledger.elapsed({ at: 0, table, lastSeq: '$1 - 1' })
  const event = dialect.text('applied')
  return insertion(table, ['$1', event, '$2', ledger.now, duration, '$3', '$3', '$4', '$5', '$6', '$7', ...by, 'NULL'])
}
