/** Reads the arguments of Python's orders. Each function throws OperationError `bad_request` on anything unexpected. */

import { OperationError } from './errors.ts'
import type { Json } from './frames.ts'
import type { SendOrder } from './sender.ts'

const PHONE = /^\d{8,15}$/
const JID = /^\d{5,20}@(s\.whatsapp\.net|lid)$/
const MESSAGE_ID = /^[0-9A-Za-z.-]{8,64}$/
const LID = /^\d{5,20}@lid$/
const MAX_TEXT_CHARS = 65_536
const MAX_TYPING_MS = 30_000
const MAX_CANDIDATES = 2

export function readOpen({ creds }: Json): string | null {
  if (creds === null || typeof creds === 'string') return creds
  throw refused('creds')
}

export function readClose({ logout }: Json): boolean {
  if (typeof logout === 'boolean') return logout
  throw refused('logout')
}

export function readPhone({ phone }: Json): string {
  return matching(phone, PHONE, 'phone')
}

export function readCandidates({ candidates }: Json): string[] {
  if (!Array.isArray(candidates) || candidates.length < 1 || candidates.length > MAX_CANDIDATES) throw refused('candidates')
  return candidates.map((candidate: unknown) => matching(candidate, PHONE, 'candidates'))
}

export function readSend({ message_id: messageId, jid, lid, text, typing_ms: typingMs }: Json): SendOrder {
  if (typeof text !== 'string' || text.length < 1 || text.length > MAX_TEXT_CHARS || !text.isWellFormed()) throw refused('text')
  if (!Number.isSafeInteger(typingMs) || (typingMs as number) < 0 || (typingMs as number) > MAX_TYPING_MS) {
    throw refused('typing_ms')
  }
  return {
    messageId: matching(messageId, MESSAGE_ID, 'message_id'),
    jid: matching(jid, JID, 'jid'),
    lid: lid === null || lid === undefined ? null : matching(lid, LID, 'lid'),
    text,
    typingMs: typingMs as number,
  }
}

function matching(value: unknown, pattern: RegExp, field: string): string {
  if (typeof value === 'string' && pattern.test(value)) return value
  throw refused(field)
}

function refused(field: string): OperationError {
  return new OperationError('bad_request', `${field} is not usable`)
}
