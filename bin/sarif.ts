import type { CheckResult, Finding, RuleFacts } from '../lib/index.ts'
import { version } from '../lib/version.ts'
import { pathInRepository } from './annotations.ts'

type Rules = readonly RuleFacts[]

/** Findings as SARIF 2.1.0, which code scanning of GitHub, GitLab and others reads. */
export function sarifOf({ findings }: CheckResult, all: Rules): string {
  const names = [...new Set([...all.map(({ name }) => name), ...findings.map(({ code }) => code)])]
  const driver = {
    name: 'sqlmig',
    version: version(),
    rules: names.map((name) => ruleOf(name, all)),
  }
  const results = findings.map((finding) => resultOf(finding, names.indexOf(finding.code)))
  const run = { tool: { driver }, columnKind: 'unicodeCodePoints', results }
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }
  return JSON.stringify(log, null, 2)
}

function ruleOf(name: string, all: Rules): object {
  const known = all.filter((rule) => rule.name === name)
  const about = [...new Set(known.map((rule) => rule.about))].join('; ') || `what sqlmig calls ${name}`
  const level = known[0]?.severity ?? 'error'
  return { id: name, shortDescription: { text: about }, defaultConfiguration: { level } }
}

function resultOf({ file, line, column, code, severity, message, remedy, safe }: Finding, ruleIndex: number): object {
  const text = [message, ...(remedy === null ? [] : [remedy]), ...(safe === null ? [] : [safe])].join('\n')
  const region =
    line === null ? {} : { region: { startLine: line, ...(column === null ? {} : { startColumn: column }) } }
  const artifactLocation = { uri: encodeURI(pathInRepository(file)) }
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text },
    locations: [{ physicalLocation: { artifactLocation, ...region } }],
  }
}
