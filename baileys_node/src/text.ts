/**
 * What strangers send, made fit for a frame and a row: text well-formed and bounded, identities shortened without
 * losing which is which. Nothing here throws: whatever comes in has a form in which it can be kept.
 */

import { createHash } from 'node:crypto'

/** PostgreSQL's columns for ids and addresses of WhatsApp hold this many characters. */
export const MAX_ID_CHARS = 100
/** What Python takes of a text, and of a name of whatever it be. */
export const MAX_TEXT_CHARS = 65_536
export const MAX_NAME_CHARS = 200
/** The latest instant that Python knows: the end of the year 9999. */
export const MAX_INSTANT_MS = 253_402_300_799_000

const SECOND_MS = 1_000
const PLAIN_ID = /^[\x21-\x7e]{1,100}$/
const HASHED = 'sha256:'
const NUL = /\0/g
/** In what JSON.stringify writes, an escaped surrogate is always half a pair: whole ones are written as they are. */
const ESCAPED = /\\(\\|ud[0-9a-f]{3})/g

/** `text` well-formed, without NUL, and of at most `most` code points; never cut inside one. */
export function clean(text: string, most: number): string {
  const whole = text.replace(NUL, '').toWellFormed()
  // Twice as many units hold at least `most` code points, and half a pair at their end is one too many.
  return whole.length <= most ? whole : [...whole.slice(0, most * 2)].slice(0, most).join('')
}

/**
 * An id as it may be kept. Cutting one would make two ids the same, so an id that is too long, or is not printable,
 * is kept as its hash: the same id always comes out the same.
 */
export function identity(id: string): string {
  return PLAIN_ID.test(id) ? id : hashed(id)
}

/** The hash form of an id, for whoever has another idea of what fits. */
export function hashed(id: string): string {
  // As UTF-16: in UTF-8 all lone halves would look the same.
  return HASHED + createHash('sha256').update(id, 'utf16le').digest('hex')
}

/** JSON text in which no half of a surrogate pair is left, wherever it was. */
export function wellFormedJson(json: string): string {
  if (!json.includes('\\ud')) return json
  return json.replace(ESCAPED, (escape, what: string) => (what === '\\' ? escape : '\ufffd'))
}

/** WhatsApp's seconds since 1970 in milliseconds; now, when they are missing or beyond any calendar. */
export function instant(seconds: string | undefined): number {
  const milliseconds = seconds && /^\d{1,12}$/.test(seconds) ? Number(seconds) * SECOND_MS : NaN
  return boundedInstant(milliseconds) ?? Date.now()
}

/** An instant that Python can hold, or null. */
export function boundedInstant(milliseconds: number | undefined): number | null {
  if (milliseconds === undefined || !Number.isFinite(milliseconds)) return null
  return milliseconds >= 0 && milliseconds <= MAX_INSTANT_MS ? Math.trunc(milliseconds) : null
}

/** A code of WhatsApp's as a number both sides can hold, or null. */
export function code(value: unknown): number | null {
  const found = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  return Number.isSafeInteger(found) && (found as number) >= 0 ? (found as number) : null
}
