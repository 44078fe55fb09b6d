import { createHash } from 'node:crypto'
import { Html, html, nothing } from './html.ts'
import { script } from './script.ts'
import { style } from './style.ts'

export interface Page {
  readonly title: string
  readonly header: Html
  readonly main: Html
  readonly footer: Html
}

// Should anything get past the escaping, the browser still runs no script but this one, and loads nothing at all.
const scriptHash = `'sha256-${createHash('sha256').update(script).digest('base64')}'`
const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${scriptHash}; img-src data:; base-uri 'none'; form-action 'none'`

/** A page that needs nothing else: no network, no fonts, no other files. */
export function page({ title, header, main, footer }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
${symbols}
<header class="top">${header}</header>
<main id="main">${main}</main>
<footer>${footer}</footer>
<script>${new Html(script)}</script>
</body>
</html>
`.text
}

export const states = ['applied', 'pending', 'changed', 'reformatted', 'missing', 'blocked', 'partial', 'file'] as const
/** `file`: no database was asked. */
export type PageState = (typeof states)[number]

/** A state by its form, its colour and its word. */
export function stateLabel(state: PageState): Html {
  return state === 'file' ? nothing : html`<span class="state ${state}">${glyph(state)}${state}</span>`
}

export function glyph(state: PageState): Html {
  return html`<svg viewBox="0 0 16 16" aria-hidden="true"><use href="#state-${state}"/></svg>`
}

const filled = 'fill="currentColor"'
const outlined = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'

const drawings: Readonly<Record<PageState, string>> = {
  applied: `<circle cx="8" cy="8" r="7" ${filled}/><path d="M5 8.2l2.2 2.2L11.2 6" fill="none" style="stroke:var(--card)" stroke-width="1.8"/>`,
  pending: `<circle cx="8" cy="8" r="6" ${outlined}/>`,
  changed: `<path d="M8 1.5L15 14H1z" ${filled}/>`,
  reformatted: `<path d="M2 6c2-3 4-3 6 0s4 3 6 0M2 11c2-3 4-3 6 0s4 3 6 0" ${outlined}/>`,
  missing: `<path d="M3 3l10 10M13 3L3 13" ${outlined}/>`,
  blocked: `<rect x="2" y="2" width="12" height="12" rx="2" ${filled}/>`,
  partial: `<circle cx="8" cy="8" r="6" ${outlined}/><path d="M8 2a6 6 0 010 12z" ${filled}/>`,
  file: `<circle cx="8" cy="8" r="4" ${filled}/>`,
}

const symbols = new Html(
  `<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>${Object.entries(drawings)
    .map(([state, drawing]) => `<symbol id="state-${state}" viewBox="0 0 16 16">${drawing}</symbol>`)
    .join('')}
<symbol id="key-primary" viewBox="0 0 10 10" width="10" height="10"><path class="key" d="M5 0l5 5-5 5-5-5z"/></symbol>
<symbol id="key-foreign" viewBox="0 0 10 10" width="10" height="10"><path d="M1 9L9 1M3 1h6v6" fill="none" style="stroke:var(--accent)" stroke-width="1.6"/></symbol>
<marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="tip" d="M0 0l8 4-8 4z"/></marker>
<marker id="start" viewBox="0 0 6 6" refX="3" refY="3" markerWidth="6" markerHeight="6" markerUnits="userSpaceOnUse"><circle class="tip" cx="3" cy="3" r="2.5"/></marker>
</defs></svg>`,
)
