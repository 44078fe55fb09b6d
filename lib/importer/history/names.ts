import { slugify } from '../../chain/names.ts'

export interface FileStamp {
  /** `YYYYMMDD_HHMMSS` */
  readonly stamp: string | undefined
  readonly number: bigint | undefined
  /** What is left of the name. */
  readonly rest: string
}

/** The ways in which tools and people put a time before a name; a group is missing where the time is shorter. */
const forms = [
  /^(\d{4})(\d{2})(\d{2})[_\-T]?(\d{2})(\d{2})(\d{2})(?!\d)/,
  /^(\d{4})[_-](\d{2})[_-](\d{2})[_\-T](\d{2})(\d{2})(\d{2})(?![0-9a-f])/,
  /^(\d{4})[_-](\d{2})[_-](\d{2})[_\-T](\d{2})[_\-:](\d{2})[_\-:](\d{2})(?![0-9a-f])/,
  /^(\d{4})[_-](\d{2})[_-](\d{2})[_\-T](\d{2})[_\-:]?(\d{2})(?![0-9a-f])/,
  /^(\d{4})(\d{2})(\d{2})[_-]?(\d{2})(\d{2})(?!\d)/,
  /^(\d{4})[_-]?(\d{2})[_-]?(\d{2})(?!\d)/,
]

/** Reads the time or the number that a file's name begins with. */
export function readStamp(name: string): FileStamp {
  const bare = name.replace(/^(?:migration|migrate|m|v|rev)[_-]?(?=\d)/i, '')
  for (const form of forms) {
    const match = form.exec(bare)
    const stamp = match && realStamp(match.slice(1))
    if (stamp) return { stamp, number: undefined, rest: bare.slice(match[0].length) }
  }
  const number = /^(\d{1,18})(?=[_\-.]|$)/.exec(bare)
  if (number) return { stamp: undefined, number: BigInt(number[1]!), rest: bare.slice(number[0].length) }
  return { stamp: undefined, number: undefined, rest: name }
}

/** The time that Alembic writes into a docstring. */
export function createDate(text: string): string | undefined {
  const match = /Create Date:\s*(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2}))?/.exec(text)
  return match ? realStamp(match.slice(1)) : undefined
}

function realStamp(parts: readonly (string | undefined)[]): string | undefined {
  const [year = '', month = '', day = '', hour = '00', minute = '00', second = '00'] = parts
  const time = new Date(
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)),
  )
  const digits = `${year}${month}${day}${hour}${minute}${second}`
  const real = Number(year) > 1969 && stampOf(time).replace('_', '') === digits
  return real ? stampOf(time) : undefined
}

function stampOf(time: Date): string {
  const digits = time.toISOString().replace(/\D/g, '')
  return `${digits.slice(0, 8)}_${digits.slice(8, 14)}`
}

/** The second after. */
export function nextStamp(stamp: string): string {
  const [, y, mo, d, h, mi, s] = /(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)/.exec(stamp)!.map(Number)
  return stampOf(new Date(Date.UTC(y!, mo! - 1, d!, h!, mi!, s! + 1)))
}

/** Longer names are cut: the ledger's id has room for 255 characters, a file system's name often for as many bytes. */
const longestSlug = 120

/** The slug for a script: what its name says beside the time and the revision, else its title. */
export function slugFor(rest: string, revision: string | undefined, title: string | undefined): string {
  const bare = revision === undefined ? rest : rest.replace(new RegExp(`(?:^|[_-])${escaped(revision)}(?=[_-]|$)`), '')
  const slug = slugify(bare) || slugify(title ?? '') || slugify(revision ?? '') || 'migration'
  return slug.slice(0, longestSlug).replace(/_+$/, '')
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
