import type { Block, Problem } from './tool-file.ts'

/** The part of a file that leads up. */
export interface UpPart {
  readonly sql: string
  readonly firstLine: number
  readonly blocks: readonly Block[]
  readonly noTransaction: boolean
  readonly hadDowngrade: boolean
  readonly problems: readonly Problem[]
}

type Section = 'head' | 'up' | 'down'

/** Takes a file apart line by line; lines are numbered from 1. What is not of the up part is left blank. */
export class Sections {
  readonly lines: readonly string[]
  section: Section = 'head'
  noTransaction = false
  readonly problems: Problem[] = []
  readonly #kept: string[] = []
  readonly #blocks: Block[] = []
  #blockFrom: number | undefined
  #hadDowngrade = false
  #hadUp = false

  constructor(text: string) {
    this.lines = linesOf(text)
  }

  get line(): number {
    return this.#kept.length + 1
  }

  get inBlock(): boolean {
    return this.#blockFrom !== undefined
  }

  /** A line that is no marker; comments of the head are kept, statements there are the caller's to judge. */
  take(line: string): void {
    const keep = this.section === 'up' || (this.section === 'head' && isComment(line))
    if (this.section === 'down' && !isComment(line)) this.#hadDowngrade = true
    this.#kept.push(keep ? line : '')
  }

  /** A marker's line, which begins a section where one is named. */
  marker(section?: Exclude<Section, 'head'>): void {
    if (section !== undefined) this.section = section
    if (section === 'up') this.#hadUp = true
    this.#kept.push('')
  }

  begin(): void {
    if (this.section === 'up') this.#blockFrom = this.line
    this.marker()
  }

  end(): void {
    if (this.#blockFrom !== undefined) this.#blocks.push({ begin: this.#blockFrom, end: this.line })
    this.#blockFrom = undefined
    this.marker()
  }

  problem(reason: string): void {
    this.problems.push({ line: this.line, reason })
  }

  finish(tool: { readonly name: string; readonly up: string }): UpPart {
    if (!this.#hadUp) this.problems.push({ line: 1, reason: `${tool.name} refuses the file: it has no "${tool.up}"` })
    if (this.#blockFrom !== undefined)
      this.problems.push({ line: this.#blockFrom, reason: 'the StatementBegin here has no StatementEnd' })
    const { noTransaction, problems } = this
    return {
      ...joined(this.#kept),
      blocks: this.#blocks,
      noTransaction,
      hadDowngrade: this.#hadDowngrade,
      problems,
    }
  }
}

/** A whole file that leads up. */
export function wholeFile(text: string): UpPart {
  return { ...joined(linesOf(text)), blocks: [], noTransaction: false, hadDowngrade: false, problems: [] }
}

/** The text of lines of which the first has the number 1, without the blank ones around it. */
export function joined(lines: readonly string[]): { readonly sql: string; readonly firstLine: number } {
  const first = lines.findIndex((line) => line.trim() !== '')
  if (first < 0) return { sql: '', firstLine: 1 }
  const last = lines.findLastIndex((line) => line.trim() !== '')
  return { sql: `${lines.slice(first, last + 1).join('\n')}\n`, firstLine: first + 1 }
}

export function hasStatements(text: string): boolean {
  return linesOf(text).some((line) => !isComment(line))
}

/** A carriage return stays with its line. */
export function linesOf(text: string): readonly string[] {
  return text.replace(/^\ufeff/, '').split('\n')
}

export function isComment(line: string): boolean {
  return /^\s*(?:--|$)/.test(line)
}
