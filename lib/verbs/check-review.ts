import { basename } from 'node:path'
import { statementsOf } from '../chain/examine.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import { dialectNames } from '../dialects/dialect-name.ts'
import { dialects } from '../dialects/dialects.ts'
import { type Remark, review } from '../review/review.ts'
import type { SizeOf } from '../review/sizes.ts'
import { type FaultedFile, variantOf } from './check-faults.ts'
import type { Finding } from './finding.ts'

export interface ReviewQuestion {
  readonly files: readonly FaultedFile[]
  /** undefined: every dialect that can read a file has a say. */
  readonly asked: DialectName | undefined
  /** The names of files that have been reviewed; undefined where nobody told. */
  readonly landed: ReadonlySet<string> | undefined
  readonly sizeOf: SizeOf | undefined
}

export interface Reviewed {
  readonly findings: readonly Finding[]
  /** The dialects of which only the rules were applied that all of them have; empty where the dialect was known. */
  readonly undecided: readonly DialectName[]
  /** How many files were reviewed. */
  readonly reviewed: number
}

/** What the rules say of the files that have not landed. */
export function reviewFiles(question: ReviewQuestion): Reviewed {
  const { files, asked } = question
  const pending = files.filter((file) => isReviewed(file, question))
  const reviewed = pending.length
  if (asked) return { findings: reviewAs(asked, files, question).map(asFinding), undecided: [], reviewed }
  const byDialect = new Map(dialectNames.map((dialect) => [dialect, reviewAs(dialect, files, question)]))
  const findings = pending.flatMap((file) => agreed(file, byDialect)).map(asFinding)
  const common = pending.filter((file) => file.readableAs.length > 1)
  return { findings, undecided: [...new Set(common.flatMap(({ readableAs }) => readableAs))], reviewed }
}

/** What has landed was reviewed then, and what was imported was applied long ago. */
function isReviewed({ path, imported }: FaultedFile, { landed }: ReviewQuestion): boolean {
  return !imported && !landed?.has(basename(path))
}

/** What all dialects say that can read the file: it may be for any of them. */
function agreed(file: FaultedFile, remarks: ReadonlyMap<DialectName, readonly Remark[]>): readonly Remark[] {
  const own = (dialect: DialectName) => remarks.get(dialect)!.filter(({ path }) => path === file.path)
  const [first, ...others] = file.readableAs
  if (first === undefined) return []
  return own(first).filter((remark) =>
    others.every((dialect) =>
      own(dialect).some((other) => other.rule === remark.rule && other.place.line === remark.place.line),
    ),
  )
}

function reviewAs(dialect: DialectName, files: readonly FaultedFile[], question: ReviewQuestion): readonly Remark[] {
  const { asked, landed, sizeOf } = question
  const chain = chosen(files, dialect).filter(({ readableAs }) => asked !== undefined || readableAs.includes(dialect))
  return review(
    chain.map((file) => ({
      path: file.path,
      splitter: statementsOf(file, dialects[dialect].lexis()).statements,
      landed: !isReviewed(file, question),
    })),
    { dialect, sizeOf, together: landed !== undefined },
  )
}

/** The files that a database of the dialect gets. */
function chosen(files: readonly FaultedFile[], dialect: DialectName): readonly FaultedFile[] {
  const own = new Set(files.filter((file) => variantOf(file) === dialect).map(({ id }) => id))
  return files.filter((file) => {
    const variant = variantOf(file)
    return variant === dialect || (variant === undefined && !own.has(file.id))
  })
}

function asFinding({ rule, severity, path, place, message, safe }: Remark): Finding {
  const isRule = rule !== 'directive'
  return {
    file: path,
    ...place,
    code: rule,
    rule: isRule ? rule : null,
    severity,
    message,
    remedy: isRule ? null : safe,
    safe: isRule ? safe : null,
  }
}
