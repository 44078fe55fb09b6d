import type { DialectName } from '../dialects/dialect-name.ts'
import { plainCode, sqlCode } from './code.ts'
import { page } from './document.ts'
import { type Html, html, nothing } from './html.ts'
import { anchorOf } from './names.ts'

/** What an import tells of a script, as far as the page shows it. */
export interface ImportedScript {
  readonly source: string
  readonly id: string
  readonly targets: readonly DialectName[]
  readonly statements: number
  readonly guards: number
  readonly effects: number
  readonly todos: readonly {
    readonly line: number
    readonly reason: string
    readonly dialects: readonly DialectName[]
  }[]
  readonly had_downgrade: boolean
  readonly script: string
  readonly outputs: readonly WrittenSql[]
}

export interface WrittenSql {
  readonly file: string
  readonly dialect: DialectName | null
  readonly state: string
  readonly text: string
}

export interface ImportPage {
  readonly dialects: readonly DialectName[]
  readonly files: readonly ImportedScript[]
  readonly left_out: readonly { readonly source: string; readonly reason: string }[]
  readonly summary: {
    readonly files: number
    readonly converted: number
    readonly with_todos: number
    readonly kept: number
  }
}

/** One self-contained HTML page for the review of an import: each script beside the SQL that was made from it. */
export function importPage({ files, summary, dialects, left_out: leftOut }: ImportPage): string {
  const counts = `${summary.files} scripts for ${dialects.join(', ')}: ${summary.converted} converted, ${summary.with_todos} with todos, ${summary.kept} kept as edited`
  const left = leftOut.map(({ source, reason }) => html`<li><code>${source}</code>: ${reason}</li>`)
  return page({
    title: 'sqlmig import-legacy',
    header: html`<p class="brand">sqlmig import-legacy</p><h1>Imported migrations</h1><p class="soft">${counts}.</p>`,
    main: html`<h2>All scripts</h2><div class="wide" tabindex="0" role="group" aria-label="All scripts">
<table>
<thead><tr><th>migration</th><th>script</th><th>effects</th><th>statements</th><th>guards</th><th>todos</th><th>downgrade</th></tr></thead>
<tbody>${files.map(indexRow)}</tbody>
</table></div>
${left.length === 0 ? nothing : html`<h2>Left out</h2><ul>${left}</ul>`}
${files.map(section)}`,
    footer: html`<p>Made by sqlmig from the scripts; none of them was run.</p>`,
  })
}

function indexRow({
  id,
  source,
  effects,
  statements,
  guards,
  todos,
  had_downgrade: hadDowngrade,
}: ImportedScript): Html {
  const cells = [effects, statements, guards || '', todos.length || '', hadDowngrade ? 'had one, dropped' : 'absent']
  const marked = todos.length > 0 ? html` class="todo"` : nothing
  const link = html`<a href="#${anchorOf(id)}">${id}</a>`
  return html`<tr${marked}><td>${link}</td><td><code>${source}</code></td>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`
}

function section(file: ImportedScript): Html {
  const todos = file.todos.map(({ line, reason, dialects }) => {
    const where = dialects.length === file.targets.length ? '' : ` (${dialects.join(', ')})`
    return html`<li>line ${line}${where}: ${reason}</li>`
  })
  const marked = new Set(file.todos.map(({ line }) => line))
  return html`<section id="${anchorOf(file.id)}">
<h2>${file.id}</h2>
${todos.length === 0 ? nothing : html`<ul class="todo">${todos}</ul>`}
<div class="pair">
<figure><figcaption>${file.source}</figcaption>${plainCode(file.script, marked)}</figure>
<div>${file.outputs.map(outputFigure)}</div>
</div>
</section>`
}

function outputFigure({ file, text, state, dialect }: WrittenSql): Html {
  const caption = `${file}${state === 'kept' ? ', kept as a person edited it' : ''}`
  return html`<figure><figcaption>${caption}</figcaption>${sqlCode(text, dialect ?? 'postgres')}</figure>`
}
