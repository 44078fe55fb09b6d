/** Thrown where a statement says something that is not understood; `readDdl` makes an unknown effect of it. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood'
}

export function notUnderstood(reason: string): never {
  throw new NotUnderstood(reason)
}
