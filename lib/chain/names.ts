import type { DialectName } from '../dialects/dialect-name.ts'
import { dialectNames } from '../dialects/dialect-name.ts'

export interface MigrationName {
  /** `YYYYMMDD_HHMMSS_slug` */
  readonly id: string
  /** Set where the file is for one dialect only. */
  readonly variant: DialectName | undefined
}

const namePattern = /^(\d{8}_\d{6}_[a-z0-9_]+)(?:\.(postgres|mysql|sqlite))?\.up\.sql$/
export const slugPattern = /^[a-z0-9_]+$/
export const idPattern = /^\d{8}_\d{6}_[a-z0-9_]+$/

/** The one file beside the migrations whose name ends in `.sql`. */
export const snapshotName = 'schema.sql'

/** Reads a file's name; a sentence that says what is wrong with it where it names no migration. */
export function parseFileName(name: string): MigrationName | string {
  const match = namePattern.exec(name)
  if (!match) return fault(name)
  const id = match[1]!
  return timestampFault(id) ?? { id, variant: match[2] as DialectName | undefined }
}

export function fileName(id: string, variant?: DialectName): string {
  return variant ? `${id}.${variant}.up.sql` : `${id}.up.sql`
}

function fault(name: string): string {
  if (/\.down\.sql$/i.test(name)) return 'there are no down files: the chain is forward-only'
  if (!name.endsWith('.up.sql')) return 'a migration ends in .up.sql'
  if (!/^\d{8}_\d{6}_/.test(name)) return 'a migration begins with a timestamp: YYYYMMDD_HHMMSS_'
  const rest = name.slice(16, -'.up.sql'.length)
  const [slug = '', variant, ...more] = rest.split('.')
  if (!slugPattern.test(slug)) return `the slug "${slug}" holds something else than a-z, 0-9 and _`
  return `"${[variant, ...more].join('.')}" is none of the dialects ${dialectNames.join(', ')}`
}

function timestampFault(id: string): string | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)/.exec(id)!.map(Number)
  const real = day! >= 1 && day! <= daysOf(year!, month!) && hour! < 24 && minute! < 60 && second! < 60
  return real ? undefined : `${id.slice(0, 15)} is no real date and time`
}

/** How many days a month has, counted from 1; none where there is no such month. */
function daysOf(year: number, month: number): number {
  if (month < 1 || month > 12) return 0
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** The timestamp part of an id, in UTC. */
export function timestamp(time: Date): string {
  const digits = time.toISOString().replace(/\D/g, '')
  return `${digits.slice(0, 8)}_${digits.slice(8, 14)}`
}

/** A slug out of free words: `Add lead.source!` becomes `add_lead_source`. */
export function slugify(words: string): string {
  return words
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
}
