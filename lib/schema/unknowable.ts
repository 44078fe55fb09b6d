/**
 * Thrown inside the rooms schema and compiler where the right SQL cannot be known;
 * `compile` and `apply` turn it into a value, and the importer turns that into a todo.
 */
export class Unknowable extends Error {
  override readonly name = 'Unknowable'
}

export function unknowable(reason: string): never {
  throw new Unknowable(reason)
}
