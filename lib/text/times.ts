/** A duration for people: 12 ms, 1.4 s, 2 min 3 s, 1 h 5 min. */
export function humane(milliseconds: number): string {
  const ms = Math.round(milliseconds)
  if (ms < 1000) return `${ms} ms`
  const tenths = Math.round(ms / 100)
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return two(minutes, 'min', seconds % 60, 's')
  return two(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
}

function two(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`
}

/** An ISO time for people, in UTC as everywhere: 2025-12-01 09:00:00Z. */
export function moment(iso: string): string {
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? iso : `${time.toISOString().slice(0, 19).replace('T', ' ')}Z`
}
