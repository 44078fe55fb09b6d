import t from 'tap'
import { seeded } from '../seed.ts'
import { kinds, notTested } from '../servers/databases.ts'
import { CrashMatrix, type Moment } from './matrix.ts'

const random = seeded(t)
const titles = { postgres: 'PostgreSQL', mysql: 'MySQL', mariadb: 'MariaDB', sqlite: 'SQLite' } as const

/** How many moments of each sort; all of them where SQLMIG_TEST_CRASH is set (`npm run test:crash`). */
const asked = process.env.SQLMIG_TEST_CRASH
const sample = { messages: 5, delays: 3 }
const whole = Number(asked) || 150

kinds()
for (const kind of ['postgres', 'mysql', 'mariadb', 'sqlite'] as const) {
  const skip = notTested(kind) ?? false
  await t.test(
    `wherever a run ends, the next one leaves what an undisturbed one does (${titles[kind]})`,
    { skip },
    async (t) => {
      const matrix = new CrashMatrix(kind)
      await matrix.undisturbed(t)
      for (const moment of moments(matrix)) await matrix.point(t, moment)
      const { tried, late, resumed, asked } = matrix.figures
      t.equal(asked, 0, 'nobody has to be asked')
      t.ok(tried - late > tried / 2, `${tried} moments, ${late} of them after the end`)
      t.comment(
        `${titles[kind]}: ${tried} moments (${matrix.messages} messages, ${matrix.duration} ms), ${resumed} resumed in a file, ${asked} asked`,
      )
    },
  )
}

function moments({ kind, messages, duration }: CrashMatrix): readonly Moment[] {
  const numbers = Array.from({ length: messages }, (_, index) => index + 1)
  const hows = kind === 'sqlite' ? (['kill'] as const) : (['kill', 'cut'] as const)
  const chosen = asked ? numbers : numbers.toSorted(() => random() - 0.5).slice(0, sample.messages)
  const around = chosen.flatMap((message) =>
    hows.flatMap((how) => (['before', 'after'] as const).map((when) => ({ message, when, how }))),
  )
  const delays = Array.from({ length: asked ? whole : sample.delays }, () => ({
    delay: Math.floor(random() * duration),
  }))
  return [...around, ...delays]
}
