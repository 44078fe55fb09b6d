import type { At } from '../errors.ts'

/** What a run tells while it goes; nothing is told as done before it is committed. */
export type RunEvent =
  | { readonly type: 'connected'; readonly database: string; readonly server: string; readonly from: string }
  | { readonly type: 'plan'; readonly pending: readonly string[] }
  | { readonly type: 'waiting'; readonly holder: string | undefined }
  | { readonly type: 'start'; readonly id: string; readonly file: string; readonly resumedAt: number | undefined }
  /** Bytes of a large file that were read, before anything is run. */
  | { readonly type: 'reading'; readonly id: string; readonly bytes: number; readonly total: number }
  /** Bytes of the file that were read and sent, or are about to be. */
  | { readonly type: 'progress'; readonly id: string; readonly bytes: number; readonly total: number }
  /** A batch of a statement is committed. */
  | {
      readonly type: 'batch'
      readonly id: string
      readonly statement: number
      /** Rows gone through, those of former runs too. */
      readonly rows: number
      /** About how many there are, where that can be told. */
      readonly total: number | undefined
      readonly perSecond: number
      readonly leftMs: number | undefined
    }
  | { readonly type: 'skipped'; readonly id: string; readonly statement: number; readonly why: string; readonly at: At }
  | {
      readonly type: 'applied'
      readonly id: string
      readonly statements: number
      readonly durationMs: number
      /** Rows that it wrote; null where it has no statement that does, or nobody knows. */
      readonly rows: number | null
    }
  /** A lock was not to be had in time; the next try comes after `pauseMs`, or as soon as the lock is free where that is awaited. */
  | {
      readonly type: 'retry'
      readonly id: string
      readonly message: string
      readonly pauseMs: number
      readonly attempt: number
      readonly awaitsLock: boolean
    }
  | { readonly type: 'note'; readonly message: string; readonly at?: At }

export type Listener = (event: RunEvent) => void
