/** What is wrong with a source text, and where; line and column count from 1, the column in code points. */
export interface SyntaxProblem {
  readonly message: string
  readonly line: number
  readonly column: number
  readonly offset: number
}

/** Thrown inside the tokenizer and the parser only; `parse` turns it into a value. */
export class Failure extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}
