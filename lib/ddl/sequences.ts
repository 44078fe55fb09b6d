import type { SequenceOptions } from '../schema/table.ts'
import type { Reader } from './reader.ts'

type Collected = { -readonly [K in keyof SequenceOptions]: SequenceOptions[K] }

/** The options of a sequence, as many as come. */
export function sequenceOptions(reader: Reader): SequenceOptions {
  const options: Collected = {}
  while (sequenceOption(reader, options));
  return options
}

function sequenceOption(reader: Reader, options: Collected): boolean {
  if (reader.take('START')) {
    reader.takeOne('WITH', '=')
    options.start = whole(reader)
  } else if (reader.take('INCREMENT')) {
    reader.takeOne('BY', '=')
    options.increment = whole(reader)
  } else if (reader.take('MINVALUE')) options.minvalue = whole(reader)
  else if (reader.take('MAXVALUE')) options.maxvalue = whole(reader)
  else if (reader.take('NO', 'MINVALUE') || reader.take('NOMINVALUE')) options.nominvalue = true
  else if (reader.take('NO', 'MAXVALUE') || reader.take('NOMAXVALUE')) options.nomaxvalue = true
  else if (reader.take('CACHE')) options.cache = whole(reader)
  else if (reader.take('NO', 'CYCLE') || reader.take('NOCYCLE')) options.cycle = false
  else if (reader.take('CYCLE')) options.cycle = true
  else if (reader.take('OWNED', 'BY') || reader.take('SEQUENCE', 'NAME')) reader.path()
  else if (reader.take('RESTART')) {
    reader.take('WITH')
    if (reader.token.kind === 'number' || reader.sees('-')) whole(reader)
  } else return reader.takeOne('NOCACHE', 'LOGGED', 'UNLOGGED') !== undefined
  return true
}

/** Bounds of sequences are beyond what a number holds exactly. */
function whole(reader: Reader): number | bigint {
  reader.take('=')
  const sign = reader.take('-') ? '-' : ''
  const { kind, text } = reader.next()
  if (kind !== 'number' || !/^\d+$/.test(text)) return reader.wrong('a number')
  const value = BigInt(sign + text)
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}
