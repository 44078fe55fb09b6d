import { readFileSync } from 'node:fs'
import type { Examined } from '../chain/examine.ts'
import type { Row } from '../drivers/driver.ts'
import { askedAgain } from '../ledger/asked-again.ts'
import { largestBody } from '../ledger/write.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'

/** The text to keep in the ledger; undefined where it is too large. */
export function bodyOf(file: Examined): string | undefined {
  return file.size <= largestBody ? readFileSync(file.path, 'utf8') : undefined
}

/** A SELECT for what the ledger says of migrations that are applied. */
export function confirmation(run: Run, steps: readonly PlanStep[]): string {
  const ids = steps.map(({ file }) => run.dialect.text(file.id)).join(', ')
  return `SELECT id, duration_ms FROM ${run.table} WHERE event = 'applied' AND id IN (${ids})`
}

/**
 * Tells of migrations as applied once the ledger has them, with the time that the server took.
 * @param answer the rows of `confirmation`, where it was asked already
 */
export async function confirmApplied(run: Run, steps: readonly PlanStep[], answer?: readonly Row[]): Promise<void> {
  if (steps.length === 0) return
  const rows = answer ?? (await askedAgain(run.dialect, () => run.session.query(confirmation(run, steps))))
  const durations = new Map(rows.map((row) => [String(row.id), Number(row.duration_ms)]))
  for (const step of steps) {
    const { id, statements } = step.file
    const durationMs = durations.get(id) ?? 0
    run.emit({ type: 'applied', id, statements, durationMs, rows: run.written.of(step) ?? null })
  }
}
