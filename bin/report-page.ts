import { report as reportPage } from '../lib/index.ts'
import { type Call, connecting } from './call.ts'
import { dialect, required, text } from './options.ts'
import { reportLine } from './results.ts'
import { writeOut } from './write-out.ts'

/** `report`: one page about it all. */
export async function reportVerb({ flags, report }: Call): Promise<number> {
  const example = 'for example: sqlmig report --html report.html'
  const file = required(text(flags, 'html'), '"report" needs --html: the file to write the page to', example)
  const { html, ...result } = await reportPage({ ...connecting({ flags, report }), dialect: dialect(flags) })
  writeOut(file, html)
  if (result.database === null) report.line('no database is named: the page shows the files alone')
  report.line(`wrote ${file}: ${reportLine(result)}`)
  report.document({ file, ...result })
  return 0
}
