import type { DialectName } from '../dialects/dialect-name.ts'
import type { Place } from '../errors.ts'
import { SqlmigError } from '../errors.ts'
import type { TableName } from '../schema/table.ts'
import { closest } from '../text/closest.ts'
import type { IgnoreDirective } from '../text/directives.ts'
import type { Splitter } from '../text/split.ts'
import type { Found, Rule, Severity } from './rule.ts'
import { rules } from './rules.ts'
import { type SizeOf, weighed } from './sizes.ts'
import { type IgnorableStep, type ReadFile, Walk } from './walk.ts'

/** A file of the chain, to be read once. */
export interface ReviewFile {
  readonly path: string
  readonly splitter: Splitter
  /** It has been reviewed: only what it makes is of interest. */
  readonly landed: boolean
}

export interface ReviewOptions {
  readonly dialect: DialectName
  /** How many rows a table has, where a database was asked. */
  readonly sizeOf?: SizeOf | undefined
  /** The files that have not landed go out together, so that what one makes is new to the next. */
  readonly together: boolean
}

/** Something that a person should see before a file is applied. */
export interface Remark {
  /** The rule; `directive` for an ignore that names none. */
  readonly rule: string
  readonly severity: Severity
  readonly path: string
  readonly place: Place
  readonly message: string
  /** The safe way as SQL, or what to do. */
  readonly safe: string
}

/** Told of an ignore that overrules nothing. */
export const unusedIgnore = 'unused-ignore'

/** Reads a chain in its order, and tells what is dangerous in the files that have not landed. */
export function review(files: readonly ReviewFile[], options: ReviewOptions): readonly Remark[] {
  const walk = new Walk(options.dialect)
  return files.flatMap((file) => {
    try {
      const read = walk.read(file.splitter)
      return file.landed ? [] : remarksOn(file.path, read, options)
    } catch (error) {
      // what cannot be read is told by those who check the file as such
      if (error instanceof SqlmigError) return []
      throw error
    } finally {
      if (file.landed || !options.together) walk.land()
    }
  })
}

function remarksOn(path: string, { steps, ignores }: ReadFile, options: ReviewOptions): readonly Remark[] {
  const asked = rules.filter(({ dialects }) => dialects.includes(options.dialect))
  const used = new Set<IgnoreDirective>()
  const remarks = steps.flatMap((step) =>
    asked.flatMap((rule) => {
      const overruling = [...step.ignores, ...ignores].filter((ignore) => ignore.rule === rule.name)
      const found = distinct(rule.find(step))
      if (overruling.length === 0) return found.map((one) => remark(path, step, rule, one, options.sizeOf))
      if (found.length > 0) used.add(overruling[0]!)
      return []
    }),
  )
  const written = [...ignores, ...steps.flatMap((step) => step.ignores)]
  const idle = written.filter((ignore) => !used.has(ignore)).flatMap((ignore) => idleIgnore(path, ignore, asked))
  return [...remarks, ...idle].toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
}

/** Two columns of a table may say the same. */
function distinct(found: readonly Found[]): readonly Found[] {
  return [...new Map(found.map((one) => [one.why, one])).values()]
}

function remark(path: string, step: IgnorableStep, rule: Rule, found: Found, sizeOf: SizeOf | undefined): Remark {
  const { severity = rule.severity, why, safe, table } = found
  const said = weighed(
    { severity, message: why },
    sizeOf && table && ((): number | null | undefined => sizeOf(table as TableName)),
  )
  return { rule: rule.name, ...said, path, place: step.place, safe }
}

function idleIgnore(path: string, { rule, place }: IgnoreDirective, asked: readonly Rule[]): readonly Remark[] {
  const names = [...new Set(rules.map(({ name }) => name))]
  if (!names.includes(rule)) {
    const near = closest(rule, names)
    const safe = near ? `did you mean "${near}"?` : `the rules are ${names.toSorted().join(', ')}`
    return [
      { rule: 'directive', severity: 'error', path, place, message: `there is no rule "${rule}" to ignore`, safe },
    ]
  }
  // a rule of another dialect: the file may be for several
  if (!asked.some(({ name }) => name === rule)) return []
  const message = `nothing here is found by ${rule}`
  return [{ rule: unusedIgnore, severity: 'note', path, place, message, safe: 'remove the directive' }]
}
