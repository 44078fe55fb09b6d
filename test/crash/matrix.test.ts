import t from 'tap'
import { seeded } from '../seed.ts'
import { kinds, notTested } from '../servers/databases.ts'
import { CrashMatrix, type Moment } from './matrix.ts'

const random = seeded(t)
const titles = { postgres: 'PostgreSQL', mysql: 'MySQL', mariadb: 'MariaDB', sqlite: 'SQLite' } as const

/** How many moments of each sort; all of them where SQLMIG_TEST_CRASH is set (`npm run test:crash`). */
const asked = process.env.SQLMIG_TEST_CRASH
const sample = { messages: 5, cuts: 2, delays: 3 }
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
        `${titles[kind]}: ${tried} moments (of ${matrix.messages} messages, ${matrix.pieces.server} and ${matrix.pieces.client} pieces, ${matrix.duration} ms), ${resumed} resumed in a file, ${asked} asked`,
      )
    },
  )
}

function moments({ kind, messages, pieces, duration }: CrashMatrix): readonly Moment[] {
  const kills = some(messages, sample.messages).flatMap((message) =>
    (['before', 'after'] as const).map((when) => ({ message, when })),
  )
  const cuts = (['server', 'client'] as const).flatMap((towards) =>
    some(pieces[towards], kind === 'sqlite' ? 0 : sample.cuts).flatMap((piece) =>
      (['before', 'half', 'after'] as const).map((when) => ({ cut: { piece, towards, when } })),
    ),
  )
  const delays = Array.from({ length: asked ? whole : sample.delays }, () => ({
    delay: Math.floor(random() * duration),
  }))
  return [...kills, ...cuts, ...delays]
}

/** Numbers from 1 to `last`: all of them where all is tried, else a few. */
function some(last: number, few: number): readonly number[] {
  const all = Array.from({ length: last }, (_, index) => index + 1)
  return asked ? all : all.toSorted(() => random() - 0.5).slice(0, few)
}
