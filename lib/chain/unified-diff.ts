/** A unified diff from the recorded to the current text of a migration. */
export async function unifiedDiff(id: string, before: string, now: string): Promise<string> {
  const { createTwoFilesPatch } = await import('diff')
  return createTwoFilesPatch(`${id} as applied`, `${id} as it is now`, before, now, '', '', { context: 3 })
}
