import type { Lexis } from './lexis.ts'

export type TokenKind =
  | 'space'
  | 'comment'
  | 'hint' // /*+ … */
  | 'code' // /*!50001 : what follows is code
  | 'endcode' // the */ that ends it
  | 'word'
  | 'number'
  | 'string'
  | 'name'
  | 'terminator'
  | 'open'
  | 'close'
  | 'operator'
  | 'backslash'
  | 'unterminated'
  | 'end'

const wordPattern = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y
const numberPattern = /\d[\w.]*(?:(?<=[eE])[+-]\d+)?/y
const spacePattern = /[ \t\n\r\f\v]+/y
const dollarTagPattern = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y
const codeOpenPattern = /\/\*M?!\d*/y

/**
 * Reads one token at a time from a piece of text. `end` and `what` describe the last one: a lexer is a cursor without
 * memory, so that a token cut by the end of a chunk is simply read again when more of it is there.
 */
export class Lexer {
  lexis: Lexis
  /** The custom terminator of MySQL's DELIMITER command. */
  delimiter = ';'
  /** Where the last token ends. */
  end = 0
  /** What an unterminated token is. */
  what = ''

  constructor(lexis: Lexis) {
    this.lexis = lexis
  }

  /** Reads the token at `at`; `inCode` says that a conditional comment is open. */
  next(text: string, at: number, inCode: boolean): TokenKind {
    if (at >= text.length) {
      this.end = at
      return 'end'
    }
    if (this.delimiter !== ';' && this.isDelimiter(text, at)) return this.took('terminator', at + this.delimiter.length)
    const code = text.charCodeAt(at)
    if (code === 32 || (code >= 9 && code <= 13)) return this.matched('space', spacePattern, text, at)
    if (isWordStart(code)) return this.word(text, at, code)
    if (code >= 48 && code <= 57) return this.matched('number', numberPattern, text, at)
    return this.punctuation(text, at, code, inCode)
  }

  private isDelimiter(text: string, at: number): boolean {
    if (!text.startsWith(this.delimiter, at)) return false
    // a delimiter made of letters is a word of its own, not a part of one
    if (!/^\w+$/.test(this.delimiter)) return true
    const boundary = (a: number, b: number) => !(isWordPart(text.charCodeAt(a)) && isWordPart(text.charCodeAt(b)))
    const end = at + this.delimiter.length
    return boundary(at - 1, at) && boundary(end - 1, end)
  }

  private took(kind: TokenKind, end: number): TokenKind {
    this.end = end
    return kind
  }

  private matched(kind: TokenKind, pattern: RegExp, text: string, at: number): TokenKind {
    pattern.lastIndex = at
    pattern.test(text)
    return this.took(kind, this.beforeDelimiter(text, at, pattern.lastIndex))
  }

  /** `END$$` is a word and a delimiter, though `$` may be a part of words. */
  private beforeDelimiter(text: string, at: number, end: number): number {
    if (!this.delimiter.includes('$')) return end
    const found = text.indexOf(this.delimiter, at)
    return found > at && found < end ? found : end
  }

  private word(text: string, at: number, code: number): TokenKind {
    const next = text.charCodeAt(at + 1)
    if (next === 39 && this.lexis.escapeStrings && (code | 32) === 101) {
      return this.quoted('string', text, at + 2, 39, true)
    }
    if (next === 38 && this.lexis.dollarQuotes && (code | 32) === 117) {
      const quote = text.charCodeAt(at + 2)
      if (quote === 39) return this.quoted('string', text, at + 3, 39, false)
      if (quote === 34) return this.quoted('name', text, at + 3, 34, false)
    }
    return this.matched('word', wordPattern, text, at)
  }

