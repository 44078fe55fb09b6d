const call =
  /^[\w.\s()[\]]*\b(?:execute|executemany|scalar|scalars|fetch|fetchrow|fetchval|exec_driver_sql)\(\s*(?:[\w.]+\(\s*)?[rf]{0,2}("""|'''|"|')([\s\S]*)$/i

/** The text that a call hands over first, as it is written. */
function firstText(source: string): string | undefined {
  const [, quote, rest] = call.exec(source) ?? []
  return quote !== undefined && rest !== undefined ? rest.slice(0, rest.indexOf(quote)) : undefined
}

/**
 * Whether a call hands over a text of which something is unknown, but that surely only reads:
 * `conn.execute(f"SELECT count(*) FROM {table}")`. `source` is the call as it is written.
 */
export function isReading(source: string): boolean {
  const text = firstText(source)
  return (
    text !== undefined &&
    /^\s*(?:select\s[^;(]*\sfrom\s|select\s+(?:count|max|min|sum)\([^;()]*\)[^;(]*\sfrom\s|pragma\s+(?:table_info|index_list|foreign_key_list)\b|show\s)/i.test(
      text,
    ) &&
    !text.includes(';')
  )
}

/** Whether it surely changes nothing but rows: `conn.execute(f"UPDATE {table} SET …")`. */
export function isWriting(source: string): boolean {
  const text = firstText(source)
  return text !== undefined && /^\s*(?:insert\s+into|update|delete\s+from)\s[^;]*;?\s*$/i.test(text)
}
