import type { DialectName } from '../dialects/dialect-name.ts'
import { humane, moment } from '../text/times.ts'
import { cut } from './card.ts'
import { changePicture, summary } from './change-picture.ts'
import { diffCode, plainCode, sqlCode } from './code.ts'
import { glyph, stateLabel, states } from './document.ts'
import { type Html, html, nothing } from './html.ts'
import { anchorOf, counted, titleOf } from './names.ts'
import type { Report, ReportedEdit, ReportedEvent, ReportedMigration, ReportedText } from './report.ts'
import { mainEvent } from './report.ts'
import { type TableChange, tableChanges } from './table-changes.ts'

/** A migration with what it changes, and its number among those that change the picture of the schema. */
export interface DrawnMigration {
  readonly migration: ReportedMigration
  readonly changes: readonly TableChange[]
  readonly step: number | undefined
}

export function changesOf({ step }: ReportedMigration, dialect: DialectName): readonly TableChange[] {
  return step ? tableChanges(step.before, step.after, step.renames, dialect) : []
}

/**
 * The migrations, newest first.
 * @param firstStep the first step of which there is a picture of the whole schema, if there is any
 */
export function timeline(drawn: readonly DrawnMigration[], report: Report, firstStep: number | undefined): Html {
  const longest = Math.max(1, ...report.migrations.map((migration) => mainEvent(migration)?.durationMs ?? 0))
  let day = ''
  const items = drawn.toReversed().map((one) => {
    const own = dayOf(one.migration, report)
    const heading = own === day ? nothing : html`<li class="day">${own}</li>`
    day = own
    return html`${heading}${item(one, { report, longest, firstStep })}`
  })
  return html`<section aria-labelledby="timeline"><h2 id="timeline">Timeline</h2>
<p class="soft">${drawn.length === 0 ? 'There is no migration yet.' : 'Newest first. Each opens to its SQL, what it changes, and its history.'}</p>
${tools(drawn)}
<ol class="timeline" reversed>${items}</ol></section>`
}

function tools(drawn: readonly DrawnMigration[]): Html {
  const found = states.filter((state) => state !== 'file' && drawn.some(({ migration }) => migration.state === state))
  const options = found.map((state) => html`<option value="${state}">${state}</option>`)
  return html`<div class="tools" data-script hidden role="search"><label class="hide" for="search">Filter the timeline</label><input id="search" type="search" placeholder="Filter by name, user, SQL verb …" autocomplete="off"><label class="hide" for="state">State</label><select id="state"${found.length < 2 ? html` hidden` : nothing}><option value="">all states</option>${options}</select><button id="open" type="button">Open or close all</button><span id="found" class="soft" role="status"></span></div>`
}

/** Under which heading a migration stands: when it was applied; without a database, when it was written. */
function dayOf(migration: ReportedMigration, { database }: Report): string {
  const event = mainEvent(migration)
  if (event) return moment(event.at).slice(0, 10)
  if (database) return 'Not applied'
  return /^(\d{4})(\d\d)/.exec(migration.id)?.slice(1).join('-') ?? ''
}

interface Around {
  readonly report: Report
  readonly longest: number
  readonly firstStep: number | undefined
}

function item(one: DrawnMigration, around: Around): Html {
  const { migration } = one
  const { id, state } = migration
  const shown = ['changed', 'missing', 'blocked', 'partial'].includes(state) ? html` open` : nothing
  return html`<li class="item" id="${anchorOf(id)}" data-state="${state}"><span class="dot ${state}" aria-hidden="true">${glyph(state)}</span><details${shown}>${head(one, around)}<div class="body">${body(one, around)}</div></details></li>
`
}

function head({ migration, changes }: DrawnMigration, { longest }: Around): Html {
  const { id, state } = migration
  const event = mainEvent(migration)
  const time = event?.durationMs ?? null
  const when = event ? html` <span class="soft">${moment(event.at).slice(11)}</span>` : nothing
  const long = time === null ? nothing : html` <span class="soft">· ${humane(time)}</span>${bar(time / longest)}`
  const by = event ? `by ${event.user} · ` : ''
  return html`<summary><h3>${titleOf(id)}</h3><span class="when">${stateLabel(state)}${when}${long}</span><code class="id">${id}</code><span class="what">${by}${changes.length > 0 ? summary(changes) : kinds(migration)}</span></summary>`
}

