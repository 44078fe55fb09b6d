import { baseName, type ToolFile } from './tool-file.ts'
import { isComment, Sections, type UpPart } from './up-part.ts'

/** An annotation of goose is a comment that names it (its source, internal/sqlparser/parser.go; README, "SQL Migrations"). */
function annotationOf(line: string): string | undefined {
  if (!line.trim().startsWith('--') || !line.includes('+goose')) return undefined
  return line.replaceAll('--', '').replace('+goose', '').trim().toLowerCase()
}

export function isGoose(text: string): boolean {
  return /^[ \t]*--.*\+goose\b/m.test(text)
}

export function gooseUp(text: string): UpPart {
  const sections = new Sections(text)
  let substitutes = false
  for (const line of sections.lines) {
    const annotation = annotationOf(line)
    if (annotation === undefined) takeLine(line, sections, substitutes)
    else {
      if (/^[ \t]/.test(line)) sections.problem('goose refuses a marker that is indented')
      if (annotation === 'envsub on') substitutes = true
      if (annotation === 'envsub off') substitutes = false
      obey(annotation, sections)
    }
  }
  return sections.finish({ name: 'goose', up: '-- +goose Up' })
}

function takeLine(line: string, sections: Sections, substitutes: boolean): void {
  if (sections.section === 'head' && !isComment(line)) sections.problem('goose refuses statements above "-- +goose Up"')
  if (substitutes && sections.section === 'up' && /\$[A-Za-z_{$]/.test(line))
    sections.problem(`goose puts in environment variables here (ENVSUB ON): write what they stood for`)
  sections.take(line)
}

function obey(annotation: string, sections: Sections): void {
  if (annotation === 'up' || annotation === 'down') sections.marker(annotation)
  else if (annotation === 'statementbegin') sections.begin()
  else if (annotation === 'statementend') sections.end()
  else {
    if (annotation === 'no transaction') sections.noTransaction = true
    else if (!annotation.startsWith('envsub ')) sections.problem(`goose has no marker "+goose ${annotation}"`)
    sections.marker()
  }
}

/** What stands before the first `_` is the version, a number from 1 on (migration.go, NumericComponent). */
export function gooseName({ path }: ToolFile): { version: string; order: readonly bigint[] } | undefined {
  const digits = /^(\d+)_.*\.sql$/.exec(baseName(path))?.[1]
  const version = digits === undefined ? 0n : BigInt(digits)
  return version < 1n ? undefined : { version: `${version}`, order: [version] }
}
