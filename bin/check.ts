import { type CheckOptions, check, exitCodes, ruleFacts } from '../lib/index.ts'
import { annotationLines } from './annotations.ts'
import type { Call } from './call.ts'
import { findingLines, reviewedLine, ruleLines } from './findings.ts'
import { databaseOptions, dialect, on, oneOf, text, usage } from './options.ts'
import { sarifOf } from './sarif.ts'

const formats = ['text', 'github', 'sarif'] as const

/** `check`: warnings and errors end it with 7, notes do not. */
export async function checkVerb({ flags, report }: Call): Promise<number> {
  const format = oneOf(flags, 'format', formats, `the formats are ${formats.join(', ')}`) ?? 'text'
  if (report.json && format !== 'text')
    throw usage(`--json and --format ${format} exclude each other`, 'give one of them')
  if (on(flags, 'rules')) {
    const rules = await ruleFacts()
    for (const line of ruleLines(rules, report.paint)) report.line(line)
    report.document({ rules })
    return 0
  }
  const { database, envFile, dir } = databaseOptions(flags)
  const onEvent: CheckOptions['onEvent'] = (event) => report.heard(event)
  const result = await check({ database, envFile, dir, onEvent, dialect: dialect(flags), base: text(flags, 'base') })
  if (format === 'github') report.data(annotationLines(result).join('\n'))
  if (format === 'sarif') report.data(sarifOf(result, await ruleFacts()))
  if (format !== 'text') report.line(reviewedLine(result))
  else if (result.findings.length > 0) report.findings(findingLines(result, report.paint))
  else for (const line of findingLines(result, report.paint)) report.line(line)
  report.document({ ...result })
  return result.summary.error + result.summary.warning > 0 ? exitCodes.findings : 0
}
