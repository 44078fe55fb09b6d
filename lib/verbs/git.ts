import { spawnSync } from 'node:child_process'
import { SqlmigError } from '../errors.ts'

/** A file as a commit has it. */
export interface CommittedFile {
  readonly name: string
  readonly object: string
}

/** What a commit has in a folder. */
export class GitFolder {
  private readonly dir: string

  /** @throws SqlmigError `no-repository` */
  constructor(dir: string) {
    this.dir = dir
    const { stdout, stderr, error } = spawnSync('git', ['-C', dir, 'rev-parse', '--is-inside-work-tree'], {
      encoding: 'utf8',
    })
    if (error) throw failed('git', error)
    if (stdout.trim() === 'true') return
    // a folder that belongs to somebody else, as in a container of CI, is one that git refuses to look at
    if (stderr !== '' && !stderr.includes('not a git repository')) throw failed('git', stderr.trim().split('\n')[0])
    throw new SqlmigError('no-repository', `the folder "${dir}" is in no git repository`, {
      remedy: 'run it where the repository is checked out, or leave --base out',
    })
  }

  /** @throws SqlmigError `unknown-ref` */
  commit(ref: string): string {
    const commit = this.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`])?.trim()
    if (commit) return commit
    throw new SqlmigError('unknown-ref', `git knows no "${ref}"`, {
      remedy:
        'fetch it first ("git fetch origin main"; on GitHub: actions/checkout with fetch-depth: 0), then --base origin/main',
    })
  }

  /** Where the work at hand parted from a commit; undefined where a shallow clone does not tell. */
  mergeBase(commit: string): string | undefined {
    return this.ask(['merge-base', commit, 'HEAD'])?.trim() || undefined
  }

  /** The plain files that a commit has directly in the folder. */
  files(commit: string): readonly CommittedFile[] {
    const listed = this.ask(['ls-tree', '-z', commit]) ?? ''
    return listed.split('\0').flatMap((entry) => {
      const [, object, name] = /^100\d+ blob (\w+)\t(.+)$/s.exec(entry) ?? []
      return object === undefined || name === undefined ? [] : [{ object, name }]
    })
  }

  /** The bytes of each file, in the order asked for. */
  contents(files: readonly CommittedFile[]): readonly Buffer[] {
    if (files.length === 0) return []
    const input = files.map(({ object }) => `${object}\n`).join('')
    const { stdout, status, error } = spawnSync('git', ['-C', this.dir, 'cat-file', '--batch'], { input, maxBuffer })
    if (error || status !== 0) throw failed('git cat-file', error)
    const found: Buffer[] = []
    for (let at = 0; at < stdout.length; ) {
      const newline = stdout.indexOf(10, at)
      const length = Number(stdout.toString('latin1', at, newline).split(' ')[2])
      if (Number.isNaN(length)) throw failed('git cat-file', stdout.toString('utf8', at, newline))
      found.push(stdout.subarray(newline + 1, newline + 1 + length))
      at = newline + length + 2
    }
    return found
  }

  /** What git says; undefined where it ends with an error. */
  private ask(args: readonly string[]): string | undefined {
    const { stdout, status, error } = spawnSync('git', ['-C', this.dir, ...args], { encoding: 'utf8', maxBuffer })
    if (error) throw failed('git', error)
    return status === 0 ? stdout : undefined
  }
}

const maxBuffer = 1024 ** 3

function failed(what: string, cause: unknown): SqlmigError {
  const reason = cause instanceof Error ? cause.message : String(cause ?? 'it ended with an error')
  return new SqlmigError('no-repository', `${what} does not work here: ${reason}`, {
    remedy: 'see that git is installed and the repository is whole, or leave --base out',
    cause,
  })
}
