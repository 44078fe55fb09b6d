import type { DiffResult, DriftResult, ImportVerification } from '../lib/index.ts'
import type { Paint } from './paint.ts'
import { visible } from './width.ts'

type Differences = DiffResult['differences']

/** Differences as a tree: each object, and under it what of it is there too much (+), missing (−) or other (~). */
export function differenceLines(differences: Differences, paint: Paint): string[] {
  const objects = [...new Set(differences.map(({ object }) => object))]
  return objects.flatMap((object) => {
    const own = differences.filter((difference) => difference.object === object)
    const [whole] = own.filter(({ kind }) => kind === 'object')
    if (whole) return [marked(whole, visible(object), paint)]
    return [
      `${paint.yellow('~')} ${visible(object)}`,
      ...own.map((one) => `    ${marked(one, visible(one.kind), paint)}`),
    ]
  })
}

function marked({ expected, actual, kind }: Differences[number], name: string, paint: Paint): string {
  if (expected === null) return `${paint.green('+')} ${name}${kind === 'object' ? '' : `: ${visible(actual ?? '')}`}`
  if (actual === null) return `${paint.red('−')} ${name}${kind === 'object' ? '' : `: ${visible(expected)}`}`
  return `${paint.yellow('~')} ${name}: ${visible(actual)} ${paint.dim('instead of')} ${visible(expected)}`
}

/** Whether an import makes what the legacy scripts made. */
export function verifiedLines({ database, same, differences }: ImportVerification, paint: Paint): string[] {
  if (same) return [`${paint.green('verified')}: the imported chain makes the schema of ${database}`]
  return [
    `the imported chain does not make the schema of ${database}; there is`,
    ...differenceLines(differences, paint),
  ]
}

/** What `status --drift` has found. */
export function driftLines({ since, same, added, changed, removed }: DriftResult, paint: Paint): string[] {
  if (since === null) return ['drift: nothing is known, since no "sqlmig up" has looked at the schema yet']
  if (same) return [`drift: none, the schema is as "sqlmig up" left it at ${since}`]
  const lines = (keys: readonly string[], mark: string) => keys.map((key) => `  ${mark} ${visible(key)}`)
  return [
    `drift: the schema is no longer as "sqlmig up" left it at ${since}`,
    ...lines(added, paint.green('+')),
    ...lines(removed, paint.red('−')),
    ...lines(changed, paint.yellow('~')),
  ]
}
