import { exitCodes, importLegacy, importPage, verifyImport } from '../lib/index.ts'
import type { Call } from './call.ts'
import { verifiedLines } from './differences.ts'
import { importDocument, importLines } from './import-results.ts'
import { databaseOptions, dialects, list, on, text } from './options.ts'
import { writeOut } from './write-out.ts'

/** `import-legacy`: what was made of each script, as lines, a page, or one document. */
export async function importLegacyVerb({ flags, args, report }: Call): Promise<number> {
  report.working('reading')
  const result = await importLegacy({
    legacy: args[0],
    dir: text(flags, 'dir'),
    dialects: dialects(flags),
    sources: list(flags, 'source'),
    types: text(flags, 'types'),
    namingConvention: text(flags, 'naming-convention'),
    base: text(flags, 'base'),
    dryRun: on(flags, 'dry-run'),
  })
  const page = text(flags, 'report')
  if (page !== undefined) writeOut(page, await importPage(result))
  for (const line of importLines(result, report.paint)) report.line(line)
  if (page !== undefined) report.line(`wrote ${page}: each script beside its SQL`)
  const live = text(flags, 'verify')
  const verified = live === undefined ? undefined : await verifyImport(result, verifyOptions(live, { flags, report }))
  if (verified) for (const line of verifiedLines(verified, report.paint)) report.line(line)
  report.document({ ...importDocument(result), ...(verified && { verify: verified }) })
  if (verified?.same === false) return exitCodes.different
  return result.summary.with_todos > 0 ? exitCodes.findings : 0
}

function verifyOptions(live: string, { flags, report }: Omit<Call, 'args'>): Parameters<typeof verifyImport>[1] {
  report.working('comparing')
  const { database: _, ...options } = databaseOptions(flags)
  return { ...options, live, base: text(flags, 'base'), scratch: text(flags, 'scratch') }
}
