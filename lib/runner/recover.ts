import type { Statement } from '../text/split.ts'
import type { Run } from './run.ts'

/** Clears away what a statement left that was cut off; true where it took effect as a whole. */
export async function recover({ session, dialect }: Run, statement: Statement): Promise<boolean> {
  const recovery = dialect.recovery(statement)
  if (!recovery?.left) return false
  const [row] = await session.query(recovery.left)
  if (row && row.done !== true) await session.exec([recovery.clear])
  return row?.done === true
}
