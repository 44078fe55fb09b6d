const aliases: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  'utf-8-sig': 'utf-8',
  u8: 'utf-8',
  ascii: 'latin-1',
  'us-ascii': 'latin-1',
  latin1: 'latin-1',
  'iso-8859-1': 'latin-1',
  'iso-latin-1': 'latin-1',
  l1: 'latin-1',
}

/** The text of a Python source file, by its BOM or the encoding comment in its first two lines (PEP 263). */
export function decodeSource(bytes: Uint8Array): { readonly text: string } | { readonly error: string } {
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const head = latin1(bytes.subarray(0, 400)).split(/\r\n|\r|\n/, 2)
  const declared = bom ? undefined : encodingIn(head)
  const name = declared === undefined ? 'utf-8' : (aliases[declared] ?? declared)
  if (name === 'latin-1') return { text: latin1(bytes) }
  try {
    return { text: new TextDecoder(name, { fatal: true }).decode(bytes) }
  } catch {
    return { error: name === 'utf-8' ? 'the file is not valid UTF-8' : `the file cannot be read as ${declared}` }
  }
}

function encodingIn(head: readonly string[]): string | undefined {
  const pattern = /^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)/
  const found =
    pattern.exec(head[0] ?? '') ?? (/^[ \t\f]*(#.*)?$/.test(head[0] ?? '') ? pattern.exec(head[1] ?? '') : null)
  return found?.[1]?.toLowerCase().replaceAll('_', '-')
}

function latin1(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += 8192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)))
  return parts.join('')
}
