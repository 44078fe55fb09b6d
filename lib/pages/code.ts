import type { DialectName } from '../dialects/dialect-name.ts'
import { dialects } from '../dialects/dialects.ts'
import type { TokenKind } from '../text/lexer.ts'
import { Lexer } from '../text/lexer.ts'
import { Html, html, joined, withoutSecrets } from './html.ts'

/** Elements of one letter: a page may hold a hundred thousand of them. */
type Mark = 'b' | 'i' | 'u' | undefined

interface Run {
  readonly mark: Mark
  readonly text: string
}

const keywords = new Set(
  `add after all alter always analyze and as asc auto_increment autoincrement begin between bigint blob boolean by bytea
  cascade case cast char character check column comment commit concurrently conflict constraint copy create cross current_date
  current_timestamp database date datetime decimal declare default deferrable delete desc distinct do domain double drop each
  else elsif end enum except execute exists extension false first for foreign from full function generated grant group having
  identity if in index inner inherits insert int integer intersect interval into is join json jsonb key left like
  limit local lock loop materialized modify not nothing null numeric of offset on only or order outer owner partition plpgsql
  policy pragma primary procedure public references regexp rename replace restrict return returning returns revoke right
  rollback row rows schema select sequence serial set smallint start stored table temporary text then time timestamp to
  trigger true truncate type union unique update using uuid vacuum valid validate values varchar varying view virtual when
  where while with without zone`.split(/\s+/),
)

/** SQL with its keywords, strings and comments told apart; a line that is a directive is marked as one. */
export function sqlCode(text: string, dialect: DialectName): Html {
  // before it is taken apart: a password may look like a keyword
  return numbered(linesOf(runsOf(withoutSecrets(text), dialect)), (line) => {
    const directive = /^\s*--\s*sqlmig:\s*(\S+)/.exec(line)?.[1]
    if (directive === 'todo') return 'todo'
    return directive === 'when' || directive === 'expect' ? 'guard' : directive === undefined ? undefined : 'directive'
  })
}

/** Text as it is, with some of its lines marked. */
export function plainCode(text: string, marked: ReadonlySet<number> = new Set()): Html {
  const lines = text.replace(/\n$/, '').split('\n')
  return numbered(
    lines.map((line) => [{ mark: undefined, text: line }]),
    (_, number) => (marked.has(number) ? 'todo' : undefined),
  )
}

/** A unified diff, without its head. */
export function diffCode(patch: string): Html {
  const lines = patch.replace(/\n$/, '').split('\n')
  const from = lines.findIndex((line) => line.startsWith('@@'))
  const marked = lines.slice(Math.max(from, 0)).map((line) => {
    // an edit of line ends alone would show nothing
    const text = line.replace(/\r$/, '␍')
    if (line.startsWith('+')) return html`<ins>${text}</ins>`
    if (line.startsWith('-')) return html`<del>${text}</del>`
    return line.startsWith('@@') ? html`<b>${text}</b>` : html`<span>${text}</span>`
  })
  return html`<pre class="diff" tabindex="0">${marked}</pre>`
}

function numbered(
  lines: readonly (readonly Run[])[],
  classOf: (line: string, number: number) => string | undefined,
): Html {
  const rendered = lines.map((runs, at) => {
    const kind = classOf(runs.map(({ text }) => text).join(''), at + 1)
    const inside = runs.map(marked)
    return kind === undefined ? html`<span>${inside}</span>` : html`<span class="${kind}">${inside}</span>`
  })
  return html`<pre class="code" tabindex="0">${joined(rendered, '\n')}</pre>`
}

function marked({ mark, text }: Run): Html {
  const inside = html`${text}`
  return mark === undefined ? inside : new Html(`<${mark}>${inside.text}</${mark}>`)
}

function runsOf(text: string, dialect: DialectName): readonly Run[] {
  const lexer = new Lexer(dialects[dialect].lexis())
  const runs: Run[] = []
  let plain = 0
  for (let at = 0; ; at = lexer.end) {
    const kind = lexer.next(text, at, false)
    if (kind === 'end' || kind === 'unterminated') break
    const mark = markOf(kind, text, at, lexer.end)
    if (mark === undefined) continue
    if (plain < at) runs.push({ mark: undefined, text: text.slice(plain, at) })
    runs.push({ mark, text: text.slice(at, lexer.end) })
    plain = lexer.end
  }
  if (plain < text.length) runs.push({ mark: undefined, text: text.slice(plain) })
  return runs
}

function markOf(kind: TokenKind, text: string, start: number, end: number): Mark {
  if (kind === 'comment') return 'i'
  if (kind === 'string') return 'u'
  return kind === 'word' && end - start < 20 && keywords.has(text.slice(start, end).toLowerCase()) ? 'b' : undefined
}

function linesOf(runs: readonly Run[]): readonly (readonly Run[])[] {
  const lines: Run[][] = [[]]
  for (const { mark, text } of runs) {
    text.split('\n').forEach((part, at) => {
      if (at > 0) lines.push([])
      const own = part.replace(/\r$/, '')
      if (own !== '') lines.at(-1)!.push({ mark, text: own })
    })
  }
  if (lines.length > 1 && lines.at(-1)!.length === 0) lines.pop()
  return lines
}
