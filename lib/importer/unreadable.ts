/**
 * Thrown between functions of the importer where an argument of a script cannot be known. A `hostFunction` turns it into
 * an Unknown, an effect turns it into a todo; it never passes through the evaluator.
 */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

export function unreadable(reason: string): never {
  throw new Unreadable(reason)
}
