import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { dialects } from '../../lib/dialects/dialects.ts'
import { type Remark, review } from '../../lib/review/review.ts'
import type { SizeOf } from '../../lib/review/sizes.ts'
import { Splitter } from '../../lib/text/split.ts'

export interface Given {
  readonly dialect: DialectName
  /** Files that have landed, in their order. */
  readonly landed?: readonly string[]
  readonly sizeOf?: SizeOf
}

/** What the review says of files that go out together. */
export function reviewed(files: readonly string[], { dialect, landed = [], sizeOf }: Given): readonly Remark[] {
  const file = (sql: string, path: string, isLanded: boolean) => ({
    path,
    splitter: new Splitter([sql], dialects[dialect].lexis()),
    landed: isLanded,
  })
  const all = [
    ...landed.map((sql, n) => file(sql, `landed ${n + 1}`, true)),
    ...files.map((sql, n) => file(sql, `new ${n + 1}`, false)),
  ]
  return review(all, { dialect, sizeOf, together: true })
}

/** The rules that have found something. */
export function rulesOf(remarks: readonly Remark[]): readonly string[] {
  return remarks.map(({ rule }) => rule)
}
