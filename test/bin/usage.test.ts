import t from 'tap'
import { folder, run } from '../cli.ts'

const commands = ['up', 'status', 'current', 'history', 'new', 'check', 'show', 'script', 'accept', 'rebase']
commands.push('resolve', 'baseline', 'wait', 'create', 'drop', 'down', 'report')

t.test('every command is in the overview, and has help with an example', async (t) => {
  for (const args of [[], ['help'], ['--help'], ['-h'], ['help', 'help']]) {
    const { code, stdout, stderr } = await run(args)
    t.same([code, stderr], [0, ''], args.join(' '))
    for (const command of commands) t.match(stdout, new RegExp(`^  ${command}\\b`, 'm'))
  }
  for (const command of commands) {
    const [help, flag] = await Promise.all([run(['help', command]), run([command, '--help'])])
    t.match(help.stdout, new RegExp(`^Examples?\\n  sqlmig ${command}`, 'm'), command)
    t.same([help.code, flag.code, flag.stdout], [0, 0, help.stdout])
  }
})

t.test('--version is one line', async (t) => {
  for (const flag of ['--version', '-v']) t.match((await run([flag])).stdout, /^\d+\.\d+\.\d+\n$/)
})

t.test('a call that cannot be understood ends with 2 and says what was meant', async (t) => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['stauts', /no command "stauts"\n {2}hint: did you mean "status"\?/],
    ['help stauts', /did you mean "status"/],
    ['up --dryrun', /no flag "--dryrun"\n {2}hint: did you mean "--dry-run"\?/],
    ['status --steps 3', /"status" has no flag "--steps"/],
    ['up -x', /"up" has no flag "-x"/],
    ['--jsn', /did you mean "--json"/],
    ['--quiet', /no command is given/],
    ['up --quiet --quiet', /--quiet is given twice/],
    ['up --to', /--to needs a value/],
    ['up --to --atomic', /--to needs a value/],
    ['up --to=', /--to needs a value/],
    ['up --atomic=1', /--atomic takes no value/],
    ['up --steps -1', /whole number from 1 on, not "-1"/],
    ['up --steps 0', /whole number/],
    ['up --steps x', /whole number/],
    ['up --lock-wait soon', /--lock-wait takes a duration, not "soon"/],
    ['up now', /"now" is too much for "up"/],
    ['show', /"show" needs the id of a migration/],
    ['new add lead', /put names of several words in quotes/],
    ['resolve x', /needs --through/],
    ['check --dialect postgre', /did you mean "postgres"/],
    ['drop --database sqlite:x.db', /nobody to ask\n {2}hint: say --yes/],
    ['up', /error\[no-database\]/],
  ]
  for (const [line, expected] of cases) {
    const { code, stdout, stderr } = await run(line.split(' '), { cwd: folder() })
    t.same([code, stdout], [2, ''], line)
    t.match(stderr, expected)
  }
})

t.test('there is no way down, however it is asked for', async (t) => {
  for (const args of [['down'], ['down', '3'], ['down', '--steps', '1', '--to', 'x']]) {
    const { code, stderr } = await run(args)
    t.equal(code, 2)
    t.match(stderr, /error\[no-downgrade\].*write a new one.*backup.*half applied/s)
  }
})

t.test('a misuse is a document too', async (t) => {
  for (const line of ['up --steps x --json', '--json stauts', 'up --json --nope', 'down --json']) {
    const outcome = await run(line.split(' '))
    t.equal(outcome.code, 2, line)
    t.match(outcome.json(), { error: { code: /usage|no-downgrade/, message: String, remedy: String } })
    t.equal(outcome.stdout.trim().split('\n').length, 1)
  }
})

t.test('a password is never repeated', async (t) => {
  const url = 'postgres://app:s3cr%2Ft@127.0.0.1:1/shop'
  const lines = [[url], ['up', url], ['up', `--databse=${url}`], ['up', '--database', url, '--json'], ['help', url]]
  for (const args of lines) {
    const { stdout, stderr } = await run(args)
    t.notMatch(stdout + stderr, /s3cr/)
  }
})
