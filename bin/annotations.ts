import { relative, resolve } from 'node:path'
import type { CheckResult, Finding, Severity } from '../lib/index.ts'

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' }

/** Findings as GitHub's workflow commands, which a pull request shows beside the lines. */
export function annotationLines({ findings }: CheckResult): string[] {
  return findings.map(annotation)
}

function annotation({ file, line, column, code, severity, message, remedy, safe }: Finding): string {
  const place = [
    ['file', pathInRepository(file)],
    ['line', line ?? 1],
    ...(column === null ? [] : [['col', column]]),
    ['title', code],
  ]
  const properties = place.map(([name, value]) => `${name}=${property(String(value))}`).join(',')
  const text = [message, ...(remedy === null ? [] : [remedy]), ...(safe === null ? [] : [safe])].join('\n')
  return `::${commands[severity]} ${properties}::${data(text)}`
}

/** GitHub counts from the root of the checkout. */
export function pathInRepository(file: string): string {
  const root = process.env.GITHUB_WORKSPACE
  const path = root ? relative(root, resolve(file)) : file
  return path.replaceAll('\\', '/')
}

/** A line break would end the command. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
