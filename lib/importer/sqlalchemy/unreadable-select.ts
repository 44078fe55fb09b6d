import type { Value } from '../../python/values.ts'
import { type Call, hostFunction } from '../host-function.ts'
import { Unreadable, unreadable } from '../unreadable.ts'
import { SaStatement, type StatementData } from './sa-statement.ts'

/** A SELECT of which something is not known. It only reads, whatever it is. */
export class UnreadableSelect extends SaStatement {
  readonly #reason: string

  constructor(reason: string) {
    super({ kind: 'text', sql: '' })
    this.#reason = reason
  }

  override get data(): StatementData {
    return unreadable(this.#reason)
  }

  /** Whatever is added to it, it stays one. */
  override get(name: string): Value | undefined {
    return ['c', 'columns', 'selected_columns'].includes(name) ? undefined : hostFunction(name, () => this)
  }
}

const pure =
  /^(min|max|count|sum|avg|lower|upper|coalesce|length|trim|substr|substring|replace|concat|row_number|rank|json_extract)$/i

function mayChange(source: string): boolean {
  const called = [...source.matchAll(/\bfunc\.(\w+)/g)].map(([, name]) => name!)
  return called.some((name) => !pure.test(name)) || /\btext\(/.test(source)
}

/** Whether a SELECT may call a function that changes something. */
export function callsMore(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false
  if ('kind' in part) {
    if (part.kind === 'sql' || part.kind === 'nextValue') return true
    if (part.kind === 'function' && 'name' in part && !pure.test(String(part.name))) return true
  }
  return Object.values(part).some(callsMore)
}

/** A part that cannot be read makes no other statement of a SELECT, unless it may call a function that changes something. */
export function readingStill(call: Call, run: () => Value): Value {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof Unreadable) || mayChange(call.vm.excerpt(call.at))) throw error
    return new UnreadableSelect(error.message)
  }
}
