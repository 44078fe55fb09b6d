import { type DriftResult, drift } from '../lib/index.ts'
import { type Call, connecting } from './call.ts'
import { driftLines } from './differences.ts'

/** The part of `status --drift` that reads the whole schema. */
export async function tellDrift({ flags, report }: Omit<Call, 'args'>): Promise<DriftResult> {
  const drifted = await drift(connecting({ flags, report }))
  for (const line of driftLines(drifted, report.paint)) report.line(line)
  return drifted
}
