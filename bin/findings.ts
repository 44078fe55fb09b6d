import type { CheckResult, Finding, RuleFacts, Severity } from '../lib/index.ts'
import { placeText } from './failure.ts'
import type { Paint } from './paint.ts'
import { columns } from './table.ts'
import { visible, visibleLine } from './width.ts'

const colours: Readonly<Record<Severity, keyof Paint>> = { error: 'red', warning: 'yellow', note: 'cyan' }

/** `check`: each finding as an error is shown, and how many there are. */
export function findingLines(result: CheckResult, paint: Paint): string[] {
  const lines = result.findings.flatMap((finding) => findingLine(finding, paint))
  return [...lines, reviewedLine(result), ...undecidedLines(result, paint)]
}

function findingLine({ file, line, column, code, severity, message, remedy, safe }: Finding, paint: Paint): string[] {
  const at = { file, ...(line === null ? {} : { line }), ...(column === null ? {} : { column }) }
  return [
    `${paint[colours[severity]](paint.bold(`${severity}[${code}]:`))} ${visible(message)}`,
    `  ${paint.dim(placeText(at))}`,
    ...(remedy === null ? [] : [`  ${paint.cyan('hint:')} ${visible(remedy)}`]),
    ...(safe === null ? [] : safe.split('\n').map((sql) => safeLine(sql, paint))),
  ]
}

function safeLine(sql: string, paint: Paint): string {
  return `    ${sql.startsWith('--') ? paint.dim(visibleLine(sql)) : paint.green(visibleLine(sql))}`
}

/** What was looked at, and how much was found. */
export function reviewedLine({ files, reviewed, findings, summary }: CheckResult): string {
  const looked = counted(files, 'file')
  const review = reviewed === files ? '' : `, ${reviewed} of them reviewed`
  if (findings.length === 0) return `${looked}${review}, no findings`
  const kinds = (['error', 'warning', 'note'] as const).filter((kind) => summary[kind] > 0)
  const told = kinds.map((kind) => counted(summary[kind], kind)).join(', ')
  return `${counted(findings.length, 'finding')} in ${looked}${review}: ${told}`
}

function undecidedLines({ undecided }: CheckResult, paint: Paint): string[] {
  if (undecided.length === 0) return []
  const names = undecided.join(', ')
  return [
    `${paint.cyan('hint:')} no dialect is named: of common files only what ${names} have in common was reviewed; name it with --dialect`,
  ]
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** `check --rules` */
export function ruleLines(all: readonly RuleFacts[], paint: Paint): string[] {
  return columns(
    all.map(({ name, severity, dialects, about }) => [
      name,
      paint[colours[severity]](severity),
      paint.dim(dialects.length === 3 ? 'all' : dialects.join(', ')),
      about,
    ]),
  )
}
