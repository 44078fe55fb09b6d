import { Unknowable } from '../schema/unknowable.ts'
import { unreadable } from './unreadable.ts'

/** Runs a part of the compiler: what that cannot know the importer cannot read. */
export function rendering<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof Unknowable)) throw error
    return unreadable(error.message)
  }
}
