import type { TokenKind } from './lexer.ts'

/** How a dialect writes SQL down: facts that drive the one scanner. */
export interface Lexis {
  readonly hashComments: boolean
  /** `--` opens a comment only before white space or a control character. */
  readonly dashNeedsSpace: boolean
  readonly nestedComments: boolean
  /** `/*! … *​/` and `/*M! … *​/` hold code. */
  readonly conditionalComments: boolean
  /** A backslash escapes the next character in plain strings. */
  readonly backslashEscapes: boolean
  /** `E'…'` strings, in which a backslash always escapes. */
  readonly escapeStrings: boolean
  readonly dollarQuotes: boolean
  /** `"…"` is a string, with the escapes of strings. */
  readonly doubleQuotedStrings: boolean
  readonly backticks: boolean
  readonly brackets: boolean
  /** Whose commands may stand between the statements of a file. */
  readonly client: 'psql' | 'mysql' | 'sqlite3'
  /** Words that begin a command of that program where they begin a line, and no statement. */
  readonly clientCommands: ReadonlySet<string>
  /** The server keeps a statement's text up to its terminator, white space too. */
  readonly textToTerminator: boolean
  /** Words whose case says nothing: all that are not quoted, or only these. */
  readonly caseBlind: 'all' | ReadonlySet<string>
  /** A tracker of blocks for statements that begin with this word and may hold terminators inside; else undefined. */
  readonly blocks: (firstWord: string) => BlockTracker | undefined
  /** The lexis after a statement (`SET sql_mode = …`); only asked after statements that begin with SET or SELECT. */
  readonly after: (statement: string) => Lexis
}

/** Told of every token of a statement, it knows whether a terminator would stand inside a block. */
export interface BlockTracker {
  /** @param word the word in lower case, or the character of an operator */
  token(kind: TokenKind, word: string): void
  readonly inside: boolean
  /** What is open, for the error at the end of the file. */
  readonly what: string
}
