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
  const { dialect, maxMessage, announced, greeting } = session
  return {
    dialect,
    ...(maxMessage === undefined ? {} : { maxMessage }),
    ...(announced === undefined ? {} : { announced }),
    ...(greeting === undefined ? {} : { greeting }),
    ...(session.eachAlone && { eachAlone: () => session.eachAlone!() }),
    ...(session.roundTrip && { roundTrip: () => session.roundTrip!() }),
    ...(session.inTransaction && { inTransaction: () => session.inTransaction!() }),
    ...(session.writer && { writer: (suffix: string) => session.writer?.(suffix) }),
    query: (sql) => clean(session.query(sql)),
    exec: (statements, heard) => clean(session.exec(statements, heard)),
    execThenQuery: (statements, query, heard) => clean(session.execThenQuery(statements, query, heard)),
    queries: (statements) => clean(session.queries(statements)),
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
