/** Python's bytes: each character is one byte. */
export class Bytes {
  readonly kind = 'bytes'
  readonly data: string

  constructor(data: string) {
    this.data = data
  }
}
