/** Flyway's versions are numbers between dots (its source, MigrationVersion.java); anything else is none. */
export function versionParts(version: string): readonly bigint[] {
  return /^\d+(?:[._]\d+)*$/.test(version) ? version.split(/[._]/).map(BigInt) : []
}

export function compareParts(a: readonly bigint[], b: readonly bigint[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [left, right] = [a[at] ?? 0n, b[at] ?? 0n]
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}
