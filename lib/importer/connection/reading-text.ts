/**
 * Whether a call hands over a text of which something is unknown, but that surely only reads:
 * `conn.execute(f"SELECT count(*) FROM {table}")`. `source` is the call as it is written.
 */
export function isReading(source: string): boolean {
  const head =
    /^[\w.\s()[\]]*\b(?:execute|scalar|scalars|fetch|fetchrow|fetchval|exec_driver_sql)\(\s*(?:[\w.]+\(\s*)?[rf]{0,2}("""|'''|"|')([\s\S]*)$/i
  const found = head.exec(source)
  if (!found) return false
  const [, quote, rest] = found as unknown as [string, string, string]
  const text = rest.slice(0, rest.indexOf(quote))
  return (
    /^\s*(?:select\s[^;(]*\sfrom\s|select\s+(?:count|max|min|sum)\([^;()]*\)[^;(]*\sfrom\s|pragma\s+(?:table_info|index_list|foreign_key_list)\b|show\s)/i.test(
      text,
    ) && !text.includes(';')
  )
}
