import type { At, SqlmigError } from '../lib/index.ts'
import { codeFrame } from './frame.ts'
import type { Paint } from './paint.ts'
import { visible } from './width.ts'

/** How an error is shown. */
export interface Showing {
  readonly paint: Paint
  /** Columns of the terminal. */
  readonly width: number
  /** Takes the database's password out of a text. */
  readonly scrub: (text: string) => string
}

/** An error as a person reads it: what, where, what stands, what to do next. */
export function failureLines(error: SqlmigError, showing: Showing): string[] {
  const { paint, scrub } = showing
  const [message = '', ...more] = textLines(error.message, scrub)
  return [
    `${paint.red(paint.bold(`error[${error.code}]:`))} ${paint.bold(message)}`,
    ...more.map((line) => `  ${line}`.trimEnd()),
    ...placeLines(error.at, showing),
    ...textLines(error.state ?? '', scrub).map((line) => `  ${line}`),
    ...textLines(error.remedy ?? '', scrub).map((line, index) => `  ${index === 0 ? paint.cyan('hint: ') : ''}${line}`),
  ]
}

function textLines(text: string, scrub: Showing['scrub']): string[] {
  return text === '' ? [] : scrub(text).split(/\r?\n/).map(visible)
}

function placeLines(at: At | undefined, { paint, width, scrub }: Showing): string[] {
  if (at?.file === undefined) return []
  const { source, line, column } = at
  const lines = [`  ${paint.dim(placeText(at))}`]
  // a line that holds the password is not shown: without it the caret would point elsewhere
  if (source === undefined || line === undefined || scrub(source) !== source) return lines
  const [code, caret] = codeFrame(source, line, column, width)
  return [...lines, code!, ...(caret ? [paint.red(caret)] : [])]
}

/** `sql/x.up.sql:14:9` */
export function placeText({ file, line, column }: At): string {
  return visible([file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(':'))
}

/** An error as `--json` tells it. */
export function failureFields(error: SqlmigError, scrub: Showing['scrub']): Record<string, string | number | null> {
  const { code, message, at, state, remedy, server } = error
  return {
    code,
    message: scrub(message),
    file: at?.file ?? null,
    line: at?.line ?? null,
    column: at?.column ?? null,
    state: state === undefined ? null : scrub(state),
    remedy: remedy === undefined ? null : scrub(remedy),
    server: server ?? null,
  }
}
