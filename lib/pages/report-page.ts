import { humane, moment } from '../text/times.ts'
import { mostTables } from './change-picture.ts'
import { page, stateLabel } from './document.ts'
import { type Html, html, nothing } from './html.ts'
import { anchorOf, counted } from './names.ts'
import { mainEvent, type Report } from './report.ts'
import { picturedMoments, schemaSection } from './schema-section.ts'
import { changesOf, type DrawnMigration, timeline } from './timeline.ts'

/** A chain, its history and its schema as one page that needs nothing else. */
export function reportPage(report: Report): string {
  let step = 0
  const drawn = report.migrations.map((migration): DrawnMigration => {
    const changes = changesOf(migration, report.dialect)
    return { migration, changes, step: changes.length > 0 ? step++ : undefined }
  })
  const moments = picturedMoments(drawn)
  return page({
    title: `${report.database?.display ?? report.dir}: migrations`,
    header: header(report),
    main: html`${attention(report)}
<nav class="jump" aria-label="Parts of this page"><a href="#timeline">Timeline</a><a href="#schema">Schema</a><a href="#about">About this page</a></nav>
${timeline(drawn, report, moments[0]?.step)}
${schemaSection(drawn, moments, report)}`,
    footer: about(report),
  })
}

function header(report: Report): Html {
  const { database, dir, version, at, migrations } = report
  const about = [`${counted(migrations.length, 'migration')} in ${dir}/`, `written ${moment(at)} by sqlmig ${version}`]
  if (database) about.unshift(database.server, `ledger ${database.ledger}`)
  return html`<p class="brand">sqlmig report</p>
<h1>${database?.display ?? `The chain in ${dir}/`}</h1>
<p class="soft">${about.join(' · ')}</p>
${database ? nothing : filesAlone(report)}
${tiles(report)}
${database ? strip(report) : nothing}`
}

const titles = { postgres: 'PostgreSQL', mysql: 'MySQL and MariaDB', sqlite: 'SQLite' } as const

function filesAlone({ dialect, dialectFrom }: Report): Html {
  const why = dialectFrom === undefined ? '' : `, since ${dialectFrom}`
  return html`<div class="note"><p><strong>No database was asked.</strong> This page shows the files alone, as ${titles[dialect]} reads them${why}: what was applied, when and by whom is not known here.</p></div>`
}

function tiles(report: Report): Html {
  const { migrations, database } = report
  const tile = (title: string, value: string, more = '') =>
    html`<div><dt>${title}</dt><dd>${value}${more === '' ? nothing : html`<small>${more}</small>`}</dd></div>`
  const count = (...of: readonly string[]) => migrations.filter(({ state }) => of.includes(state)).length
  const first = tile(
    'Migrations',
    migrations.length.toLocaleString('en-US'),
    migrations
      .at(-1)
      ?.id.slice(0, 8)
      .replace(/(....)(..)(..)/, 'newest $1-$2-$3'),
  )
  const blocked = count('blocked')
  if (!database) return html`<dl class="tiles">${first}${tile('Waiting for a person', String(blocked), 'todos')}</dl>`
  const disagree = count('changed', 'missing', 'partial')
  const events = migrations.flatMap((migration) => mainEvent(migration) ?? [])
  const newest = events.reduce((a, b) => (a && a.at > b.at ? a : b), events[0])
  const took = events.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0)
  return html`<dl class="tiles">
${first}${tile('Applied', String(count('applied', 'changed', 'reformatted', 'missing')), newest ? `last ${moment(newest.at)}` : 'none yet')}
${tile('Pending', String(count('pending') + blocked), blocked > 0 ? `${blocked} blocked` : '')}
${tile('Files and ledger', disagree === 0 ? 'agree' : `${disagree} differ`, disagree === 0 ? '' : 'see below')}
${tile('Time spent', took === 0 ? '–' : humane(took), newest ? `last by ${newest.user}` : '')}</dl>`
}

/** One bar a migration, as high as it took long, in powers of ten. */
function strip({ migrations }: Report): Html {
  const height = 52
  const times = migrations.map((migration) => mainEvent(migration)?.durationMs ?? null)
  const most = Math.max(2, ...times.map((time) => Math.log10(1 + (time ?? 0))))
  const bars = migrations.map(({ id, state }, at) => {
    const time = times[at] ?? null
    const tall = time === null ? 4 : Math.round(8 + ((height - 8) * Math.log10(1 + time)) / most)
    const says = `${id}: ${state}${time === null ? '' : `, ${humane(time)}`}`
    return html`<a href="#${anchorOf(id)}" tabindex="-1"><rect class="${state}" x="${at * 10}" y="${height - tall}" width="${migrations.length > 300 ? 10 : 8}" height="${tall}"><title>${says}</title></rect></a>`
  })
  if (bars.length < 8 || times.every((time) => time === null)) return nothing
  const legend = `Each bar is a migration, the oldest at the left; a taller one took longer, in powers of ten up to ${humane(Math.max(...times.map((time) => time ?? 0)))}.`
  return html`<figure class="strip" aria-hidden="true"><svg viewBox="0 0 ${bars.length * 10 - 2} ${height}" preserveAspectRatio="none">${bars}</svg><figcaption>${legend}</figcaption></figure>`
}

/** What somebody has to do something about. */
function attention({ migrations }: Report): Html {
  const urgent = migrations.filter(({ state }) => ['changed', 'missing', 'blocked', 'partial'].includes(state))
  if (urgent.length === 0) return nothing
  const items = urgent
    .slice(0, 20)
    .map(
      ({ id, state, remarks, todos }) =>
        html`<li>${stateLabel(state)} <a href="#${anchorOf(id)}">${id}</a>${saying(remarks[0] ?? todos[0]?.text)}</li>`,
    )
  const more = urgent.length > 20 ? html`<p>… and ${urgent.length - 20} more</p>` : nothing
  return html`<div class="note warn" role="note"><p><strong>${counted(urgent.length, 'migration')} ${urgent.length === 1 ? 'wants' : 'want'} attention</strong></p><ul>${items}</ul>${more}</div>`
}

function saying(text: string | undefined): string {
  return text ? ` – ${text}` : ''
}

function about({ at, version, database }: Report): Html {
  const from = database ? `the files and the ledger of ${database.display}` : 'the files alone'
  return html`<div id="about"><h2>About this page</h2>
<p>Made by sqlmig ${version} on ${moment(at)} from ${from}. It is one file that loads nothing from anywhere; passwords in URLs were taken out of its texts.</p>
<p>The pictures come from the SQL of the files, followed statement by statement in an empty database that exists on paper alone; no database was looked at for them. They show tables, columns and keys. Views, triggers, functions and rows are not drawn but named; what could not be followed is said where it stands. More than ${mostTables} tables are a list.</p>
<p>Times are in UTC. What is open when the page is printed is printed.</p></div>`
}
