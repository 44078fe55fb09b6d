import { createInterface } from 'node:readline'
import { dropDatabase, findUrl, parseUrl } from '../lib/index.ts'
import type { Call } from './call.ts'
import { databaseOptions, on, usage } from './options.ts'

/** `drop`: asks a person to type the database's name, unless `--yes` says that somebody has thought about it. */
export async function drop({ flags, report }: Call): Promise<number> {
  const options = databaseOptions(flags)
  if (!on(flags, 'yes')) {
    const target = parseUrl(findUrl(options).url)
    await ask(target.database, target.display)
  }
  const result = await dropDatabase(options)
  report.line(result.dropped ? `dropped ${result.database}` : `there is no ${result.database}`)
  report.document({ ...result })
  return 0
}

async function ask(name: string, display: string): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw usage('"drop" removes a database, and there is nobody to ask', 'say --yes if that is what you want')
  }
  const answer = await answerTo(`This removes ${display} with all that is in it. Type ${name} to go on: `)
  if (answer.trim() !== name) throw usage('the name was not typed; nothing was dropped', `type ${name}, or say --yes`)
}

/** What a person types; nothing where they press Ctrl-C or Ctrl-D. */
function answerTo(question: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  return new Promise((resolve) => {
    prompt.once('close', () => resolve(''))
    prompt.question(question, (answer) => {
      resolve(answer)
      prompt.close()
    })
  })
}
