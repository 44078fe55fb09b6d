import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { MigrationFile } from '../chain/folder.ts'
import { likenessOf } from '../chain/likeness.ts'
import { parseFileName } from '../chain/names.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import { dialectNames } from '../dialects/dialect-name.ts'
import { dialects } from '../dialects/dialects.ts'
import { type ChainFile, compareWithBase, type LandedRemark, type Likeness } from '../review/landed.ts'
import { type CommittedFile, GitFolder } from './git.ts'

export interface BaseComparison {
  readonly remarks: readonly LandedRemark[]
  /** The names of the files that the base has. */
  readonly landed: ReadonlySet<string>
}

/**
 * Compares the files of a folder, variants too, with those of a git ref.
 * @throws SqlmigError `no-repository`, `unknown-ref`
 */
export function compareWithRef(
  files: readonly MigrationFile[],
  dir: string,
  ref: string,
  asked: DialectName | undefined,
): BaseComparison {
  const git = new GitFolder(dir)
  const commit = git.commit(ref)
  const start = git.mergeBase(commit)
  const here = new Map(files.map(({ path }) => [basename(path), path]))
  const base = texts(git, commit)
  const beginning = start === undefined ? undefined : start === commit ? base : texts(git, start)
  const likeness = (name: string, text: Buffer): Likeness =>
    likenessOf(readFileSync(here.get(name)!), text, lexes(name, asked))
  const remarks = compareWithBase({
    ref,
    here: named([...here.keys()]),
    base: named([...base.keys()]),
    likeness: (name) => likeness(name, base.get(name)!),
    atStart: (name) => {
      if (beginning === undefined) return 'unknown'
      const text = beginning.get(name)
      if (text === undefined) return 'absent'
      return here.has(name) ? likeness(name, text) : 'changed'
    },
  })
  return { remarks, landed: new Set(base.keys()) }
}

function texts(git: GitFolder, commit: string): ReadonlyMap<string, Buffer> {
  const files: readonly CommittedFile[] = git
    .files(commit)
    .filter(({ name }) => typeof parseFileName(name) !== 'string')
  const contents = git.contents(files)
  return new Map(files.map(({ name }, n) => [name, contents[n]!]))
}

function named(names: readonly string[]): readonly ChainFile[] {
  return names.flatMap((name) => {
    const parsed = parseFileName(name)
    return typeof parsed === 'string' ? [] : [{ name, ...parsed }]
  })
}

function lexes(name: string, asked: DialectName | undefined): ReturnType<(typeof dialects)[DialectName]['lexis']>[] {
  const parsed = parseFileName(name)
  const variant = typeof parsed === 'string' ? undefined : parsed.variant
  const candidates = variant ? [variant] : asked ? [asked] : dialectNames
  return candidates.map((dialect) => dialects[dialect].lexis())
}