function bar(part: number): Html {
  const width = Math.max(2, Math.round(Math.sqrt(part) * 100))
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="all" width="100" height="10" rx="2"/><rect class="part" width="${width}" height="10" rx="2"/></svg>`
}

/** `2 UPDATE, 1 INSERT` */
function kinds({ step, file }: ReportedMigration): string {
  if (file === undefined) return 'no file'
  const all = [...(step?.kinds ?? [])]
  return all.length === 0
    ? 'no statements'
    : all
        .slice(0, 4)
        .map(([kind, count]) => `${count} ${kind}`)
        .join(', ')
}

function body(one: DrawnMigration, { report, firstStep = Number.POSITIVE_INFINITY }: Around): Html {
  const { migration } = one
  return html`${facts(migration)}${remarks(migration)}${edits(migration)}${pictures(one, (one.step ?? -1) >= firstStep)}${sql(migration, report.dialect)}${events(migration)}`
}

function facts(migration: ReportedMigration): Html {
  const { file, step } = migration
  const event = mainEvent(migration)
  const fact = (title: string, value: Html | string) => html`<dt>${title}</dt><dd>${value}</dd>`
  const count = [...(step?.kinds.values() ?? [])].reduce((a, b) => a + b, 0)
  return html`<dl class="facts">
${file === undefined ? nothing : fact('File', html`<code>${file}</code>, ${counted(count, 'statement')}${count > 0 ? ` (${kinds(migration)})` : ''}`)}
${event ? fact(verbOf(event.event), html`<time datetime="${event.at}">${moment(event.at)}</time>${event.durationMs === null ? '' : ` in ${humane(event.durationMs)}`}${rowsOf(event, ', ')}`) : nothing}
${event ? fact('By', `${event.user} on ${event.host}, with sqlmig ${event.version}`) : nothing}
</dl>`
}

/** An event as the head of a line: `Applied`. */
function verbOf(event: string): string {
  return event.charAt(0).toUpperCase() + event.slice(1)
}

function remarks({ remarks: all, todos }: ReportedMigration): Html {
  const lines = [
    ...all.map((text) => html`<li>${text}</li>`),
    ...todos.map(({ line, text }) => html`<li>line ${line} waits for a person: ${text || 'todo'}</li>`),
  ]
  return lines.length === 0 ? nothing : html`<div class="note"><ul>${lines}</ul></div>`
}

function edits({ edits: all }: ReportedMigration): Html {
  return all.length === 0 ? nothing : html`<h4>Edited by hand</h4>${all.map(edit)}`
}

function edit({ title, by, reason, words, diff, without }: ReportedEdit): Html {
  const why = reason === undefined ? nothing : html`<br>Reason: ${reason}`
  const what = diff === undefined ? html`<p class="soft">${without ?? ''}</p>` : diffCode(diff)
  return html`<figure><figcaption>${title}${by === undefined ? '' : `, ${by}`}${why}${words.slice(0, 20).map((line) => html`<br>${line}`)}</figcaption>${what}</figure>`
}

function pictures({ migration, changes, step }: DrawnMigration, isPictured: boolean): Html {
  const { doubts = [], others = [] } = migration.step ?? {}
  if (changes.length === 0 && doubts.length === 0 && others.length === 0) return nothing
  const unsure = doubts.map(({ line, reason }) => html`<li>line ${line}: ${reason}</li>`)
  const rest = others
    .slice(0, 30)
    .map(({ line, beginning }) => html`<li>line ${line}: <code>${cut(beginning, 80)}</code></li>`)
  const left = others.length > 30 ? html`<li>… and ${others.length - 30} more</li>` : nothing
  const link = !isPictured
    ? nothing
    : html`<p data-script hidden><a href="#schema" data-step="${step ?? 0}">The whole schema after this migration</a></p>`
  return html`<h4>What it changes</h4>
${changes.length > 0 ? changePicture(changes) : nothing}${link}
${unsure.length > 0 ? html`<div class="note warn"><p>The pictures cannot tell this for certain:</p><ul>${unsure}</ul></div>` : nothing}
${rest.length > 0 ? html`<p class="soft">Not drawn:</p><ul class="plain">${rest}${left}</ul>` : nothing}`
}

function sql({ text, file, legacy }: ReportedMigration, dialect: DialectName): Html {
  if (text === undefined) return nothing
  const own = html`<figure><figcaption>${file ?? 'as it was recorded; its file is missing'}</figcaption>${sqlCode(text.text, dialect)}${leftOut(text)}</figure>`
  if (!legacy) return html`<h4>SQL</h4>${own}`
  const script = legacy.text === undefined ? nothing : html`${plainCode(legacy.text.text)}${leftOut(legacy.text)}`
  const remark = legacy.remark === undefined ? nothing : html`<p class="soft">${legacy.remark}</p>`
  const other = html`<figure><figcaption>${legacy.source}, the script that it was made from</figcaption>${remark}${script}</figure>`
  return html`<h4>The legacy script and its SQL</h4>${legacy.text === undefined ? html`${other}${own}` : html`<div class="pair">${other}${own}</div>`}`
}

function leftOut({ left }: ReportedText): Html {
  return left === 0
    ? nothing
    : html`<p class="soft">… and ${left.toLocaleString('en-US')} more bytes, which are not shown here.</p>`
}

function rowsOf({ rowsWritten }: ReportedEvent, before = ''): string {
  return rowsWritten === null ? '' : `${before}${counted(rowsWritten, 'row')}`
}

function events({ events: all }: ReportedMigration): Html {
  if (all.length === 0 || (all.length === 1 && all[0]!.note === null)) return nothing
  return html`<h4>History</h4><div class="wide" tabindex="0" role="group" aria-label="History of this migration"><table><thead><tr><th>when</th><th>what</th><th>took</th><th>wrote</th><th>by</th><th>note</th></tr></thead><tbody>${all.map(eventRow)}</tbody></table></div>`
}

function eventRow(row: ReportedEvent): Html {
  const { event, at, durationMs, user, host, version, note } = row
  const cells = [
    moment(at),
    event,
    durationMs === null ? '' : humane(durationMs),
    rowsOf(row),
    `${user} on ${host}, sqlmig ${version}`,
    note ?? '',
  ]
  return html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`
}
