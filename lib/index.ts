export type { ToolName } from './adoption/tools.ts'
export { toolNames } from './adoption/tools.ts'
export { type DialectName, dialectNames } from './dialects/dialect-name.ts'
export type { Target } from './drivers/target.ts'
export { parseUrl, scrub } from './drivers/url.ts'
export { type At, type ErrorCode, exitCodes, SqlmigError } from './errors.ts'

import type { RuleFacts } from './review/rule.ts'

export type { RuleFacts, Severity } from './review/rule.ts'
export type { Listener, RunEvent } from './runner/events.ts'
export { MigrationError } from './runner/failure.ts'
export { type MigrationState, waysOut } from './runner/plan.ts'
export { closest } from './text/closest.ts'
export { parseDuration } from './text/directives.ts'
export { humane, moment } from './text/times.ts'
export type { AdoptOptions, AdoptResult } from './verbs/adopt.ts'
export type { BootstrapResult, VerifyResult } from './verbs/bootstrap.ts'
export type { CheckOptions, CheckResult } from './verbs/check.ts'
export type { ChainOptions, DatabaseOptions } from './verbs/context.ts'
export { type FoundUrl, findUrl, type UrlSources } from './verbs/database-url.ts'
export type { DiffOptions, DiffResult } from './verbs/diff.ts'
export type { DriftResult } from './verbs/drift.ts'
export type { DumpOptions, DumpResult } from './verbs/dump.ts'
export type { NewResult, RebaseResult } from './verbs/files.ts'
export type { Finding } from './verbs/finding.ts'
export type { FromEditOptions, FromEditResult } from './verbs/from-edit.ts'
export type { ImportedFile, ImportOptions, ImportOutput, ImportResult, ImportTodo } from './verbs/import-legacy.ts'
export type { ImportVerification, VerifyImportOptions } from './verbs/import-verify.ts'
export type { NewDiffOptions, NewDiffResult } from './verbs/new-diff.ts'
export type { AcceptOptions, AcceptResult, BaselineResult, RecordOptions, ResolveResult } from './verbs/record.ts'
export type { ReportOptions, ReportResult } from './verbs/report.ts'
export { defaultSettings } from './verbs/run-of.ts'
export type { ScriptOptions, ScriptResult } from './verbs/script.ts'
export type { CreateResult, DropResult, WaitResult } from './verbs/server.ts'
export type { ShowResult } from './verbs/show.ts'
export {
  type CurrentResult,
  checkExit,
  type HistoryEntry,
  type HistoryResult,
  type MigrationStatus,
  type StatusResult,
} from './verbs/status.ts'
export type { AppliedMigration, UpOptions, UpResult } from './verbs/up.ts'
export type { VerifiedHistory } from './verbs/verify-history.ts'
export { version } from './version.ts'

/** A verb that is loaded when it is called: who asks for a status does not wait for the importer. */
function lazily<A extends readonly unknown[], R>(load: () => Promise<(...args: A) => R | Promise<R>>) {
  return async (...args: A): Promise<R> => (await load())(...args)
}

export const adopt = lazily(async () => (await import('./verbs/adopt.ts')).adopt)
export const bootstrap = lazily(async () => (await import('./verbs/bootstrap.ts')).bootstrap)
export const verifyBootstrap = lazily(async () => (await import('./verbs/bootstrap.ts')).verifyBootstrap)
export const check = lazily(async () => (await import('./verbs/check.ts')).check)
export const diff = lazily(async () => (await import('./verbs/diff.ts')).diff)
export const drift = lazily(async () => (await import('./verbs/drift.ts')).drift)
export const dump = lazily(async () => (await import('./verbs/dump.ts')).dump)
export const newMigration = lazily(async () => (await import('./verbs/files.ts')).newMigration)
export const rebase = lazily(async () => (await import('./verbs/files.ts')).rebase)
export const newFromEdit = lazily(async () => (await import('./verbs/from-edit.ts')).newFromEdit)
export const importLegacy = lazily(async () => (await import('./verbs/import-legacy.ts')).importLegacy)
export const importPage = lazily(async () => (await import('./pages/import-page.ts')).importPage)
export const verifyHistory = lazily(async () => (await import('./verbs/verify-history.ts')).verifyHistory)
export const verifyImport = lazily(async () => (await import('./verbs/import-verify.ts')).verifyImport)
export const newFromDiff = lazily(async () => (await import('./verbs/new-diff.ts')).newFromDiff)
export const accept = lazily(async () => (await import('./verbs/record.ts')).accept)
export const baseline = lazily(async () => (await import('./verbs/record.ts')).baseline)
export const resolve = lazily(async () => (await import('./verbs/record.ts')).resolve)
export const report = lazily(async () => (await import('./verbs/report.ts')).report)
export const script = lazily(async () => (await import('./verbs/script.ts')).script)
export const createDatabase = lazily(async () => (await import('./verbs/server.ts')).createDatabase)
export const dropDatabase = lazily(async () => (await import('./verbs/server.ts')).dropDatabase)
export const wait = lazily(async () => (await import('./verbs/server.ts')).wait)
export const show = lazily(async () => (await import('./verbs/show.ts')).show)
export const current = lazily(async () => (await import('./verbs/status.ts')).current)
export const history = lazily(async () => (await import('./verbs/status.ts')).history)
export const status = lazily(async () => (await import('./verbs/status.ts')).status)
export const up = lazily(async () => (await import('./verbs/up.ts')).up)

/** What `check` looks for. */
export async function ruleFacts(): Promise<readonly RuleFacts[]> {
  return (await import('./review/rules.ts')).ruleFacts
}
