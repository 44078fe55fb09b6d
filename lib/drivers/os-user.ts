import { userInfo } from 'node:os'

/** The user of the operating system, whom the servers' own clients take where a URL names nobody. */
export function osUser(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under an id without a name.
    return ''
  }
}
