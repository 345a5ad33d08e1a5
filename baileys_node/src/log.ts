/**
 * JSON lines on stderr, and the only logger Baileys gets.
 * Baileys logs stanzas, jids and key material in its fields: of those only the class of an error survives.
 */

import { destination, pino, type Logger } from 'pino'
import { describe } from './errors.ts'

export type { Logger }

/** A logger as Baileys wants it. */
export interface QuietLogger {
  level: string
  child(fields: Record<string, unknown>): QuietLogger
  trace(fields: unknown, message?: string): void
  debug(fields: unknown, message?: string): void
  info(fields: unknown, message?: string): void
  warn(fields: unknown, message?: string): void
  error(fields: unknown, message?: string): void
}

const STDERR = 2
/** Baileys calls every end an error, the restart after pairing too; the session tells its own end. */
const EXPECTED = 'stream errored out'
const LONG_NUMBER = /\d{5,}(?=\d{2})/g

export function makeLog(level: string): Logger {
  return pino(
    { level, base: null, formatters: { level: (label) => ({ level: label }) } },
    destination({ dest: STDERR, sync: true }),
  )
}

/** Hides all but the last two digits of anything as long as a phone or a LID. */
export function mask(text: string): string {
  return text.replace(LONG_NUMBER, '…')
}

export function forBaileys(log: Logger): QuietLogger {
  const ignore = (): void => {}
  const quiet: QuietLogger = {
    level: 'warn',
    child: () => quiet,
    trace: ignore,
    debug: ignore,
    info: ignore,
    warn: (fields, message) => log.debug(...line(fields, message)),
    error: (fields, message) => log[message === EXPECTED ? 'debug' : 'warn'](...line(fields, message)),
  }
  return quiet
}

function line(fields: unknown, message?: string): [object, string] {
  const text = message ?? (typeof fields === 'string' ? fields : '')
  return [{ from: 'baileys', ...errorIn(fields) }, mask(text)]
}

function errorIn(fields: unknown): object {
  if (typeof fields !== 'object' || fields === null) return {}
  const { err, error } = fields as { err?: unknown; error?: unknown }
  const found = err ?? error
  return found instanceof Error ? describe(found) : {}
}
