import { readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { osUser } from './os-user.ts'

// sqlite.org/fileformat2.html and walformat.html: who writes has the RESERVED byte of the file, or the write lock of the WAL index.
const reservedByte = 0x40000001
const walWriteByte = 120

/**
 * The process that has a database file locked for writing. SQLite cannot be asked, but Linux lists its locks; undefined
 * elsewhere, and for a process that is not to be seen from here (another machine or container).
 */
export function writerOf(path: string): string | undefined {
  const pid = lockedBy(path, reservedByte) ?? lockedBy(`${path}-shm`, walWriteByte)
  return pid === undefined ? undefined : told(pid)
}

function lockedBy(path: string, byte: number): number | undefined {
  try {
    const { ino } = statSync(path)
    for (const line of readFileSync('/proc/locks', 'utf8').split('\n')) {
      const [, kind, , access, pid, file, from, to] = line.trim().split(/\s+/)
      if (kind !== 'POSIX' || access !== 'WRITE' || file?.split(':')[2] !== String(ino)) continue
      const covers = Number(from) <= byte && (to === 'EOF' || Number(to) >= byte)
      if (covers && Number(pid) > 0 && Number(pid) !== process.pid) return Number(pid)
    }
  } catch {
    // no such file, or not Linux
  }
  return undefined
}

function told(pid: number): string | undefined {
  try {
    const { uid } = statSync(`/proc/${pid}`)
    const user = uid === process.getuid?.() ? osUser() : `with id ${uid}`
    const started = new Date(startOf(pid) * 1000).toISOString().slice(0, 19)
    return `pid ${pid} on ${hostname()}, user ${user}, since ${started.replace('T', ' ')}Z`
  } catch {
    return `pid ${pid} on ${hostname()}`
  }
}

/** proc(5): field 22 of stat counts hundredths of seconds since boot; the name in field 2 may hold anything. */
function startOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ')
  const boot = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]
  return Number(boot) + Number(fields[19]) / 100
}
