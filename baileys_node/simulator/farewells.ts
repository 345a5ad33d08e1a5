/** The last word of WhatsApp for each way to be disconnected or not to be let in. */

import type { BinaryNode } from '@whiskeysockets/baileys'
import { BadRequest, type Kind } from './fields.ts'
import { node } from './stanzas.ts'

const LOWEST = 100
const HIGHEST = 999
/** The codes that end a stream; all others, also unknown ones, are failures. */
const STREAM_ERRORS = new Set([500, 503, 515, 516])

export const isCode: Kind = (value) => Number.isSafeInteger(value) && (value as number) >= LOWEST && (value as number) <= HIGHEST

/** None for 428: the line just ends. A temporary ban (402) may say how many seconds it lasts. */
export function farewellOf(code: unknown, expireSeconds?: number): BinaryNode | undefined {
  if (!isCode(code)) throw new BadRequest(`no such code: ${String(code)}`)
  if (code === 428) return undefined
  if (code === 401) return node('stream:error', { code: '401' }, [node('conflict', { type: 'device_removed' })])
  if (code === 440) return node('stream:error', {}, [node('conflict', { type: 'replaced' })])
  if (STREAM_ERRORS.has(code as number)) return node('stream:error', { code: String(code) })
  const expire = expireSeconds === undefined ? {} : { code: '101', expire: String(expireSeconds) }
  return node('failure', { reason: String(code), location: 'sim', ...expire })
}
