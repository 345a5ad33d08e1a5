/** What the admin API takes: a request with a field that is not known, or not of its kind, is refused. */

export type Json = Record<string, unknown>

/** Says whether a value is of a kind. */
export type Kind = (value: unknown) => boolean

export class BadRequest extends Error {}

const MAX_COUNT = 1_000_000
const MAX_INSTANT = 99_999_999_999
const MAX_MILLISECONDS = 600_000
const NUMBER = /^[1-9]\d{7,14}$/

export const isText: Kind = (value) => typeof value === 'string' && value !== ''
export const isFlag: Kind = (value) => typeof value === 'boolean'
export const isCount: Kind = (value) => isWhole(value, MAX_COUNT)
export const isMilliseconds: Kind = (value) => isWhole(value, MAX_MILLISECONDS)
/** Bytes of a file that is only spoken of. */
export const isSize: Kind = (value) => isWhole(value, Number.MAX_SAFE_INTEGER)
export const isNumber: Kind = (value) => typeof value === 'string' && NUMBER.test(value)

/** Seconds since 1970; 0 is never. */
export const isInstant: Kind = (value) => isWhole(value, MAX_INSTANT)
export const isChance: Kind = (value) => typeof value === 'number' && value >= 0 && value <= 1

/** A kind: one of these words. */
export function isOneOf(...words: string[]): Kind {
  return (value) => typeof value === 'string' && words.includes(value)
}

/** A kind: a list, not empty, of such. */
export function isListOf(kind: Kind): Kind {
  return (value) => Array.isArray(value) && value.length > 0 && value.every((one) => kind(one))
}

function isWhole(value: unknown, most: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most
}

/** Refuses all but these fields, each of its kind; every one of them may be absent but the `needed`. */
export function check(value: unknown, fields: Record<string, Kind>, needed: string[] = []): asserts value is Json {
  const body = object(value)
  for (const [name, field] of Object.entries(body)) {
    const kind = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (!kind?.(field)) throw new BadRequest(`${name} is not known, or not of its kind`)
  }
  for (const name of needed) if (body[name] === undefined) throw new BadRequest(`${name} is missing`)
}

/** A kind: an object of these fields. */
export function isObject(fields: Record<string, Kind>, needed: string[]): Kind {
  return (value) => {
    check(value, fields, needed)
    return true
  }
}

export function object(value: unknown): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
  throw new BadRequest('not a JSON object')
}

export function text(body: Json, name: string): string {
  const value = body[name]
  if (!isText(value)) throw new BadRequest(`${name} must be a text`)
  return value as string
}
