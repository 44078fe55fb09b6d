import type { ErrorCode, SqlmigError } from '../errors.ts'
import type { Severity } from '../review/rule.ts'

/** Something that `check` has found. */
export interface Finding {
  readonly file: string
  readonly line: number | null
  readonly column: number | null
  /** What an error of `up` would be called, else the name of the rule. */
  readonly code: ErrorCode | (string & {})
  /** The rule that `-- sqlmig: ignore RULE reason` overrules; null where nothing does. */
  readonly rule: string | null
  readonly severity: Severity
  readonly message: string
  readonly remedy: string | null
  /** The safe way as SQL. */
  readonly safe: string | null
}

/** What `up` would refuse. */
export function faultFinding(error: SqlmigError, path: string): Finding {
  const { at, code, message, remedy } = error
  return {
    file: at?.file ?? path,
    line: at?.line ?? null,
    column: at?.column ?? null,
    code,
    rule: null,
    severity: 'error',
    message,
    remedy: remedy ?? null,
    safe: null,
  }
}
