import type { Value } from './driver.ts'

/**
 * How values in text form become JavaScript's, by type OID (pg_type.dat). Everything else stays text: numeric and float8
 * beyond doubt, dates without a zone because they are no moments.
 */
export const types = {
  asText: type([114, 3802, 1082, 1114], (text) => text),
  int8: type([20], integer),
  timestamptz: type([1184], moment),
}

function type(from: number[], parse: (text: string) => Value) {
  return { to: from[0] ?? 25, from, serialize: String, parse }
}

function integer(text: string): number | bigint {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}

// Only DateStyle ISO can be read without guessing; "infinity" and years BC are no JavaScript dates.
function moment(text: string): Date | string {
  const date = /^\d{4}-\d\d-\d\d .*[^C]$/.test(text) ? new Date(text) : undefined
  return date === undefined || Number.isNaN(date.getTime()) ? text : date
}
