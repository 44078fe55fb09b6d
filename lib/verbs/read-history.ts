import type { Examined } from '../chain/examine.ts'
import { readChain } from '../chain/read.ts'
import type { Surveys } from '../chain/surveys.ts'
import type { Ledger } from '../ledger/rows.ts'
import { readBriefly, readLedger } from '../ledger/table.ts'
import type { Database } from './context.ts'

export interface History {
  readonly chain: readonly Examined[]
  readonly ledger: Ledger
}

/**
 * The files and the ledger, for a plan. Every applied file is hashed, whatever it takes: a thousand need some
 * milliseconds. As long as each is, byte by byte, what was applied, nobody asks the ledger for more than that.
 */
export async function readHistory(database: Database, dir: string, surveys?: Surveys): Promise<History> {
  const { session, dialect, lexis, table } = database
  const brief = await readBriefly(session, dialect, table)
  const chain = readChain(dir, dialect, lexis, brief.recorded, surveys)
  if (isAsApplied(chain, brief)) return { chain, ledger: brief }
  const ledger = await readLedger(session, dialect, table)
  return { chain: readChain(dir, dialect, lexis, ledger.recorded, surveys), ledger }
}

function isAsApplied(chain: readonly Examined[], { recorded }: Ledger): boolean {
  let met = 0
  for (const { id, checksum } of chain) {
    const own = recorded.get(id)
    if (own === undefined) continue
    if (own.checksum !== checksum) return false
    met++
  }
  return met === recorded.size
}