  private punctuation(text: string, at: number, code: number, inCode: boolean): TokenKind {
    const lexis = this.lexis
    const next = text.charCodeAt(at + 1)
    switch (code) {
      case 59: // ;
        return this.took(this.delimiter === ';' ? 'terminator' : 'operator', at + 1)
      case 39: // '
        return this.quoted('string', text, at + 1, 39, lexis.backslashEscapes)
      case 34: // "
        return lexis.doubleQuotedStrings
          ? this.quoted('string', text, at + 1, 34, lexis.backslashEscapes)
          : this.quoted('name', text, at + 1, 34, false)
      case 96: // `
        return lexis.backticks ? this.quoted('name', text, at + 1, 96, false) : this.took('operator', at + 1)
      case 91: // [
        return lexis.brackets ? this.upTo('name', text, at + 1, ']', 'a [name]') : this.took('operator', at + 1)
      case 40:
        return this.took('open', at + 1)
      case 41:
        return this.took('close', at + 1)
      case 92:
        return this.took('backslash', at + 1)
      case 36: // $
        return lexis.dollarQuotes ? this.dollar(text, at) : this.took('operator', at + 1)
      case 35: // #
        return lexis.hashComments ? this.lineComment(text, at) : this.took('operator', at + 1)
      case 45: // -
        if (next !== 45) return this.took('operator', at + 1)
        if (lexis.dashNeedsSpace && text.charCodeAt(at + 2) > 32) return this.took('operator', at + 1)
        return this.lineComment(text, at)
      case 47: // /
        return next === 42 ? this.blockComment(text, at) : this.took('operator', at + 1)
      case 42: // *
        return inCode && next === 47 ? this.took('endcode', at + 2) : this.took('operator', at + 1)
      default:
        return this.took('operator', at + 1)
    }
  }

  private lineComment(text: string, at: number): TokenKind {
    const newline = text.indexOf('\n', at)
    return this.took('comment', newline < 0 ? text.length : newline)
  }

  private blockComment(text: string, at: number): TokenKind {
    if (this.lexis.conditionalComments) {
      codeOpenPattern.lastIndex = at
      if (codeOpenPattern.test(text)) return this.took('code', codeOpenPattern.lastIndex)
    }
    const kind = text.charCodeAt(at + 2) === 43 ? 'hint' : 'comment'
    if (!this.lexis.nestedComments) return this.upTo(kind, text, at + 2, '*/', 'a comment')
    const mark = /\/\*|\*\//g
    mark.lastIndex = at
    let depth = 0
    for (let found = mark.exec(text); found; found = mark.exec(text)) {
      depth += found[0] === '/*' ? 1 : -1
      if (depth === 0) return this.took(kind, mark.lastIndex)
    }
    return this.unterminated('a comment', text)
  }

  private dollar(text: string, at: number): TokenKind {
    dollarTagPattern.lastIndex = at
    if (!dollarTagPattern.test(text)) return this.took('operator', at + 1)
    const tag = text.slice(at, dollarTagPattern.lastIndex)
    return this.upTo('string', text, dollarTagPattern.lastIndex, tag, `a ${tag} body`)
  }

  private upTo(kind: TokenKind, text: string, from: number, closing: string, what: string): TokenKind {
    const found = text.indexOf(closing, from)
    return found < 0 ? this.unterminated(what, text) : this.took(kind, found + closing.length)
  }

  private quoted(kind: TokenKind, text: string, from: number, quote: number, escapes: boolean): TokenKind {
    const end = escapes ? escapedEnd(text, from, quote) : doubledEnd(text, from, String.fromCharCode(quote))
    if (end < 0) return this.unterminated(kind === 'name' ? 'a quoted name' : 'a string', text)
    return this.took(kind, end)
  }

  private unterminated(what: string, text: string): TokenKind {
    this.what = what
    return this.took('unterminated', text.length)
  }
}

/** Behind the end of a string or name in which the quote is doubled; -1 where that is not there. */
export function doubledEnd(text: string, from: number, quote: string): number {
  for (let at = from; ; at += 2) {
    at = text.indexOf(quote, at)
    if (at < 0) return -1
    if (text[at + 1] !== quote) return at + 1
  }
}

/** The same where a backslash escapes, too. */
export function escapedEnd(text: string, from: number, quote: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 92) at++
    else if (code === quote) {
      if (text.charCodeAt(at + 1) !== quote) return at + 1
      at++
    }
  }
  return -1
}

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128
}

function isWordPart(code: number): boolean {
  return isWordStart(code) || (code >= 48 && code <= 57) || code === 36
}
