import { readStamp, slugFor } from '../history/names.ts'
import {
  baseName,
  type LeftFile,
  type Problem,
  type ToolFile,
  type ToolMigration,
  type ToolReading,
} from './tool-file.ts'
import { hasStatements, linesOf, wholeFile } from './up-part.ts'

/** Ways in which people call a file that leads back. */
const back = /[._-](?:down|rollback|undo|revert|downgrade)$/i
const forth = /[._-](?:up|upgrade|forward)$/i

/** A line that parts a file in two in tools that sqlmig does not know: `-- Down`, `# --- !Downs`, `-- //@UNDO`. */
const partingLine = /^\s*(?:--|#)[-\s/]*[+!@]?(?:[a-z]+[ \t:])?(?:downs?|undo|rollback|revert|downgrade)\b[^a-z]*$/i

/** Files of no tool that is known: their names begin with a time or a number, and all of their text leads up. */
export function readPlain(files: readonly ToolFile[]): ToolReading {
  const downs = files.filter(isBack)
  const ups = files.filter((file) => !downs.includes(file))
  const backs = new Map(downs.map((file) => [pairOf(file), file]))
  const left: LeftFile[] = ups
    .filter((file) => !isNumbered(file))
    .map((file) => ({ ...file, reason: 'no migration: its name begins with neither a time nor a number' }))
  const migrations = ups.filter(isNumbered)
  const pairs = new Set(migrations.map(pairOf))
  const orphans = downs.filter((file) => !pairs.has(pairOf(file)))
  return {
    migrations: migrations.map((file) => migrationOf(file, backs.get(pairOf(file)))),
    left: [...left, ...orphans.map((file) => ({ ...file, reason: 'a downgrade without its migration' }))],
  }
}

function stemOf({ path }: ToolFile): string {
  return baseName(path).replace(/\.sql$/i, '')
}

function isBack(file: ToolFile): boolean {
  return back.test(stemOf(file))
}

/** The same for the two files of a migration. */
function pairOf(file: ToolFile): string {
  const path = file.path.replace(/\.sql$/i, '')
  return path.replace(back, '').replace(forth, '')
}

function isNumbered(file: ToolFile): boolean {
  const { stamp, number } = readStamp(stemOf(file))
  return stamp !== undefined || number !== undefined
}

function migrationOf(file: ToolFile, down: ToolFile | undefined): ToolMigration {
  const stem = stemOf(file)
  const { stamp, number = 0n, rest } = readStamp(stem)
  return {
    ...wholeFile(file.text),
    source: file.path,
    kind: 'sql',
    version: stem,
    ...(stamp === undefined ? {} : { timestamp: stamp }),
    order: [stamp === undefined ? number : BigInt(stamp.replace('_', '')), stem],
    slug: slugFor(rest.replace(forth, ''), undefined, undefined),
    hadDowngrade: down !== undefined && hasStatements(down.text),
    problems: partings(file),
  }
}

function partings({ text }: ToolFile): readonly Problem[] {
  return linesOf(text).flatMap((line, index) =>
    partingLine.test(line)
      ? [{ line: index + 1, reason: 'what follows looks like a downgrade, of a tool that is not known: remove it' }]
      : [],
  )
}
