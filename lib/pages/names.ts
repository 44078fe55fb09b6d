/** The anchor of a migration; an id may be anything where somebody else has written into the ledger. */
export function anchorOf(id: string): string {
  return /^[\w.-]+$/.test(id)
    ? `m-${id}`
    : `m-${[...new TextEncoder().encode(id)].map((byte) => byte.toString(16)).join('')}`
}

/** `20251203_141500_index_lead_by_email` as a title: index lead by email. */
export function titleOf(id: string): string {
  const slug = /^\d{8}_\d{6}_(.+)$/s.exec(id)?.[1]
  return slug === undefined ? id : slug.replaceAll('_', ' ')
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}
