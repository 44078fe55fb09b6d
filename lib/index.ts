export type { ToolName } from './adoption/tools.ts'
export { toolNames } from './adoption/tools.ts'
export { type DialectName, dialectNames } from './dialects/dialect-name.ts'
export type { Target } from './drivers/target.ts'
export { parseUrl, scrub } from './drivers/url.ts'
export { type At, type ErrorCode, exitCodes, SqlmigError } from './errors.ts'
export { importPage } from './pages/import-page.ts'
export type { RuleFacts, Severity } from './review/rule.ts'
export { ruleFacts } from './review/rules.ts'
export type { Listener, RunEvent } from './runner/events.ts'
export { MigrationError } from './runner/failure.ts'
export { type MigrationState, waysOut } from './runner/plan.ts'
export { closest } from './text/closest.ts'
export { parseDuration } from './text/directives.ts'
export { humane, moment } from './text/times.ts'
export { type AdoptOptions, type AdoptResult, adopt } from './verbs/adopt.ts'
export { type BootstrapResult, bootstrap, type VerifyResult, verifyBootstrap } from './verbs/bootstrap.ts'
export { type CheckOptions, type CheckResult, check } from './verbs/check.ts'
export type { ChainOptions, DatabaseOptions } from './verbs/context.ts'
export { version } from './verbs/context.ts'
export { type FoundUrl, findUrl, type UrlSources } from './verbs/database-url.ts'
export { type DiffOptions, type DiffResult, diff } from './verbs/diff.ts'
export { type DriftResult, drift } from './verbs/drift.ts'
export { type DumpOptions, type DumpResult, dump } from './verbs/dump.ts'
export { type NewResult, newMigration, type RebaseResult, rebase } from './verbs/files.ts'
export type { Finding } from './verbs/finding.ts'
export { type FromEditOptions, type FromEditResult, newFromEdit } from './verbs/from-edit.ts'
export {
  type ImportedFile,
  type ImportOptions,
  type ImportOutput,
  type ImportResult,
  type ImportTodo,
  importLegacy,
} from './verbs/import-legacy.ts'
export { type ImportVerification, type VerifyImportOptions, verifyImport } from './verbs/import-verify.ts'
export { type NewDiffOptions, type NewDiffResult, newFromDiff } from './verbs/new-diff.ts'
export {
  type AcceptOptions,
  type AcceptResult,
  accept,
  type BaselineResult,
  baseline,
  type RecordOptions,
  type ResolveResult,
  resolve,
} from './verbs/record.ts'
export { type ReportOptions, type ReportResult, report } from './verbs/report.ts'
export { defaultSettings } from './verbs/run-of.ts'
export { type ScriptOptions, type ScriptResult, script } from './verbs/script.ts'
export {
  type CreateResult,
  createDatabase,
  type DropResult,
  dropDatabase,
  type WaitResult,
  wait,
} from './verbs/server.ts'
export { type ShowResult, show } from './verbs/show.ts'
export {
  type CurrentResult,
  checkExit,
  current,
  type HistoryEntry,
  type HistoryResult,
  history,
  type MigrationStatus,
  type StatusResult,
  status,
} from './verbs/status.ts'
export { type AppliedMigration, type UpOptions, type UpResult, up } from './verbs/up.ts'
