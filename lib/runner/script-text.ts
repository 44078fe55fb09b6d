import { randomBytes } from 'node:crypto'
import type { Flag, Stop } from '../dialects/client.ts'
import type { Lexis } from '../text/lexis.ts'
import type { Statement } from '../text/split.ts'
import { type Guard, guardsOf } from './guards.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'
import { notConditional } from './script-refusals.ts'

/** What is always so. */
const yes = '1 = 1'

/** The text of a script as it grows. */
export class ScriptText {
  private readonly run: Run
  private readonly parts: string[] = []
  private readonly token = randomBytes(8).toString('hex')
  private prepared = false

  constructor(run: Run) {
    this.run = run
  }

  toString(): string {
    return `${this.parts.join('\n')}\n`
  }

  lines(lines: readonly string[]): void {
    this.parts.push(...lines)
  }

  sql(...statements: readonly string[]): void {
    for (const sql of statements) this.parts.push(this.run.dialect.client.statement(sql))
  }

  say(words: string): void {
    this.parts.push(this.run.dialect.client.say(words))
  }

  stop(stop: Stop): void {
    this.sql(...this.run.dialect.client.stop(stop))
  }

  /** Sets what a migration before has left set back to what sqlmig's own session has. */
  restore(): void {
    this.sql(...this.run.facts.restore, ...this.run.dialect.client.session)
  }

  /** The flag that the last `when` left, for a migration that goes on in the middle. */
  flag(held: boolean | undefined): void {
    if (held !== undefined) this.set('held', held ? yes : `NOT ${yes}`, undefined, this.run.lexis)
  }

  /** Asks a statement's guards; gives the flag under which it runs, if any. */
  guards(step: PlanStep, statement: Statement, lexis: Lexis): Flag | undefined {
    let under: Flag | undefined
    for (const guard of guardsOf(statement)) {
      if (guard.name === 'expect') this.expect(step, statement, guard, { under, lexis })
      else {
        const before = guard.above ? 'held' : under
        if (guard.facts.length === 0 && before === undefined) this.set('held', yes, undefined, lexis)
        this.ask('held', guard, before, lexis)
        under = 'held'
      }
    }
    return under
  }

  /** Each fact is asked only where those before it hold: it may name what they say is there. */
  private ask(flag: Flag, guard: Guard, before: Flag | undefined, lexis: Lexis): void {
    let only = before
    for (const fact of guard.facts) {
      const exists = `EXISTS (${this.run.dialect.factQuery(fact)})`
      this.set(flag, fact.exists ? exists : `NOT ${exists}`, only, lexis)
      only = flag
    }
  }

  private expect(
    step: PlanStep,
    statement: Statement,
    guard: Guard,
    { under, lexis }: { readonly under: Flag | undefined; readonly lexis: Lexis },
  ): void {
    const { client } = this.run.dialect
    const { value } = client.conditions
    this.set('met', under === undefined ? yes : `${value(under)} = 1`, undefined, lexis)
    this.ask('met', guard, 'met', lexis)
    const asked = under === undefined ? '' : ` AND ${value(under)} = 1`
    this.set('unmet', `${value('met')} = 0${asked}`, undefined, lexis)
    const { id, path } = step.file
    const stop = {
      where: yes,
      why: `statement ${statement.ordinal} of ${id} expects what is not so: ${guard.text}`,
      remedy: `see to it in the database, or correct line ${guard.place.line} of ${path}; then have a new script made`,
    }
    for (const text of client.stop(stop)) this.conditional('unmet', { text, words: firstWords(text) }, lexis)
  }

  /** A statement of a file. */
  statement(step: PlanStep, statement: Statement, lexis: Lexis, under: Flag | undefined): void {
    const { dialect, table } = this.run
    const text = dialect.prepared(statement, table)
    this.heading(step, statement)
    if (under === undefined) {
      const data = statement.data ? `\n${[...statement.data].join('')}\\.` : ''
      this.parts.push(dialect.client.verbatim(text, lexis) + data)
      return
    }
    // what looks like a quote in the data would keep psql from seeing where a branch that is not taken ends
    if (statement.data) throw notConditional(step, statement, dialect.client.program, 'COPY with data')
    if (!this.conditional(under, { text, words: statement.words }, lexis))
      throw notConditional(
        step,
        statement,
        dialect.client.program,
        `${statement.words.slice(0, 2).join(' ').toUpperCase()} …`,
      )
  }

  /** For whoever reads the script; among thousands it would help nobody. */
  private heading({ file }: PlanStep, { ordinal, place }: Statement): void {
    if (file.statements <= 1000)
      this.parts.push(`-- ${file.id}, statement ${ordinal} of ${file.statements}, line ${place.line}`)
  }

  /** A statement of ours under a flag. */
  under(flag: Flag | undefined, text: string, lexis: Lexis): void {
    if (flag === undefined) this.sql(text)
    else this.conditional(flag, { text, words: firstWords(text) }, lexis)
  }

  private conditional(flag: Flag, statement: Pick<Statement, 'text' | 'words'>, lexis: Lexis): boolean {
    this.prepare(lexis)
    const { conditions } = this.run.dialect.client
    const text = conditions.only(flag, statement, this.about(lexis))
    if (text !== undefined) this.parts.push(text)
    return text !== undefined
  }

  private set(flag: Flag, condition: string, only: Flag | undefined, lexis: Lexis): void {
    if (only !== undefined) this.prepare(lexis)
    this.parts.push(this.run.dialect.client.conditions.set(flag, condition, only, this.about(lexis)))
  }

  private prepare(lexis: Lexis): void {
    if (this.prepared) return
    this.prepared = true
    const text = this.run.dialect.client.conditions.prepare(this.about(lexis))
    if (text !== '') this.parts.push(text)
  }

  private about(lexis: Lexis) {
    return { token: this.token, version: this.run.facts.version, lexis }
  }
}

function firstWords(text: string): readonly string[] {
  return (text.match(/\w+/g) ?? []).slice(0, 3).map((word) => word.toLowerCase())
}
