import { closest, findUrl, parseUrl, SqlmigError, scrub } from '../lib/index.ts'
import { UsageError } from './arguments.ts'
import type { Flags } from './options.ts'
import { text } from './options.ts'
import { Report } from './report.ts'
import type { VerbName } from './verbs.ts'
import { givesData, verbs } from './verbs.ts'

/** Runs a command as sade understood it, and gives its exit code. */
export async function perform(name: VerbName, args: readonly unknown[]): Promise<number> {
  const flags = args.at(-1) as Flags
  const report = new Report(flags, givesData.includes(name) || (flags.format ?? 'text') !== 'text')
  report.hide(scrubber(flags))
  // an optional argument that is not given is undefined
  const given = args.slice(0, -1).filter((arg) => arg !== undefined)
  try {
    const verb = await verbs[name]()
    return await verb({ flags, args: given.map(String), report })
  } catch (error) {
    return tellOf(error, report)
  } finally {
    report.end()
  }
}

/** Tells what is wrong with a call, and gives the exit code. */
export async function refuse(error: unknown, argv: readonly string[]): Promise<number> {
  const words = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv
  const flags = { json: words.includes('--json'), color: words.includes('--no-color') ? false : undefined }
  return tellOf(error, new Report(flags, true))
}

function tellOf(error: unknown, report: Report): number {
  const known = asKnown(error)
  return known ? report.error(known) : report.bug(error)
}

function asKnown(error: unknown): SqlmigError | undefined {
  if (error instanceof SqlmigError) return error
  if (error instanceof UsageError) return misuse(error)
  if (error instanceof Error && error.name === 'AbortError') return new SqlmigError('interrupted', 'interrupted')
  return undefined
}

function misuse({ message, remedy, slip }: UsageError): SqlmigError {
  const near = slip && closest(slip.word, slip.candidates)
  const hint = near ? `did you mean "${near}"?` : remedy
  return new SqlmigError('usage', message, hint === undefined ? {} : { remedy: hint })
}

/** Knows the password of the database that is meant, should a driver's message have it. */
function scrubber(flags: Flags): (text: string) => string {
  try {
    const target = parseUrl(findUrl({ database: text(flags, 'database'), envFile: text(flags, 'env-file') }).url)
    return (message) => scrub(message, target)
  } catch {
    return (message) => message // the command itself says what is wrong with the URL, without telling it
  }
}
