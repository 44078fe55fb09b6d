import type { SqlalchemyVersion } from '../schema/target.ts'

export interface SourceText {
  readonly path: string
  readonly text: string
}

/** Files in which an application says which SQLAlchemy it is written for; what a lock names is sure. */
export const requirementFiles =
  /(?:^|\/)(?:poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|requirements[\w.-]*\.(?:txt|in)|pyproject\.toml|Pipfile|setup\.(?:cfg|py))$/
const locks = /\.lock$/

/**
 * The SQLAlchemy that an application's source asks for; undefined where it does not say, or says several things.
 * The file that stands highest in the source decides, a lock before what it was made from.
 */
export function sqlalchemyOf(files: readonly SourceText[]): SqlalchemyVersion | undefined {
  const depth = ({ path }: SourceText) => path.split('/').length
  const rank = (file: SourceText) => depth(file) * 2 + (locks.test(file.path) ? 0 : 1)
  const told = files.flatMap((file) => {
    const version = locks.test(file.path) ? locked(file.text) : required(file.text)
    return version ? [{ version, rank: rank(file) }] : []
  })
  const first = Math.min(...told.map((one) => one.rank))
  const versions = new Set(told.filter((one) => one.rank === first).map(({ version }) => version))
  return versions.size === 1 ? [...versions][0] : undefined
}

function locked(text: string): SqlalchemyVersion | undefined {
  const toml = /^name\s*=\s*"sqlalchemy"\s*\n(?:[^[\n]*\n)*?version\s*=\s*"(\d+)\.(\d+)/im.exec(text)
  const json = /"sqlalchemy"\s*:\s*\{[^{}]*?"version"\s*:\s*"==\s*(\d+)\.(\d+)/i.exec(text)
  const found = toml ?? json
  return found ? versionOf(found[1]!, found[2]!) : undefined
}

/** `SQLAlchemy[asyncio]~=2.0.1`, `"sqlalchemy>=1.4,<2.0"`, `sqlalchemy = "^2.0"`; a lower bound alone says nothing below 2. */
function required(text: string): SqlalchemyVersion | undefined {
  const versions = [
    ...text.matchAll(
      /(?:^|["'\s,[])sqlalchemy(?:\[[^\]\n]*\])?\s*(?:=\s*\{[^}\n]*version\s*)?(?:=\s*)?["']?\s*((?:[\^~=<>!]|==)+\s*v?\d[^"'\n;#]*|\d+\.\d[\d.*]*)/gim,
    ),
  ].map(([, range]) => inRange(range!))
  const known = new Set(versions)
  return known.size === 1 ? [...known][0] : undefined
}

function inRange(range: string): SqlalchemyVersion | undefined {
  const parts = [...range.matchAll(/([\^~=<>!]*)\s*v?(\d+)(?:\.(\d+|\*))?[\w.*]*/g)].map(([, sign, major, minor]) => ({
    sign: sign!,
    version: versionOf(major!, minor ?? '0'),
    isTwo: Number(major) === 2 && Number(minor ?? '0') === 0,
  }))
  const exact = parts.find(({ sign }) => ['', '=', '==', '===', '~=', '~', '^'].includes(sign))
  if (exact) return exact.version
  const upper = parts.find(({ sign, isTwo }) => sign === '<' && isTwo)
  if (upper) return parts.some(({ sign, version }) => sign.startsWith('>') && version === '1.4') ? '1.4' : undefined
  return parts.some(({ sign, version }) => sign.startsWith('>') && version === '2.0') ? '2.0' : undefined
}

function versionOf(major: string, minor: string): SqlalchemyVersion {
  if (Number(major) >= 2) return '2.0'
  return Number(minor) >= 4 ? '1.4' : '1.3'
}
