import type { ImportedFile, ImportResult } from '../lib/index.ts'
import type { Paint } from './paint.ts'
import type { Document } from './report.ts'
import { columns } from './table.ts'
import { visible } from './width.ts'

const colours = { written: 'green', rewritten: 'cyan', unchanged: 'dim', kept: 'yellow' } as const

/** What an import did: a line for each file, then what is left to do, then the sum. */
export function importLines(result: ImportResult, paint: Paint): readonly string[] {
  const { files, left_out, stale, summary, dry_run } = result
  const rows = files.map((file) => fileCells(file, paint))
  const todos = files.flatMap((file) => todoLines(file, paint))
  const left = left_out.map(
    ({ source, reason }) => `  ${paint.dim('left out')}  ${visible(source)}: ${visible(reason)}`,
  )
  const old = stale.map(
    (name) => `  ${paint.yellow('stale')}  ${visible(name)} was edited, and its script makes it no more`,
  )
  const changed = files
    .filter(({ script_changed }) => script_changed)
    .map(({ source }) => `  ${paint.yellow('changed')}  ${visible(source)} is not what it was at the last import`)
  const dialects = result.dialects.join(', ')
  const counts = [
    `${summary.files} ${summary.files === 1 ? 'script' : 'scripts'} for ${dialects}`,
    `${summary.converted} converted`,
    ...(summary.with_todos > 0 ? [`${summary.with_todos} with todos`] : []),
    ...(summary.kept > 0 ? [`${summary.kept} kept as edited`] : []),
    ...(summary.errors > 0 ? [`${summary.errors} unreadable`] : []),
  ]
  const next = nextStep(result, paint)
  return [
    ...columns(rows).map((line) => `  ${line}`),
    ...[...left, ...changed, ...old, ...todos],
    `${counts.join(', ')}${dry_run ? '; nothing was written' : ''}`,
    ...(next === undefined ? [] : [`${paint.cyan('hint:')} ${next}`]),
  ]
}

function fileCells(
  { id, source, outputs, statements, guards, todos, had_downgrade }: ImportedFile,
  paint: Paint,
): string[] {
  const state = outputs.find((output) => output.state === 'kept')?.state ?? outputs[0]?.state ?? 'unchanged'
  const variants = outputs.length > 1 ? `, ${outputs.length} variants` : ''
  const guarded = guards > 0 ? `, ${guards} guarded` : ''
  const open = todos.length > 0 ? paint.yellow(`, ${todos.length} ${todos.length === 1 ? 'todo' : 'todos'}`) : ''
  const about = `${statements} ${statements === 1 ? 'statement' : 'statements'}${guarded}${variants}`
  const dropped = had_downgrade ? paint.dim(', downgrade dropped') : ''
  return [paint[colours[state]](state), visible(id), paint.dim(visible(source)), `${about}${open}${dropped}`]
}

function todoLines({ source, targets, todos }: ImportedFile, paint: Paint): string[] {
  return todos.map(({ line, reason, dialects }) => {
    const where = dialects.length === targets.length ? '' : ` (${dialects.join(', ')})`
    return `  ${paint.yellow('todo')}  ${visible(source)}:${line}${where}: ${visible(reason)}`
  })
}

function nextStep({ summary, files }: ImportResult, paint: Paint): string | undefined {
  if (files.length === 0) return 'no migration script is in the folder'
  if (summary.with_todos > 0)
    return 'finish the todos in the files: "sqlmig up" refuses them until their lines are gone'
  return `review the files, try ${paint.dim('sqlmig up')} on a scratch database, then ${paint.dim('sqlmig adopt')} the ones that ran the scripts`
}

/** The import as a program reads it: without the texts, which are in the files. */
export function importDocument(result: ImportResult): Document {
  const files = result.files.map(({ script: _, outputs, ...file }) => ({
    ...file,
    outputs: outputs.map(({ text: _text, ...output }) => output),
  }))
  return { ...result, files }
}
