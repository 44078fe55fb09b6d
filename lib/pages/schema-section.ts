import type { DialectName } from '../dialects/dialect-name.ts'
import type { Schema, Table } from '../schema/table.ts'
import { mostTables } from './change-picture.ts'
import { historyPicture, lastMoments, type Moment } from './history-picture.ts'
import { type Html, html, nothing } from './html.ts'
import { anchorOf, counted } from './names.ts'
import type { Report } from './report.ts'
import { columnRows, otherLines } from './rows.ts'
import type { DrawnMigration } from './timeline.ts'

/** Tables that came and went count in the picture of all moments too. */
const mostEver = 64

/** The moments that the picture of the schema can be stepped through. */
export function picturedMoments(drawn: readonly DrawnMigration[]): readonly Moment[] {
  const moments = drawn.flatMap(({ step, migration }): Moment[] =>
    step === undefined ? [] : [{ step, schema: migration.step!.after }],
  )
  const count = Object.keys(moments.at(-1)?.schema.tables ?? {}).length
  return count === 0 || count > mostTables ? [] : lastMoments(moments, mostEver)
}

/** The schema at the end of the chain, and by script after each migration that changes it. */
export function schemaSection(drawn: readonly DrawnMigration[], moments: readonly Moment[], report: Report): Html {
  const last = drawn.findLast(({ migration }) => migration.step)?.migration.step?.after
  const count = Object.keys(last?.tables ?? {}).length
  return html`<section aria-labelledby="schema"><h2 id="schema">Schema</h2>
<p class="soft">${count === 0 ? 'No file of the chain makes a table.' : `What the chain makes of an empty database: ${counted(count, 'table')} at its end${pendingOf(report)}.`}</p>
${doubts(drawn)}
${last && count > 0 ? picture({ drawn, moments, count, dialect: report.dialect }) : nothing}
${last && count > 0 ? tableList(last, report.dialect, count > mostTables) : nothing}</section>`
}

function pendingOf({ migrations, database }: Report): string {
  const open = migrations.filter(({ state }) => ['pending', 'blocked', 'partial'].includes(state)).length
  return database && open > 0 ? `, of which the database lacks ${counted(open, 'migration')}` : ''
}

/** From where on nothing is certain any more. */
function doubts(drawn: readonly DrawnMigration[]): Html {
  const all = drawn.flatMap(({ migration }) =>
    (migration.step?.doubts ?? []).map((doubt) => ({ id: migration.id, ...doubt })),
  )
  const missing = drawn.filter(({ migration }) => migration.step === undefined).map(({ migration }) => migration.id)
  if (all.length === 0 && missing.length === 0) return nothing
  const items = all
    .slice(0, 12)
    .map(
      ({ id, line, reason, lasting }) =>
        html`<li><a href="#${anchorOf(id)}">${id}</a>, line ${line}: ${reason}${lasting ? ' (from here on all tables are in doubt)' : ''}</li>`,
    )
  const gone = missing
    .slice(0, 5)
    .map(
      (id) =>
        html`<li><a href="#${anchorOf(id)}">${id}</a> was applied, and neither its file nor its text is here: what it did is not drawn</li>`,
    )
  const more = all.length > 12 ? html`<li>… and ${all.length - 12} more, each told at its migration</li>` : nothing
  return html`<div class="note warn"><p><strong>Not all of this is certain.</strong></p><ul>${gone}${items}${more}</ul></div>`
}

interface Pictured {
  readonly drawn: readonly DrawnMigration[]
  readonly moments: readonly Moment[]
  readonly count: number
  readonly dialect: DialectName
}

function picture({ drawn, moments, count, dialect }: Pictured): Html {
  if (moments.length === 0)
    return html`<p>${counted(count, 'table')} would not be readable in one picture, so here they are as a list. What each migration changes is drawn in the timeline.</p>`
  const label = `The ${counted(count, 'table')} of the schema and their foreign keys; the list below says the same in words.`
  const left = (moments[0]?.step ?? 0) > 0 && moments.length > 1
  const early = html`<p class="soft" data-script hidden>Before ${idOf(drawn, moments[0]!.step)} there were too many other tables for the same picture; what each migration changed is drawn in the timeline.</p>`
  return html`${moments.length > 1 ? stepper(drawn, moments) : nothing}
${historyPicture(moments, dialect, label)}${left ? early : nothing}${legend}`
}

function idOf(drawn: readonly DrawnMigration[], step: number): string {
  return drawn.find((one) => one.step === step)!.migration.id
}

function stepper(drawn: readonly DrawnMigration[], moments: readonly Moment[]): Html {
  const last = moments.at(-1)!.step
  const first = moments[0]!.step
  const options = moments.map(
    ({ step }) =>
      html`<option value="${step}"${step === last ? html` selected` : nothing}>${idOf(drawn, step)}</option>`,
  )
  return html`<div class="tools" data-script hidden role="group" aria-label="The schema after a migration"><button id="step-back" type="button">Earlier</button><input id="step" type="range" min="${first}" max="${last}" value="${last}" aria-label="After which migration"><button id="step-on" type="button">Later</button><label class="hide" for="step-name">After this migration</label><select id="step-name">${options}</select></div>`
}

const legend = html`<ul class="legend"><li><svg viewBox="0 0 10 10" aria-hidden="true"><use href="#key-primary"/></svg>primary key</li><li><svg viewBox="0 0 10 10" aria-hidden="true"><use href="#key-foreign"/></svg>foreign key</li><li><code>?</code> may be null</li><li>strong frame: changed by this migration</li><li>dashed frame: not known in full</li></ul>`

function tableList({ tables }: Schema, dialect: DialectName, open: boolean): Html {
  const all = Object.entries(tables).sort(([a], [b]) => (a < b ? -1 : 1))
  const list = all.map(([key, table]) => tableDetails(key, table, dialect))
  return open
    ? html`<div>${list}</div>`
    : html`<details class="table"><summary>The same as a list</summary><div>${list}</div></details>`
}

function tableDetails(key: string, table: Table, dialect: DialectName): Html {
  const columns = columnRows(table, dialect).map(
    ({ name, type, nullable, value }) =>
      html`<tr><td><code>${name}</code></td><td><code>${type}</code></td><td>${nullable ? 'null' : 'not null'}</td><td>${value === '' ? nothing : html`<code>${value}</code>`}</td></tr>`,
  )
  const lines = otherLines(table, dialect).map((line) => html`<li><code>${line}</code></li>`)
  return html`<details class="table"><summary><code>${key}</code> <span class="soft">${counted(table.columns.length, 'column')}${table.unknown === undefined ? '' : `, not known in full: ${table.unknown}`}</span></summary>
<div class="wide" tabindex="0" role="group" aria-label="Columns of ${key}"><table><thead><tr><th>column</th><th>type</th><th>null</th><th>value</th></tr></thead><tbody>${columns}</tbody></table></div>
${lines.length === 0 ? nothing : html`<ul class="plain">${lines}</ul>`}</details>`
}
