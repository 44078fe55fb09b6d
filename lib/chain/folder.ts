import { readdirSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { DialectName } from '../dialects/dialect-name.ts'
import { SqlmigError } from '../errors.ts'
import { parseFileName, snapshotName } from './names.ts'

/** A migration's file for one dialect. */
export interface MigrationFile {
  readonly id: string
  /** As it is shown, and opened: relative where the folder was given relative. */
  readonly path: string
}

/**
 * The migration files of a folder for a dialect, in the order of their ids.
 * @param dialect undefined lists every file, variants too
 * @throws SqlmigError `no-folder`, `file-name`, `no-variant`
 */
export function listMigrations(dir: string, dialect: DialectName | undefined): readonly MigrationFile[] {
  const files: Variants = []
  const wrong: { name: string; parsed: string }[] = []
  const folder = join(dir, sep)
  for (const name of readNames(dir).sort()) {
    const parsed = parseFileName(name)
    if (typeof parsed === 'string') {
      if (!isFolder(folder + name)) wrong.push({ name, parsed })
    } else files.push({ id: parsed.id, variant: parsed.variant, path: folder + name })
  }
  if (wrong.length > 0) throw wrongNames(dir, wrong)
  const chosen = dialect && files.some(({ variant }) => variant) ? chooseVariants(files, dialect) : files
  // in a name "." comes before the letters of a longer slug
  return chosen.map(({ id, path }) => ({ id, path })).sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}

function readNames(dir: string): string[] {
  try {
    return readdirSync(dir).filter((name) => /\.sql$/i.test(name) && name !== snapshotName)
  } catch (cause) {
    throw new SqlmigError('no-folder', `the folder "${dir}" cannot be read: ${(cause as NodeJS.ErrnoException).code}`, {
      remedy: 'name the folder of the migrations with --dir, or make the first one with "sqlmig new SLUG"',
      cause,
    })
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

type Variants = { id: string; variant: DialectName | undefined; path: string }[]

function chooseVariants(files: Variants, dialect: DialectName): Variants {
  const byId = new Map<string, Variants>()
  for (const file of files) byId.set(file.id, [...(byId.get(file.id) ?? []), file])
  return Array.from(byId, ([id, group]) => {
    const chosen = group.find((file) => file.variant === dialect) ?? group.find((file) => !file.variant)
    if (chosen) return chosen
    const first = group[0]!
    throw new SqlmigError(
      'no-variant',
      `${id} has no file for ${dialect}, only for ${group.map((f) => f.variant).join(', ')}`,
      {
        at: { file: first.path },
        remedy: `write ${id}.${dialect}.up.sql (an empty one does nothing), or a common ${id}.up.sql`,
      },
    )
  })
}

function wrongNames(dir: string, wrong: readonly { name: string; parsed: string }[]): SqlmigError {
  const list = wrong.map(({ name, parsed }) => `${name}: ${parsed}`)
  const message =
    list.length === 1 ? list[0]! : `${list.length} files are no migrations:\n${list.map((l) => `  ${l}`).join('\n')}`
  return new SqlmigError('file-name', message, {
    at: { file: join(dir, wrong[0]!.name) },
    remedy: 'name it YYYYMMDD_HHMMSS_slug.up.sql, or move it out of the folder; nothing was run',
  })
}
