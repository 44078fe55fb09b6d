import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { TextDecoder } from 'node:util'
import { readChain } from '../chain/read.ts'
import { unifiedDiff } from '../chain/unified-diff.ts'
import { replaceBytes, writeNew } from '../chain/write-file.ts'
import { SqlmigError } from '../errors.ts'
import { readBody, readLedger } from '../ledger/table.ts'
import type { Standing } from '../runner/plan.ts'
import { compare, unknownId } from '../runner/plan.ts'
import type { ChainOptions, DatabaseOptions } from './context.ts'
import { defaultDir, withDatabase } from './context.ts'
import { freshId, type NewResult } from './files.ts'
import { latest } from './show.ts'

export interface FromEditOptions extends DatabaseOptions, ChainOptions {
  /** The applied migration whose file was edited. */
  readonly id: string
  /** `edit_of_…` by default. */
  readonly slug?: string | undefined
}

export interface FromEditResult extends NewResult {
  /** The file that has its applied text again. */
  readonly restored: string
}

/** Lines of the difference that the head of the new file holds at most. */
const mostDiffLines = 200

/**
 * Moves the edit of an applied file into a new migration, and gives the old file the text that was applied.
 * @throws SqlmigError `unknown-id`; `usage` where there is no edit, or the ledger keeps no text
 */
export async function newFromEdit(options: FromEditOptions): Promise<FromEditResult> {
  const { dir = defaultDir } = options
  const { path, applied } = await editOf(options, dir)
  const edited = readFileSync(path)
  const id = freshId(dir, options.slug ?? `edit_of_${options.id.slice(16)}`)
  const file = join(dir, id + basename(path).slice(options.id.length))
  writeNew(file, Buffer.concat([await headOf(options.id, applied, edited), bodyOf(edited)]))
  // whoever saved it meanwhile would lose that
  if (!readFileSync(path).equals(edited)) {
    throw new SqlmigError('file-changed-while-read', 'the file was saved anew meanwhile', {
      at: { file: path },
      state: `it was not restored; ${file} holds the text from before`,
      remedy: `remove ${file} and say it again`,
    })
  }
  replaceBytes(path, applied)
  return { id, file, restored: path }
}

/** The file that holds the edit, and the bytes that were applied. */
async function editOf(options: FromEditOptions, dir: string): Promise<{ path: string; applied: Buffer }> {
  return withDatabase(options, 'read', async ({ session, dialect, lexis, table }) => {
    const ledger = await readLedger(session, dialect, table)
    const standings = compare(readChain(dir, dialect, lexis, ledger.recorded), ledger)
    const standing = standings.find(({ id }) => id === options.id)
    const ids = standings.map(({ id }) => id)
    if (!standing) throw unknownId(options.id, ids)
    if (standing.state !== 'changed') throw noEdit(standing)
    const { recorded, file } = standing
    const text = await readBody(session, table, latest(recorded!).seq)
    if (text === undefined) throw noText(options.id, 'the ledger keeps no text of', file!.path)
    const applied = Buffer.from(text)
    const sum = createHash('sha256').update(applied).digest('hex')
    if (sum !== recorded!.checksum)
      throw noText(options.id, 'the ledger has another text than it recorded for', file!.path)
    return { path: file!.path, applied }
  })
}

function noEdit({ id, state, file }: Standing): SqlmigError {
  const remedies: Readonly<Record<string, string>> = {
    reformatted: 'its SQL is the same, and "sqlmig up" goes on',
    missing: 'bring its file back from version control',
    partial: 'finish it first with "sqlmig up" or "sqlmig resolve"',
    applied: 'there is nothing to move',
  }
  return new SqlmigError('usage', `${id} is ${state}: there is no edit of what was applied`, {
    ...(file ? { at: { file: file.path } } : {}),
    state: 'nothing was written',
    remedy: remedies[state] ?? 'a pending file can be edited freely',
  })
}

function noText(id: string, fault: string, path: string): SqlmigError {
  return new SqlmigError('usage', `${fault} ${id}`, {
    at: { file: path },
    state: 'nothing was written',
    remedy: 'copy the edit into a file of its own ("sqlmig new"), and bring the old one back from version control',
  })
}

async function headOf(id: string, applied: Buffer, edited: Buffer): Promise<Buffer> {
  const head = [
    `-- edit of ${id}`,
    '--',
    `-- Below stands the whole text of ${id} as it was edited after it was applied;`,
    '-- its own file holds again what was applied. The edit, as a difference:',
    '--',
    ...(await diffLines(id, applied, edited)),
    '--',
    `-- sqlmig: todo reduce this to what has yet to be run where ${id} is applied, and remove this line`,
    '',
    '',
  ]
  return Buffer.from(head.join(edited.includes('\r\n') ? '\r\n' : '\n'))
}

async function diffLines(id: string, applied: Buffer, edited: Buffer): Promise<readonly string[]> {
  const now = decoded(edited)
  if (now === undefined) return ['--   (the text is not UTF-8)']
  const diff = await unifiedDiff(id, applied.toString('utf8').replaceAll('\r\n', '\n'), now.replaceAll('\r\n', '\n'))
  // no line of it may end its comment
  const lines = diff
    .trimEnd()
    .split('\n')
    .slice(3)
    .map((line) => `--   ${line.replaceAll(/[\r\f\v]/g, ' ')}`.trimEnd())
  if (lines.length === 0) return ['--   (line endings alone)']
  if (lines.length <= mostDiffLines) return lines
  return [...lines.slice(0, mostDiffLines), `--   … and ${lines.length - mostDiffLines} lines more`]
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** What the importer says of a file it made is not true of another. */
const importMarks = /^--[ \t]*sqlmig:[ \t]*(?:source|legacy-revision|downgrade)\b.*\r?\n/gm

/** The edited text to the byte, but for a BOM and for what the importer has noted in its head. */
function bodyOf(edited: Buffer): Buffer {
  const text = edited.toString('latin1').replace(/^\xef\xbb\xbf/, '')
  const head = /^(?:[ \t]*(?:--.*)?\r?\n)*/.exec(text)![0]
  return Buffer.from(head.replace(importMarks, '') + text.slice(head.length), 'latin1')
}
