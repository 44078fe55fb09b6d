import type { Severity } from './rule.ts'

/** A file of the chain, here or at the base. */
export interface ChainFile {
  readonly name: string
  readonly id: string
  /** It is for one dialect only. */
  readonly variant: string | undefined
}

/** How a file here is to the same one elsewhere. */
export type Likeness = 'same' | 'reformatted' | 'changed'

export interface LandedQuestion {
  /** As the user calls it. */
  readonly ref: string
  readonly here: readonly ChainFile[]
  readonly base: readonly ChainFile[]
  /** How the file here is to that of the base. */
  likeness(name: string): Likeness
  /** How the file here is to the one where the branch began; undefined where there was none. `unknown` where nobody can tell. */
  atStart(name: string): Likeness | 'absent' | 'unknown'
}

export interface LandedRemark {
  readonly code: 'changed' | 'missing' | 'out-of-order' | 'reformatted' | 'behind-base'
  readonly severity: Severity
  readonly name: string
  readonly message: string
  readonly remedy: string
}

/** What has landed is neither edited nor removed, and what is new comes after it. */
export function compareWithBase(question: LandedQuestion): readonly LandedRemark[] {
  const here = new Set(question.here.map(({ name }) => name))
  const base = new Set(question.base.map(({ name }) => name))
  return [
    ...question.base.flatMap(({ name, id }) =>
      here.has(name) ? edited(name, id, question) : gone(name, id, question),
    ),
    ...question.here.filter(({ name }) => !base.has(name)).flatMap((file) => added(file, question)),
  ]
}

function edited(name: string, id: string, { ref, likeness, atStart }: LandedQuestion): readonly LandedRemark[] {
  const like = likeness(name)
  if (like === 'same') return []
  if (atStart(name) === 'same') return [behind(name, `${ref} has another text of ${name} since this branch began`, ref)]
  if (like === 'reformatted') {
    const message = `${id} has landed in ${ref}; here its comments or white space differ, its SQL does not`
    return [{ code: like, severity: 'note', name, message, remedy: `git checkout ${ref} -- ${name}` }]
  }
  return [
    {
      code: 'changed',
      severity: 'error',
      name,
      message: `${id} has landed in ${ref} and is changed here: databases that have it do not get the change`,
      remedy: 'bring the file back as it was, and put the change into a new migration',
    },
  ]
}

function gone(name: string, id: string, { ref, atStart }: LandedQuestion): readonly LandedRemark[] {
  if (atStart(name) === 'absent') return [behind(name, `${ref} has ${name} since this branch began`, ref)]
  return [
    {
      code: 'missing',
      severity: 'error',
      name,
      message: `${id} has landed in ${ref} and is not here any more`,
      remedy: 'bring the file back; what it does is undone by a new migration',
    },
  ]
}

function behind(name: string, message: string, ref: string): LandedRemark {
  return { code: 'behind-base', severity: 'note', name, message, remedy: `merge or rebase onto ${ref}` }
}

function added(file: ChainFile, { ref, base }: LandedQuestion): readonly LandedRemark[] {
  const { name, id } = file
  const landed = base.filter((other) => other.id === id)
  if (landed.length > 0) return landed.some(({ variant }) => variant === undefined) ? [overriding(name, id, ref)] : []
  const newest = base.reduce<ChainFile | undefined>((last, one) => (last && last.id > one.id ? last : one), undefined)
  if (!newest || id > newest.id) return []
  return [
    {
      code: 'out-of-order',
      severity: 'error',
      name,
      message: `${id} is new, but older than ${newest.id}, which has landed in ${ref}`,
      remedy: `give it a fresh timestamp: sqlmig rebase ${id}`,
    },
  ]
}

/** A variant takes the place of a common file that databases have. */
function overriding(name: string, id: string, ref: string): LandedRemark {
  return {
    code: 'changed',
    severity: 'error',
    name,
    message: `${id} has landed in ${ref} as a common file, and this variant would take its place`,
    remedy: 'put the change into a new migration',
  }
}
