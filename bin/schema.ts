import { createInterface } from 'node:readline/promises'
import { bootstrap, diff, dump, exitCodes, newFromDiff, verifyBootstrap } from '../lib/index.ts'
import { type Call, connecting } from './call.ts'
import { differenceLines } from './differences.ts'
import { list, on, text } from './options.ts'
import { writeOut } from './write-out.ts'

/** `dump`: the schema as SQL. */
export async function dumpVerb({ flags, report }: Call): Promise<number> {
  const atHead = on(flags, 'at-head')
  const result = await dump({ ...connecting({ flags, report }), atHead, grants: on(flags, 'grants') })
  const out = text(flags, 'out')
  if (result.file !== null) report.line(`wrote ${result.file}, the schema at ${result.at}`)
  else if (out === undefined) report.data(result.sql)
  else writeOut(out, result.sql)
  if (result.file === null && out !== undefined) report.line(`wrote ${out}`)
  report.document({ ...result })
  return 0
}

/** `diff`: the differences as a tree, or as SQL; 8 where there are any. */
export async function diffVerb({ flags, report }: Call): Promise<number> {
  const sql = on(flags, 'sql')
  const result = await diff({
    ...connecting({ flags, report }),
    schema: text(flags, 'schema'),
    scratch: text(flags, 'scratch'),
    wholeChain: on(flags, 'whole-chain'),
    grants: on(flags, 'grants'),
    statements: sql,
  })
  if (sql) report.data(result.script)
  else report.findings(differenceLines(result.differences, report.paint))
  report.line(
    result.same ? `the same as ${result.against}` : `${count(result.differences.length)} from ${result.against}`,
  )
  const { changes, script: _, ...document } = result
  report.document(sql ? { ...document, sql: changes.map((change) => change.sql) } : document)
  return result.same ? 0 : exitCodes.different
}

function count(number: number): string {
  return `${number} difference${number === 1 ? '' : 's'}`
}

/** `bootstrap`: a schema from the snapshot; `--verify` compares with the whole chain. */
export async function bootstrapVerb({ flags, report }: Call): Promise<number> {
  const options = { ...connecting({ flags, report }), scratch: text(flags, 'scratch') }
  if (!on(flags, 'verify')) {
    const result = await bootstrap(options)
    report.line(
      `made the schema at ${result.at}: ${result.recorded.length} migrations recorded, ${result.applied.length} applied`,
    )
    report.document({ ...result })
    return 0
  }
  const result = await verifyBootstrap(options)
  report.findings(differenceLines(result.differences, report.paint))
  report.line(
    result.same
      ? `the snapshot at ${result.at} makes the same schema as the chain`
      : `${count(result.differences.length)}: the snapshot at ${result.at} does not make what the chain makes; write it anew with "sqlmig dump --at-head"`,
  )
  report.document({ ...result })
  return result.same ? 0 : exitCodes.different
}

/** `new --diff`: a migration that leads to the schema that is wanted. */
export async function newDiffVerb({ flags, args, report }: Call): Promise<number> {
  const result = await newFromDiff({
    ...connecting({ flags, report }),
    slug: args[0]!,
    schema: text(flags, 'schema'),
    scratch: text(flags, 'scratch'),
    renames: list(flags, 'rename'),
    ...(process.stdin.isTTY && process.stderr.isTTY && !report.json ? { ask: isRename } : {}),
  })
  const { written, changes, todos } = result
  if (!written) report.line('the schema is as it is wanted: nothing was written')
  else {
    const waiting = todos === 0 ? '' : `, of which ${todos} wait${todos === 1 ? 's' : ''} for you`
    report.line(`wrote ${written.file}: ${changes.length} statement${changes.length === 1 ? '' : 's'}${waiting}`)
  }
  report.document({ id: written?.id ?? null, file: written?.file ?? null, statements: changes.length, todos })
  return 0
}

async function isRename({ old, name }: { old: string; name: string }): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await prompt.question(`Was ${old} renamed to ${name}? [y/N] `)).trim())
  } finally {
    prompt.close()
  }
}
