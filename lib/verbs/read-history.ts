import type { Examined } from '../chain/examine.ts'
import { readChain } from '../chain/read.ts'
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
export async function readHistory({ session, dialect, lexis, table }: Database, dir: string): Promise<History> {
  const brief = await readBriefly(session, dialect, table)
  const chain = readChain(dir, dialect, lexis, brief.recorded)
  if (isAsApplied(chain, brief)) return { chain, ledger: brief }
  const ledger = await readLedger(session, dialect, table)
  return { chain: readChain(dir, dialect, lexis, ledger.recorded), ledger }
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
