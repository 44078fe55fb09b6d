import type { ImportedFile, ImportOutput, ImportResult } from './import-legacy.ts'

/** One self-contained HTML page for the review of an import: each script beside the SQL that was made from it. */
export function importPage({ files, summary, dialects, left_out }: ImportResult): string {
  const counts = `${summary.files} scripts for ${dialects.join(', ')}: ${summary.converted} converted, ${summary.with_todos} with todos, ${summary.kept} kept as edited`
  const left = left_out.map(({ source, reason }) => `<li><code>${escaped(source)}</code>: ${escaped(reason)}</li>`)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>sqlmig import-legacy</title>
<style>${style}</style>
<h1>Imported migrations</h1>
<p>${escaped(counts)}.</p>
<table class="index">
<thead><tr><th>migration</th><th>script</th><th>effects</th><th>statements</th><th>guards</th><th>todos</th><th>downgrade</th></tr></thead>
<tbody>
${files.map(indexRow).join('\n')}
</tbody>
</table>
${left.length === 0 ? '' : `<h2>Left out</h2><ul>${left.join('')}</ul>`}
${files.map(section).join('\n')}
</html>
`
}

function indexRow({ id, source, effects, statements, guards, todos, had_downgrade }: ImportedFile): string {
  const cells = [effects, statements, guards || '', todos.length || '', had_downgrade ? 'had one, dropped' : 'absent']
  const link = `<a href="#${escaped(id)}">${escaped(id)}</a>`
  const marked = todos.length > 0 ? ' class="todo"' : ''
  return `<tr${marked}><td>${link}</td><td><code>${escaped(source)}</code></td>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
}

function section(file: ImportedFile): string {
  const todos = file.todos.map(({ line, reason, dialects }) => {
    const where = dialects.length === file.targets.length ? '' : ` (${dialects.join(', ')})`
    return `<li>line ${line}${where}: ${escaped(reason)}</li>`
  })
  const marked = new Set(file.todos.map(({ line }) => line))
  return `<section id="${escaped(file.id)}">
<h2>${escaped(file.id)}</h2>
${todos.length === 0 ? '' : `<ul class="todo">${todos.join('')}</ul>`}
<div class="pair">
<figure><figcaption>${escaped(file.source)}</figcaption>${numbered(file.script, (_, line) => (marked.has(line) ? 'todo' : ''))}</figure>
<div>${file.outputs.map(outputFigure).join('\n')}</div>
</div>
</section>`
}

function outputFigure({ file, text, state }: ImportOutput): string {
  const caption = `${escaped(file)}${state === 'kept' ? ', kept as a person edited it' : ''}`
  return `<figure><figcaption>${caption}</figcaption>${numbered(text, kindOfLine)}</figure>`
}

function kindOfLine(line: string): string {
  if (/^\s*-- sqlmig: todo\b/.test(line)) return 'todo'
  if (/^\s*-- sqlmig: (?:when|expect)\b/.test(line)) return 'guard'
  return /^\s*--/.test(line) ? 'comment' : ''
}

function numbered(text: string, kind: (line: string, number: number) => string): string {
  const lines = text.replace(/\n$/, '').split('\n')
  return `<pre>${lines.map((line, at) => `<span class="${kind(line, at + 1)}">${escaped(line)}</span>`).join('\n')}</pre>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}

const style = `
body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color:#222;background:#fff}
table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top}
tr.todo td:first-child{border-left:4px solid #d9822b;padding-left:.5rem}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:1rem;align-items:start}
figure{margin:0 0 1rem;min-width:0}figcaption{font-weight:600;margin:.3rem 0}
pre{counter-reset:line;overflow:auto;background:#f6f6f4;padding:.6rem;margin:0;font:13px/1.45 ui-monospace,monospace}
pre span{display:inline-block;min-width:100%;counter-increment:line}
pre span::before{content:counter(line);display:inline-block;width:3em;color:#999}
pre .todo{background:#fde5c8}pre .guard{background:#dcebfb}pre .comment{color:#666}
ul.todo{background:#fde5c8;padding:.5rem 2rem}
@media(max-width:60rem){.pair{grid-template-columns:1fr}}
@media(prefers-color-scheme:dark){body{background:#1b1b1b;color:#ddd}pre{background:#262626}pre .todo,ul.todo{background:#5a3a14}pre .guard{background:#1d3a5a}pre .comment{color:#999}a{color:#8ab8ff}}
`
