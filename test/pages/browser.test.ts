import t from 'tap'
import { reportPage } from '../../lib/pages/report-page.ts'
import { documentOf, noChromium } from '../servers/chromium.ts'
import { hostile, hostileReport } from './hostile.ts'
import { type Measured, measured } from './measured.ts'
import { richReport } from './reports.ts'

const skip = (await noChromium()) ?? false

for (const scheme of ['light', 'dark'] as const) {
  t.test(`the report is readable on a phone and on a desk (${scheme})`, { skip }, async (t) => {
    const report = richReport()
    const found = await measured(reportPage(report), [375, 1280], scheme)
    for (const width of [375, 1280]) {
      const one: Measured = found.get(width)!
      t.equal(one.width, width, 'the page has the width that was asked for')
      t.equal(one.scrollWidth, width, `nothing stands over the edge at ${width}`)
      t.same(one.pale, [], 'every text has a contrast of 4.5 at least')
      t.ok(one.texts > 300, `texts were measured (${one.texts})`)
      t.same(one.requests, [], 'nothing is loaded')
      t.same(one.seen, report.migrations.map(({ id }) => id).reverse(), 'each migration is seen, the newest first')
      t.ok(one.pictures >= 8, `pictures have a size (${one.pictures})`)
      t.equal(one.brightness > 0.5, scheme === 'light', `the page is ${scheme}`)
    }
  })
}

t.test('its own script runs under its policy, and steps through the schema', { skip }, async (t) => {
  const text = await documentOf(reportPage(richReport()), 'light')
  const hidden = [...text.matchAll(/<[^>]*data-script[^>]*>/g)].filter(([tag]) => /\bhidden\b/.test(tag))
  t.match(text, /data-script/)
  t.same(hidden.length, 0, 'what works by script alone is shown by it')
  t.match(text, /id="step-on"[^>]* disabled/, 'the last moment is shown')
})

t.test('text from files, the ledger and the server does nothing, even without the policy', { skip }, async (t) => {
  const found = await measured(reportPage(hostileReport()), [1280], 'light')
  const one = found.get(1280)!
  t.same(one.trapped, [], 'no alert, no script, no handler, no foreign element')
  t.equal(one.scrollWidth, 1280)
  t.ok(one.text.includes(hostile.slice(0, 20)), 'it is there as text')
})
