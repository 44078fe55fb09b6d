import { gunzipSync, gzipSync } from 'node:zlib'

/** Bytes from which on a text is compressed: to do it with a short one takes longer than to write it as it is. */
const worthCompressing = 1024

/** A text as the ledger keeps it. */
export function packed(text: string): Uint8Array {
  const bytes = Buffer.from(text)
  return bytes.length < worthCompressing ? bytes : gzipSync(bytes)
}

/** The bytes of a text that `packed` made. RFC 1952: what is compressed begins with these two, which no UTF-8 does. */
export function unpacked(kept: Uint8Array): Buffer {
  const isCompressed = kept[0] === 0x1f && kept[1] === 0x8b
  return isCompressed ? gunzipSync(kept) : Buffer.from(kept)
}
