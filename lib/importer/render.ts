import type { DialectName } from '../dialects/dialect-name.ts'
import { dialects } from '../dialects/dialects.ts'
import type { Comment } from '../python/ast.ts'
import { revisionText } from '../text/directives.ts'
import { Lexer } from '../text/lexer.ts'
import { Splitter } from '../text/split.ts'
import type { Guarded, Planned } from './expectations.ts'
import { conditionText } from './guards.ts'

export interface FileHead {
  readonly title: string | undefined
  /** The script's path, as people find it. */
  readonly source: string
  readonly revision: string | undefined
  readonly after: readonly string[] | undefined
  readonly noTransaction: boolean
  /** What was taken for granted in the conversion. */
  readonly notes?: readonly string[]
}

export interface Rendering {
  readonly dialect: DialectName
  /** The script's path, as it stands in the places of its items. */
  readonly file: string
  readonly comments: readonly Comment[]
}

/** The text of a migration: its head, then each statement as a paragraph. */
export function render(head: FileHead, items: readonly Planned[], how: Rendering): string {
  const comments = new CommentsAbove(how.comments)
  const paragraphs = items.flatMap((item) => {
    const above = comments.take(lineOf(item, how.file))
    return item.kind === 'todo' ? [todoText(head, item, how.file)] : statementTexts(item, above, how.dialect)
  })
  const text = `${[headText(head), ...paragraphs].join('\n\n')}\n`
  checkStatements(text, items, how.dialect)
  return text
}

export function headText({ title, source, revision, after, noTransaction, notes = [] }: FileHead): string {
  const lines = [
    ...(title === undefined ? [] : [comment(title)]),
    ...notes.map((note) => comment(note)),
    `-- sqlmig: source ${source}`,
    ...(revision === undefined ? [] : [`-- sqlmig: legacy-revision ${revisionText(revision)}${afterText(after)}`]),
    '-- sqlmig: downgrade absent',
    ...(noTransaction ? ['-- sqlmig: no-transaction'] : []),
  ]
  return lines.join('\n')
}

function afterText(after: readonly string[] | undefined): string {
  return after === undefined ? '' : ` after ${after.length === 0 ? 'base' : after.map(revisionText).join(', ')}`
}

/** The line of the script itself where an item comes from, also where a helper function did it. */
export function lineOf({ site }: Planned, file: string): number {
  const own = site.stack.findLast((place) => place.file === file)
  return (own ?? site.place).line
}

function todoText({ source }: FileHead, todo: Extract<Planned, { kind: 'todo' }>, file: string): string {
  const line = lineOf(todo, file)
  const excerpt = todo.excerpt.split('\n').map((text) => `--   ${text}`.trimEnd())
  return [todoLine(source, { line, reason: todo.reason }), ...(todo.excerpt ? excerpt : [])].join('\n')
}

export function todoLine(source: string, { line, reason }: { readonly line: number; readonly reason: string }): string {
  return `-- sqlmig: todo ${source}:${line}: ${oneLine(reason)}`
}

function statementTexts(item: Guarded, above: readonly string[], dialect: DialectName): readonly string[] {
  const notes = [...above, ...item.notes.map(oneLine)].map((text) => comment(text))
  if (item.statements.length === 0) return notes.length > 0 ? [notes.join('\n')] : []
  return item.statements.map((statement, at) => {
    const directives = at === 0 ? firstDirectives(item) : laterDirectives(item)
    return [...(at === 0 ? notes : []), ...directives, terminated(dedent(statement, dialect), dialect)].join('\n')
  })
}

function firstDirectives({ expects, when, above, where }: Guarded): readonly string[] {
  const conditions = [...(above ? ['above'] : []), ...when.map(conditionText)]
  return [
    ...directive('expect', expects.map(conditionText)),
    ...directive('when', conditions),
    ...directive('expect', where.map(conditionText)),
  ]
}

/** What one operation compiles to runs as a whole or not at all, whatever its first statement changes. */
function laterDirectives({ when, above }: Guarded): readonly string[] {
  return when.length > 0 || above ? ['-- sqlmig: when above'] : []
}

function directive(name: string, conditions: readonly string[]): readonly string[] {
  return conditions.length === 0 ? [] : [`-- sqlmig: ${name} ${conditions.join(' and ')}`]
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** A comment of ours is never taken for a directive. */
function comment(text: string): string {
  return `-- ${oneLine(text).replace(/^sqlmig:/i, 'sqlmig :')}`.trimEnd()
}

/** A statement that ends in a line comment has its terminator on the next line. */
function terminated(text: string, dialect: DialectName): string {
  const lexer = new Lexer(dialects[dialect].lexis())
  let last = ''
  for (let at = 0; at < text.length; at = Math.max(at + 1, lexer.end)) last = lexer.next(text, at, false)
  return last === 'comment' ? `${text}\n;` : `${text};`
}

/** Takes the script's indentation away, unless a literal or a body reaches over lines: those stand to the letter. */
function dedent(text: string, dialect: DialectName): string {
  if (!text.includes('\n') || hasLongToken(text, dialect)) return text
  const [first = '', ...rest] = text.split('\n').map((line) => line.trimEnd())
  const indents = rest.filter((line) => line !== '').map((line) => /^\s*/.exec(line)![0].length)
  const own = Math.min(...indents)
  const closing = rest.at(-1)?.trim().startsWith(')') ? 0 : 2
  const inner = rest.map((line) => (line === '' ? '' : ' '.repeat(own > 0 ? closing : 0) + line.slice(own)))
  return [first, ...inner].filter((line, at) => line !== '' || at === 0).join('\n')
}

function hasLongToken(text: string, dialect: DialectName): boolean {
  const lexer = new Lexer(dialects[dialect].lexis())
  for (let at = 0; at < text.length; at = lexer.end) {
    const kind = lexer.next(text, at, false)
    if (kind !== 'space' && text.slice(at, lexer.end).includes('\n')) return true
    if (lexer.end <= at) return true
  }
  return false
}

/** A file that does not say what was converted. */
export class MisreadText extends Error {}

/** The file says exactly what was converted: each statement once, in order. */
export function checkStatements(text: string, items: readonly Planned[], dialect: DialectName): void {
  const wanted = items.flatMap((item) => (item.kind === 'sql' ? item.statements : []))
  const found = [...new Splitter([text], dialects[dialect].lexis())].map((statement) => statement.text)
  const squeeze = (sql: string) => sql.replace(/\s+/g, '')
  const at = wanted.findIndex((sql, index) => squeeze(sql) !== squeeze(found[index] ?? ''))
  if (at >= 0 || found.length !== wanted.length)
    throw new MisreadText(`the rendered file has not the statements that were converted, from statement ${at + 1} on`)
}

/** The comments of a script that stand directly above a line; each is used once. */
class CommentsAbove {
  readonly #byLine: ReadonlyMap<number, string>
  readonly #used = new Set<number>()

  constructor(comments: readonly Comment[]) {
    this.#byLine = new Map(comments.filter((c) => c.alone && explains(c.text)).map((c) => [c.line, c.text]))
  }

  take(line: number): readonly string[] {
    const found: string[] = []
    for (let at = line - 1; this.#byLine.has(at) && !this.#used.has(at); at--) {
      found.unshift(this.#byLine.get(at)!)
      this.#used.add(at)
    }
    return found
  }
}

function explains(text: string): boolean {
  return (
    !/^[\s#]*(?:###|noqa|type:|pylint|pragma|fmt:|isort|commands auto generated|end Alembic|revision identifiers|please adjust|-{3,}|={3,})/i.test(
      text,
    ) && /\w/.test(text)
  )
}
