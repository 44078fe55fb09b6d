import type { TokenKind } from '../text/lexer.ts'
import type { BlockTracker } from '../text/lexis.ts'

/** Words that open a stored program after CREATE or ALTER. */
const programs = new Set(['procedure', 'function', 'trigger', 'event', 'package'])
/** Words that may stand between CREATE and the kind of thing created. */
const modifiers = new Set(['create', 'alter', 'or', 'replace', 'definer', 'current_user', 'current_role', 'aggregate'])
/** Words after which a new statement begins inside a program. */
const starters = new Set(['begin', 'atomic', 'then', 'else', 'do', 'loop', 'repeat'])
/** Words that may end the head of a program whose body is a single statement. */
const headEnds = new Set(['row', 'deterministic', 'sql', 'data', 'invoker', 'definer', 'do', ')', "'", ':'])
const compounds = new Set(['if', 'while', 'loop', 'repeat', 'for'])
const closers = new Set([...compounds, 'case'])
/** Words that END can't follow when it closes an expression: there it is a column's name. */
const operators = new Set(['when', 'then', 'and', 'or', 'not', 'in', 'like', 'between', 'by', 'where', 'set', 'select'])

/** The words a statement of a compound nature can begin with. */
export function mysqlBlocks(first: string): BlockTracker | undefined {
  if (first === 'create' || first === 'alter') return new ProgramTracker('unknown')
  // MariaDB runs compound statements outside programs too (Knowledge Base, "Using compound statements outside of stored programs")
  if (first === 'begin' || first === 'case' || compounds.has(first)) return new ProgramTracker('anonymous')
  return undefined
}

type Opener = 'begin' | 'case' | 'case-expression' | 'compound' | 'repeat'

class ProgramTracker implements BlockTracker {
  readonly what = 'a block'
  private kind: 'unknown' | 'program' | 'anonymous' | 'other'
  private readonly open: Opener[] = []
  private parentheses = 0
  private previous = ''
  /** Inside DECLARE … HANDLER FOR …, whose statement follows its conditions. */
  private inHandler = false
  /** The word after END may tell what it ends: it opens nothing. */
  private afterEnd = false

  constructor(kind: 'unknown' | 'anonymous') {
    this.kind = kind
  }

  get inside(): boolean {
    return this.open.length > 0
  }

  token(kind: TokenKind, word: string): void {
    if (kind === 'word') this.word(word)
    else if (kind === 'open') this.parentheses++
    else if (kind === 'close') this.parentheses--
    else if (kind === 'terminator') this.inHandler = false
    if (kind !== 'code' && kind !== 'endcode') this.previous = mark(kind, word)
  }

  private word(word: string): void {
    if (this.kind === 'unknown') this.kind = this.kindOf(word)
    // a column may be called anything behind its table's name
    if (this.kind === 'other' || this.kind === 'unknown' || this.previous === '.') return
    if (this.afterEnd) {
      this.afterEnd = false
      if (closers.has(word)) return
    }
    if (this.kind === 'anonymous' && this.open.length === 0 && this.previous === 'begin' && word === 'not') {
      this.open.push('begin')
    } else if (word === 'end') this.end()
    else if (word === 'case') this.open.push(this.atStatement() ? 'case' : 'case-expression')
    else if (word === 'begin') this.begin()
    else if (word === 'handler') this.inHandler = true
    else if (compounds.has(word) && this.atStatement()) this.open.push(word === 'repeat' ? 'repeat' : 'compound')
  }

  private kindOf(word: string): 'unknown' | 'program' | 'other' {
    if (this.previous === '=' || this.previous === '@') return 'unknown' // DEFINER = user@host
    if (programs.has(word)) return 'program'
    return modifiers.has(word) ? 'unknown' : 'other'
  }

  private begin(): void {
    const isBody = this.open.length === 0 && this.kind === 'program' && this.parentheses === 0
    if (isBody || (this.open.length > 0 && (this.inHandler || this.atStatement()))) this.open.push('begin')
    this.inHandler = false
  }

  private end(): void {
    const top = this.open.at(-1)
    const closesValue = (top === 'case-expression' || top === 'repeat') && !operators.has(this.previous)
    if (!closesValue && !(top !== undefined && this.atStatement())) return
    this.open.pop()
    this.afterEnd = top !== 'case-expression' && top !== 'begin'
  }

  private atStatement(): boolean {
    const { previous } = this
    if (this.open.length === 0) return this.kind === 'anonymous' ? previous === '' : headEnds.has(previous)
    if (previous === ';' || previous === ':') return true
    // inside CASE … END as an expression THEN and ELSE lead to values
    return starters.has(previous) && this.open.at(-1) !== 'case-expression'
  }
}

function mark(kind: TokenKind, word: string): string {
  switch (kind) {
    case 'terminator':
      return ';'
    case 'close':
      return ')'
    case 'string':
      return "'"
    case 'name':
    case 'number':
      return '`'
    default:
      return word
  }
}
