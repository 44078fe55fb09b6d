import { baseName, type ToolFile } from './tool-file.ts'
import { isComment, Sections, type UpPart } from './up-part.ts'

/** Markers as dbmate finds them (its source, pkg/dbmate/migration.go; README, "Creating Migrations"). */
const upMarker = /^--\s*migrate:up(?:\s*$|\s+\S)/
const downMarker = /^--\s*migrate:down(?:\s*$|\s+\S)/

export function isDbmate(text: string): boolean {
  return /^--\s*migrate:(?:up|down)(?:\s*$|\s+\S)/m.test(text)
}

/** A file may hold several pairs of up and down; each up may say `transaction:false` (README, "Migration Options"). */
export function dbmateUp(text: string): UpPart {
  const sections = new Sections(text)
  for (const line of sections.lines) {
    if (upMarker.test(line)) {
      if (/\stransaction:false(?=\s|$)/.test(line)) sections.noTransaction = true
      sections.marker('up')
    } else if (downMarker.test(line)) sections.marker('down')
    else {
      if (sections.section === 'head' && !isComment(line))
        sections.problem('dbmate refuses statements above "-- migrate:up"')
      sections.take(line)
    }
  }
  return sections.finish({ name: 'dbmate', up: '-- migrate:up' })
}

/** `^\d+.*\.sql$`: the digits are the version, kept as they are; the order is that of the names (pkg/dbmate/db.go). */
export function dbmateName({ path }: ToolFile): { version: string; order: readonly string[] } | undefined {
  const name = baseName(path)
  const version = /^(\d+).*\.sql$/.exec(name)?.[1]
  return version === undefined ? undefined : { version, order: [name] }
}
