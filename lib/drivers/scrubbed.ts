import { ServerError, type Session } from './driver.ts'
import type { Target } from './target.ts'
import { scrub } from './url.ts'

/** The session with the password taken out of all that its server says; whatever shows or keeps an error need not care. */
export function scrubbed(session: Session, target: Target): Session {
  if (!target.password) return session
  const clean = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw error instanceof ServerError ? cleaned(error, target) : error
    }
  }
  const { dialect, maxMessage, announced } = session
  return {
    dialect,
    ...(maxMessage === undefined ? {} : { maxMessage }),
    ...(announced === undefined ? {} : { announced }),
    ...(session.writer && { writer: (suffix: string) => session.writer?.(suffix) }),
    query: (sql) => clean(session.query(sql)),
    exec: (statements) => clean(session.exec(statements)),
    launch: async (statements) => {
      const { done } = await session.launch(statements)
      const cleaned = clean(done)
      // as with the session's own, it may be awaited late
      cleaned.catch(() => undefined)
      return { done: cleaned }
    },
    execThenQuery: (statements, query) => clean(session.execThenQuery(statements, query)),
    copyIn: (statement, data) => clean(session.copyIn(statement, data)),
    cancel: () => session.cancel(),
    close: () => session.close(),
  }
}

function cleaned(error: ServerError, target: Target): ServerError {
  const of = (text: string) => scrub(text, target)
  const [message, detail, hint] = [of(error.message), error.detail && of(error.detail), error.hint && of(error.hint)]
  if (message === error.message && detail === error.detail && hint === error.hint) return error
  // the driver's own error, as a cause, would have it still
  const { code, index, position, line, nothingRan, lost } = error
  return new ServerError(message, { code, index, position, line, nothingRan, lost, detail, hint })
}
